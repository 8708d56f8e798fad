"""The page of one turn; in the inbox it opens over the thread."""

from __future__ import annotations

import structlog
from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.permissions import may, needs
from console.render import page
from console.translations import mark
from console.why import presenters
from console.why.comparing import compared
from console.wiring import in_thread, wiring
from ramah.messaging.engine_client import EngineClient, EngineError, Replayed
from ramah.messaging.story import story_until
from ramah.messaging.why import Turn, read_turn
from ramah.people.roles import Permission
from ramah.people.sessions import Login

log = structlog.get_logger()
UNHEARD = mark(
    "The dialogue never heard this message: a person answered, or the bot was not asked. There is nothing to replay."
)
NO_ENGINE = mark("The engine does not answer right now. Please try again in a moment.")
FAILS = mark("Today this turn fails.")
blueprint = Blueprint("why", url_prefix="/console/why")


@blueprint.get("/<inbound_id:int>")
@needs(Permission.SEE_WHY)
async def show_why(request: Request, inbound_id: int) -> HTTPResponse:
    """Everything that is known of the turn in which a message was answered."""
    login, database = _login(request), wiring(request).database

    def read() -> tuple[Turn, str]:
        with database.tenant_reading(login.organisation_id) as session:
            turn = read_turn(session, inbound_id)
            name = f"Message {turn.inbound.id}, {turn.inbound.received_at:%Y-%m-%d}"
            return turn, story_until(session, turn.inbound.conversation_id, turn.inbound.id, name)

    turn, story = await in_thread(read)
    over_the_thread = request.headers.get("hx-request") == "true"
    return await page(
        request,
        "why/_turn.html" if over_the_thread else "why/page.html",
        title=mark("Why did it say that?"),
        turn=presenters.turn(turn),
        story=story,
        sees_incidents=may(login, Permission.SEE_INCIDENTS),
    )


@blueprint.post("/<inbound_id:int>/replay")
@needs(Permission.SEE_WHY)
async def replay(request: Request, inbound_id: int) -> HTTPResponse:
    """The same turn by today's model and code, beside what it was then. Nothing is sent, stored or booked."""
    login, wired = _login(request), wiring(request)
    database, config = wired.database, wired.config

    def run() -> tuple[Turn, Replayed]:
        with database.tenant_reading(login.organisation_id) as session:
            turn = read_turn(session, inbound_id)
        engine = EngineClient(config)
        try:
            return turn, engine.replay(turn.inbound.conversation_id, str(turn.inbound.id), turn.failed())
        finally:
            engine.close()

    try:
        then, now = await in_thread(run)
    except EngineError as error:
        log.info("replay_failed", kind=error.kind, operation=error.operation)
        return await page(request, "why/_replay.html", problem=_problem(error), place=error.place, compared=None)
    return await page(request, "why/_replay.html", problem=None, place="", compared=compared(then, now))


def _problem(error: EngineError) -> str:
    if error.kind == "bad_request":
        return UNHEARD
    return NO_ENGINE if error.is_down or error.kind in ("timeout", "garbled") else FAILS


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by needs
    return login
