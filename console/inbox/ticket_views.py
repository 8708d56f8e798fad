"""What operators do with a ticket, from the panel beside the thread."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty

from console.permissions import may
from console.security import form_text, staff_only
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput, NotFound
from ramah.people.roles import Permission
from ramah.people.sessions import Login
from ramah.support.models import TicketStatus
from ramah.support.tickets import find_ticket
from ramah.support.working import Worker, move_ticket, note_on_ticket, take_ticket

blueprint = Blueprint("tickets", url_prefix="/console/conversations/<conversation_id:str>/tickets/<reference:str>")


@blueprint.post("/take")
@staff_only
async def take(request: Request, conversation_id: str, reference: str) -> HTTPResponse:
    """Assign it to oneself; 409 where a colleague has it."""
    database, login = wiring(request).database, await _login(request, conversation_id, reference)
    await in_thread(lambda: take_ticket(database, login.organisation_id, reference, _worker(login)))
    return empty()


@blueprint.post("/status")
@staff_only
async def move(request: Request, conversation_id: str, reference: str) -> HTTPResponse:
    """Set the status; the customer hears of what concerns them."""
    database, login = wiring(request).database, await _login(request, conversation_id, reference)
    status = _status(form_text(request, "status"))
    await in_thread(lambda: move_ticket(database, login.organisation_id, reference, _worker(login), status))
    return empty()


@blueprint.post("/notes")
@staff_only
async def note(request: Request, conversation_id: str, reference: str) -> HTTPResponse:
    """Write a note among colleagues, once per ``send_key``."""
    database, login = wiring(request).database, await _login(request, conversation_id, reference)
    text, key = form_text(request, "text"), form_text(request, "send_key")[:20]
    own_key = f"{login.staff_id}-{key}"[:60]
    await in_thread(lambda: note_on_ticket(database, login.organisation_id, reference, _worker(login), text, own_key))
    return empty()


async def _login(request: Request, conversation_id: str, reference: str) -> Login:
    """Who asks. Raises NotFound unless the ticket is one of this conversation in their organisation."""
    login: Login = request.ctx.login
    database = wiring(request).database
    found = await in_thread(lambda: find_ticket(database, login.organisation_id, conversation_id, reference))
    if found is None:
        raise NotFound(mark("There is no such ticket."))
    return login


def _worker(login: Login) -> Worker:
    return Worker(login.staff_id, may_take_from_others=may(login, Permission.MANAGE_QUEUE))


def _status(given: str) -> TicketStatus:
    if given not in set(TicketStatus):
        raise BadInput(mark("This status does not exist; load the page again."))
    return TicketStatus(given)
