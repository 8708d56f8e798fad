"""The system page for administrators. It shows what was last heard, and says when that was."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from console.permissions import needs
from console.render import language_of, page
from console.system import presenters
from console.system.looking import System, look
from console.translations import mark, translator
from console.wiring import in_thread, wiring
from ramah.people.roles import Permission

blueprint = Blueprint("system")
NO_ANSWER = mark(
    "The database does not answer, so that nothing is known of the other processes. Messages wait until it does."
)


@blueprint.get("/console/system")
@needs(Permission.MANAGE_SETTINGS)
async def show_system(request: Request) -> HTTPResponse:
    """Processes, the engine, what waits and what failed; read again every ten seconds."""
    shared, organisation_id = wiring(request), request.ctx.login.organisation_id
    try:
        system: System | None = await in_thread(lambda: look(shared.database, shared.config, organisation_id))
    except SQLAlchemyError:
        system = None
    say = translator(language_of(request))
    template = "system/_now.html" if request.headers.get("hx-request") == "true" else "system/page.html"
    return await page(
        request,
        template,
        title=mark("System"),
        problem=NO_ANSWER if system is None else None,
        processes=presenters.processes(system, say) if system else [],
        queues=presenters.queues(system, say) if system else [],
        open_incidents=system.open_incidents if system else 0,
    )
