"""Beside the reply itself: notes, drafts, canned replies, files, messages for later, who else is here, resume card."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, empty, json

from console.inbox.moments import moment_of
from console.inbox.replies import reply_of, sent_or_asked
from console.media.bodies import read_body
from console.media.storing import media_storage, not_now
from console.permissions import needs
from console.render import page
from console.security import form_text, staff_only
from console.wiring import in_thread, wiring
from ramah.desk.canned import Canned, offered
from ramah.desk.learned import learned
from ramah.desk.notes import write_note
from ramah.desk.reply_drafts import keep_draft
from ramah.desk.scheduling import Later, cancel, schedule
from ramah.desk.templates import write_template
from ramah.desk.watching import Doing, note_doing
from ramah.desk.writing import write_reply
from ramah.integrations.storage import StorageError
from ramah.lib.errors import BadInput
from ramah.messaging.media.outgoing import outgoing_file
from ramah.messaging.media.proof import FileRefused
from ramah.messaging.media.uploads import Upload, store_upload
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.store import Database

blueprint = Blueprint("composing", url_prefix="/console/conversations/<conversation_id:str>")
Who = tuple[str, str, str]
TOO_LARGE = "too_large"


def _who(request: Request, conversation_id: str) -> tuple[Database, Who]:
    login: Login = request.ctx.login
    return wiring(request).database, (login.organisation_id, conversation_id, login.staff_id)


@blueprint.post("/messages")
@staff_only
async def write(request: Request, conversation_id: str) -> HTTPResponse:
    """Send a message as this person. 409 with ``ask`` when a colleague answered after ``seen``: the page asks, and
    sends again with ``anyway``."""
    database, login = wiring(request).database, request.ctx.login
    who = (login.organisation_id, conversation_id, login.staff_id)
    reply, send_key = reply_of(request), form_text(request, "send_key")[:60]
    return await sent_or_asked(request, lambda: write_reply(database, *who, reply, send_key))


@blueprint.post("/template")
@staff_only
async def send_template(request: Request, conversation_id: str) -> HTTPResponse:
    """Send a template into a closed window: ``name``, ``send_key`` and ``value-<n>`` for each field."""
    database, login = wiring(request).database, request.ctx.login
    form: dict[str, Any] = request.form or {}
    numbers = [field.removeprefix("value-") for field in form if field.startswith("value-")]
    values = {int(number): form_text(request, f"value-{number}") for number in numbers if number.isdecimal()}
    name, send_key = form_text(request, "name"), form_text(request, "send_key")[:60]
    who = (login.organisation_id, conversation_id, login.staff_id)
    await in_thread(lambda: write_template(database, *who, name, values, send_key))
    return empty()


@blueprint.post("/notes")
@needs(Permission.ANSWER)
async def note(request: Request, conversation_id: str) -> HTTPResponse:
    """Write an internal note, once per ``send_key``."""
    database, who = _who(request, conversation_id)
    text, key = form_text(request, "text"), form_text(request, "send_key")[:60]
    await in_thread(lambda: write_note(database, *who, text, key))
    return empty()


@blueprint.post("/draft")
@needs(Permission.ANSWER)
async def draft(request: Request, conversation_id: str) -> HTTPResponse:
    """Keep what is in the box."""
    database, who = _who(request, conversation_id)
    text = form_text(request, "text")
    await in_thread(lambda: keep_draft(database, *who, text))
    return empty()


@blueprint.post("/presence")
@needs(Permission.ANSWER)
async def presence(request: Request, conversation_id: str) -> HTTPResponse:
    """Note what this person does here (``doing``); answers which colleagues read and write the same conversation."""
    database, who = _who(request, conversation_id)
    given = form_text(request, "doing")
    if given not in set(Doing):
        raise BadInput("reading, writing or gone")
    others = await in_thread(lambda: note_doing(database, *who, Doing(given)))
    return json({"others": [{"name": o.name, "writing": o.writing, "seconds": o.seconds} for o in others]})


@blueprint.get("/canned")
@needs(Permission.ANSWER)
async def canned(request: Request, conversation_id: str) -> HTTPResponse:
    """The canned replies for this conversation, filled in."""
    database, who = _who(request, conversation_id)

    def read() -> list[Canned]:
        with database.tenant_reading(who[0]) as session:
            return offered(session, conversation_id, who[2])

    replies = await in_thread(read)
    shown = [{"shortcut": one.shortcut, "text": one.text, "unfilled": list(one.unfilled)} for one in replies]
    return json({"replies": shown})


@blueprint.post("/scheduled")
@needs(Permission.ANSWER)
async def plan(request: Request, conversation_id: str) -> HTTPResponse:
    """Send ``text`` at ``at``; with ``unless_answered`` not when the customer writes before."""
    database, who = _who(request, conversation_id)
    at = moment_of(form_text(request, "at"), request.ctx.login.timezone)
    later = Later(at, form_text(request, "unless_answered") == "yes")
    text, key = form_text(request, "text"), form_text(request, "send_key")[:60]
    await in_thread(lambda: schedule(database, *who, text, key, later))
    return empty()


@blueprint.post("/scheduled/<message_id:str>/cancel")
@needs(Permission.ANSWER)
async def cancel_planned(request: Request, conversation_id: str, message_id: str) -> HTTPResponse:
    """Do not send it."""
    database, who = _who(request, conversation_id)
    await in_thread(lambda: cancel(database, *who, message_id))
    return empty()


@blueprint.get("/resume-card")
@needs(Permission.ANSWER)
async def resume_card(request: Request, conversation_id: str) -> HTTPResponse:
    """What was learned since a person took over, to be ticked before the bot goes on."""
    database, who = _who(request, conversation_id)
    facts = await in_thread(lambda: learned(database, who[0], conversation_id))
    return await page(request, "inbox/resume.html", facts=facts, conversation_id=conversation_id)


@needs(Permission.ANSWER)
async def send_file(request: Request, conversation_id: str) -> HTTPResponse:
    """Send one file (``file``) with the text under it. 413 and 415 as for visitors."""
    database, who = _who(request, conversation_id)
    most = wiring(request).config.media_limit
    request.body = await read_body(request, most)
    given = request.files.get("file") if request.files else None
    if given is None:
        raise BadInput("there is no file in it")
    upload = Upload(given.body, given.name, most)

    def send() -> None:
        media_id = _stored(request, database, who, upload)
        reply = reply_of(request, outgoing_file(database, who[0], media_id))
        write_reply(database, *who, reply, form_text(request, "send_key")[:60])

    return await sent_or_asked(request, send)


def _stored(request: Request, database: Database, who: Who, upload: Upload) -> str:
    try:
        return store_upload(database, media_storage(request), who[0], who[1], upload)
    except FileRefused as error:
        status = 413 if error.code == TOO_LARGE else 415
        raise SanicException(f"{str(error)[:1].upper()}{str(error)[1:]}.", status_code=status, quiet=True) from error
    except StorageError as error:
        raise not_now(error) from error


blueprint.add_route(send_file, "/files", methods=["POST"], stream=True)  # type: ignore[arg-type]  # its stub wants a coroutine
