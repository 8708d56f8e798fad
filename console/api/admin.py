"""What administrators read and change by program: ``/api/admin/*``."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.api.bodies import answer, read_body
from console.api.describing import Description, described
from console.api.people import (
    AuditAnswer,
    AuditAnswerLine,
    ChangeBody,
    ColleagueAnswer,
    ContactAnswer,
    ContactsAnswer,
    ConversationAnswer,
    ConversationsAnswer,
    InviteBody,
    StaffAnswer,
)
from console.audit.asking import sought_in
from console.inbox.views import Asked
from console.permissions import for_programs, needs
from console.wiring import in_thread, wiring
from ramah.desk.inbox_list import ListItem, Page, list_page
from ramah.desk.leaving_staff import activate, deactivate
from ramah.desk.list_filters import FILTERS
from ramah.people import Contact, staff
from ramah.people.audit import AuditLine, audit_page
from ramah.people.contact_list import contact_page
from ramah.people.models import Organisation
from ramah.people.roles import Permission
from ramah.people.scopes import Scope
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("api_admin", url_prefix="/api/admin")
READING = (401, 403)
CHANGING = (400, 401, 403, 404, 409, 415)


@blueprint.get("/staff")
@for_programs
@needs(Permission.MANAGE_STAFF)
@described(Description("The staff", "admin", {200: StaffAnswer}, problems=READING))
async def list_staff(request: Request) -> HTTPResponse:
    """Everybody who works here."""
    login, database = _login(request), wiring(request).database
    people = await in_thread(lambda: staff.colleagues(database, login.organisation_id))
    return answer(StaffAnswer(staff=[_colleague(one) for one in people]))


@blueprint.post("/staff")
@for_programs
@needs(Permission.MANAGE_STAFF)
@described(Description("Invite somebody", "admin", {201: ColleagueAnswer}, InviteBody, problems=CHANGING))
async def invite(request: Request) -> HTTPResponse:
    """The link goes out by mail; it is not told here."""
    login, database, key = _login(request), wiring(request).database, wiring(request).config.encryption_key
    body = read_body(request, InviteBody)
    scope = Scope(body.limited, tuple(body.fid), tuple(body.oid)) if body.limited else Scope()
    who = staff.NewColleague(body.name, body.email, tuple(body.roles), body.language, scope)
    made, _ = await in_thread(lambda: staff.invite(database, login.organisation_id, login.staff_id, who, key))
    found = await in_thread(lambda: staff.colleague(database, login.organisation_id, made))
    return answer(_colleague(found), 201)


@blueprint.patch("/staff/<staff_id:str>")
@for_programs
@needs(Permission.MANAGE_STAFF)
@described(Description("Change somebody", "admin", {200: ColleagueAnswer}, ChangeBody, problems=CHANGING))
async def change(request: Request, staff_id: str) -> HTTPResponse:
    """Roles, outlets, whether they work here."""
    login, database, body = _login(request), wiring(request).database, read_body(request, ChangeBody)
    found = await in_thread(lambda: _change(database, login, staff_id, body))
    return answer(_colleague(found))


@blueprint.get("/users")
@for_programs
@needs(Permission.MANAGE_CONTACTS)
@described(
    Description(
        "Customers",
        "admin",
        {200: ContactsAnswer},
        query={"q": "Part of name or number.", "after": "``next``."},
        problems=READING,
    )
)
async def list_users(request: Request) -> HTTPResponse:
    """A page of customers, within the outlets of whoever asks."""
    login, database = _login(request), wiring(request).database
    search, after = request.args.get("q", "")[:100], request.args.get("after", "")[:36]

    def read() -> tuple[list[Contact], str | None]:
        with database.tenant_reading(login.organisation_id) as session:
            return contact_page(session, search, after)

    found, following = await in_thread(read)
    return answer(ContactsAnswer(users=[_contact(one) for one in found], next=following))


@blueprint.get("/conversations")
@for_programs
@needs(Permission.ANSWER)
@described(
    Description(
        "Conversations",
        "admin",
        {200: ConversationsAnswer},
        query={
            "filter": ", ".join(FILTERS),
            "q": "Part of name, number or text.",
            "before": "``next``.",
        },
        problems=READING,
    )
)
async def list_conversations(request: Request) -> HTTPResponse:
    """A page of the inbox's list."""
    login, database, asked = _login(request), wiring(request).database, Asked.of(request)

    def read() -> Page:
        with database.tenant_reading(login.organisation_id) as session:
            return list_page(session, login.staff_id, asked.wanted, asked.before)

    found = await in_thread(read)
    return answer(
        ConversationsAnswer(conversations=[_conversation(one) for one in found.items], next=found.next_before)
    )


@blueprint.get("/audit")
@for_programs
@needs(Permission.SEE_AUDIT)
@described(
    Description(
        "The audit log",
        "admin",
        {200: AuditAnswer},
        query={
            "who": "Id of a person.",
            "what": "Beginning of an action's name.",
            "since": "First day.",
            "until": "Last day.",
            "before": "``next``.",
        },
        problems=(400, *READING),
    )
)
async def list_audit(request: Request) -> HTTPResponse:
    """A page, the latest first."""
    login, database = _login(request), wiring(request).database

    def read() -> tuple[list[AuditLine], int | None]:
        with database.tenant_reading(login.organisation_id) as session:
            zone = session.get_one(Organisation, login.organisation_id).timezone
            return audit_page(session, sought_in(request, zone))

    lines, following = await in_thread(read)
    return answer(AuditAnswer(entries=[_line(one) for one in lines], next=following))


def _change(database: Database, login: Login, staff_id: str, body: ChangeBody) -> staff.Colleague:
    who = (login.organisation_id, login.staff_id, staff_id)
    now = staff.colleague(database, login.organisation_id, staff_id)
    if body.roles is not None or body.limited is not None:
        chosen = Scope(body.limited, tuple(body.fid), tuple(body.oid)) if body.limited is not None else now.scope
        staff.change(database, *who, body.roles if body.roles is not None else now.roles, chosen)
    if body.active is not None:
        (activate if body.active else deactivate)(database, *who)
    return staff.colleague(database, login.organisation_id, staff_id)


def _colleague(one: staff.Colleague) -> ColleagueAnswer:
    return ColleagueAnswer(
        id=one.id,
        name=one.name,
        email=one.email,
        roles=list(one.roles),
        language=one.language,
        active=one.active,
        joined=one.joined,
        second_factor=one.second_factor,
        limited=one.scope.limited,
        fid=list(one.scope.franchises),
        oid=list(one.scope.outlets),
        invited_until=one.invited_until,
    )


def _contact(one: Contact) -> ContactAnswer:
    return ContactAnswer(**{name: getattr(one, name) for name in ContactAnswer.model_fields})


def _conversation(one: ListItem) -> ConversationAnswer:
    row, who = one.conversation, one.contact
    name = " ".join(part for part in (who.first_name, who.last_name) if part)
    return ConversationAnswer(
        id=row.id,
        contact=name or who.profile_name or who.phone or row.recipient,
        channel=one.channel,
        account=one.account,
        status=row.handled_by,
        outlet=row.outlet,
        assigned_to=one.assigned,
        unread=row.unread,
        preview=row.preview,
        last_activity_at=row.last_activity_at,
    )


def _line(one: AuditLine) -> AuditAnswerLine:
    shown = {name: getattr(one.entry, name) for name in AuditAnswerLine.model_fields if name != "who"}
    return AuditAnswerLine(who=one.who, **shown)


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
