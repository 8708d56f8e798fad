"""What operators decide about the bot's drafts, beside the thread."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty

from console.permissions import needs
from console.wiring import in_thread, wiring
from ramah.channels.content import Outgoing
from ramah.desk import approval
from ramah.messaging.models import Proposal
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("proposals", url_prefix="/console/conversations/<conversation_id:str>/proposals")


@blueprint.post("/<proposal_id:str>/approve")
@needs(Permission.ANSWER)
async def approve(request: Request, conversation_id: str, proposal_id: str) -> HTTPResponse:
    """Send it; ``text`` (one for each message) where somebody changed it."""
    login, database = _login(request), wiring(request).database
    given = request.form.getlist("text") if request.form else None
    texts = [str(text).replace("\r\n", "\n") for text in given] if given else None
    who = (login.organisation_id, conversation_id, proposal_id, login.staff_id)
    await in_thread(lambda: approval.approve(database, *who, texts))
    return empty()


@blueprint.post("/<proposal_id:str>/discard")
@needs(Permission.ANSWER)
async def discard(request: Request, conversation_id: str, proposal_id: str) -> HTTPResponse:
    """Throw it away; a person answers."""
    login, database = _login(request), wiring(request).database
    who = (login.organisation_id, conversation_id, proposal_id, login.staff_id)
    await in_thread(lambda: approval.discard(database, *who))
    return empty()


def shown(proposal: Proposal | None) -> dict[str, Any] | None:
    """The draft as ``_proposal.html`` shows it."""
    if proposal is None:
        return None
    messages = [Outgoing.model_validate(content) for content in proposal.contents]
    return {
        "id": proposal.id,
        "messages": [
            {"text": message.text, "image_url": message.image_url, "choices": [c.title for c in message.choices]}
            for message in messages
        ],
    }


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
