"""The public web chat: page, session, messages, stream."""

from __future__ import annotations

import asyncio
import json
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError, field_validator
from sanic import Blueprint, Request
from sanic.exceptions import Unauthorized
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sqlalchemy import select

from console.api.answers import ChatMessageAnswer, ChatMessagesAnswer, ChatSessionAnswer
from console.api.describing import Description, Proof, described
from console.numbers import whole_number
from console.render import LANGUAGE_NAMES, page, webchat_words
from console.webchat.presenting import messages_of
from console.webchat.uploads import post_file
from console.webchat.visitors import UNKNOWN, account_of, count_message, visitor_of
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.messaging import webchat
from ramah.messaging.media.catalogue import ACCEPT
from ramah.messaging.models import ChannelAccount, HandledBy
from ramah.messaging.thread import Line
from ramah.people import Organisation

blueprint = Blueprint("webchat")
Body = TypeVar("Body", bound=BaseModel)
HEARTBEAT = 15.0


class SessionBody(BaseModel):
    """What opens or continues a session."""

    token: str | None = Field(None, max_length=200)
    language: str | None = Field(None, max_length=5)


class MessageBody(BaseModel):
    """One message of a visitor. Null bytes are left out: no database takes them, and nobody sees them."""

    client_id: UUID
    text: str = ""
    payload: str | None = None

    @field_validator("text", "payload")
    @classmethod
    def _without_nulls(cls, value: str | None) -> str | None:
        return value and value.replace("\x00", "")


@blueprint.get("/chat/<key:str>")
async def show_page(request: Request, key: str) -> HTTPResponse:
    """The chat page, alone or in the widget's frame."""
    account = await account_of(request, key)
    organisation = await in_thread(lambda: _organisation(request, account))
    wanted = request.args.get("lang") or organisation.language
    language = wanted if wanted in LANGUAGE_NAMES else organisation.language
    return await page(
        request,
        "webchat/page.html",
        key=key,
        language=language,
        languages=[{"code": code, "name": name} for code, name in LANGUAGE_NAMES.items()],
        brand=organisation.name,
        assistant=organisation.assistant_name,
        accent=organisation.profile.get("brand_colour"),
        logo_url=None,
        embed="embed" in request.args,
        words=webchat_words(language),
        starters=organisation.profile.get("starters", {}).get(language, []),
        accept=ACCEPT,
        file_limit=wiring(request).config.media_limit,
    )


@blueprint.post("/api/webchat/<key:str>/session")
@described(
    Description(
        "Begin or continue a chat",
        "web chat",
        {200: ChatSessionAnswer},
        SessionBody,
        proof=Proof.NOBODY,
        problems=(400, 401, 404),
    )
)
async def open_session(request: Request, key: str) -> HTTPResponse:
    """Continue the session of a token, or begin a new one."""
    account = await account_of(request, key)
    body = _parse(SessionBody, request)
    who = webchat.visitor(account, body.token) if body.token else None
    if body.token and who is None:
        raise Unauthorized(UNKNOWN)
    token = body.token or webchat.new_token()
    who = who or webchat.visitor(account, token)
    assert who is not None  # noqa: S101 - a fresh token always fits
    shown = await in_thread(lambda: webchat.read(wiring(request).database, who, None))
    return json_response({"token": token, "messages": _messages(request, shown), "position": shown.newest})


@blueprint.post("/api/webchat/<key:str>/messages")
@described(
    Description(
        "Write a message",
        "web chat",
        {202: ChatMessageAnswer},
        MessageBody,
        proof=Proof.VISITOR,
        problems=(400, 401, 404, 429),
    )
)
async def post_message(request: Request, key: str) -> HTTPResponse:
    """Store one message, once per client_id."""
    who = await visitor_of(request, key)
    count_message(request, who)
    body = _parse(MessageBody, request)
    database, client_id = wiring(request).database, str(body.client_id)
    accepted = await in_thread(lambda: webchat.post(database, who, client_id, body.text, body.payload))
    shown = await in_thread(lambda: webchat.read(database, who, accepted.position - 1))
    mine = next(found for found in _messages(request, shown) if found["position"] == accepted.position)
    return json_response({"message": mine}, status=202)


blueprint.add_route(post_file, "/api/webchat/<key:str>/files", methods=["POST"], stream=True)


@blueprint.get("/api/webchat/<key:str>/messages")
@described(
    Description(
        "Messages after a position",
        "web chat",
        {200: ChatMessagesAnswer},
        query={"after": "The last position that is known."},
        proof=Proof.VISITOR,
        problems=(401, 404),
    )
)
async def get_messages(request: Request, key: str) -> HTTPResponse:
    """Messages after a position."""
    who = await visitor_of(request, key)
    after = whole_number(request.args.get("after"))
    shown = await in_thread(lambda: webchat.read(wiring(request).database, who, after))
    return json_response({"messages": _messages(request, shown)})


@blueprint.get("/api/webchat/<key:str>/stream")
@described(
    Description(
        "What happens in the chat, live",
        "web chat",
        {200: "text/event-stream"},
        query={"after": "The last position that is known."},
        proof=Proof.VISITOR,
        problems=(401, 404),
    )
)
async def stream(request: Request, key: str) -> HTTPResponse | None:
    """Server-Sent Events over fetch: message, state, typing, and heartbeats."""
    who = await visitor_of(request, key)
    response = await request.respond(
        content_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )
    follower = Follower(request, response, who, whole_number(request.args.get("after")))
    async with wiring(request).live.subscribe(who.account.organisation_id) as subscription:
        while True:
            await follower.look()
            try:
                event = await asyncio.wait_for(subscription.queue.get(), HEARTBEAT)
                while follower.is_not_mine(event.conversation_id):
                    event = await asyncio.wait_for(subscription.queue.get(), HEARTBEAT)
            except TimeoutError:
                await response.send(": still here\n\n")
    return None


class Follower:
    """One open stream: what the page has, and what it must be told."""

    def __init__(self, request: Request, response: Any, who: webchat.Visitor, position: int) -> None:
        self._database, self._config = wiring(request).database, wiring(request).config
        self._response = response
        self._who = who
        self._position = position
        self._state: webchat.ChatState | None = None

    def is_not_mine(self, conversation_id: str) -> bool:
        """Whether an event is certainly about somebody else."""
        if self._state is None or self._state.handled_by == HandledBy.CLOSED:
            # The next message opens another conversation, whose name we cannot know yet.
            return False
        return self._state.conversation_id not in (None, conversation_id)

    async def look(self) -> None:
        """Read once and send what is new."""
        # The state is read first: "nobody writes any more" may never arrive before the last of what was written.
        state = await in_thread(lambda: webchat.state(self._database, self._who))
        shown = await in_thread(lambda: webchat.read(self._database, self._who, self._position))
        lines, newest = shown.lines, shown.newest
        for found in messages_of(self._config, shown):
            await self._send("message", found)
        await self._send_state(state)
        if newest > self._position or lines:
            self._position = max(newest, self._position)
            await self._note_fetched(state, lines)

    async def _send_state(self, state: webchat.ChatState) -> None:
        before, self._state = self._state, state
        if before is None or (before.handled_by, before.agent) != (state.handled_by, state.agent):
            await self._send("state", {"handled_by": state.handled_by, "agent": state.agent})
        if before is None or before.typing != state.typing:
            await self._send("typing", {"on": state.typing})

    async def _note_fetched(self, state: webchat.ChatState, lines: list[Line]) -> None:
        conversation_id = state.conversation_id
        if conversation_id and any(line.status == "sent" for line in lines):
            up_to = self._position
            await in_thread(lambda: webchat.note_fetched(self._database, self._who, conversation_id, up_to))

    async def _send(self, event: str, data: dict[str, Any]) -> None:
        await self._response.send(f"event: {event}\ndata: {json.dumps(data)}\n\n")


def _messages(request: Request, shown: webchat.Shown) -> list[dict[str, Any]]:
    return messages_of(wiring(request).config, shown)


def _organisation(request: Request, account: ChannelAccount) -> Organisation:
    with wiring(request).database.tenant_reading(account.organisation_id) as session:
        return session.scalars(select(Organisation).where(Organisation.id == account.organisation_id)).one()


def _parse(kind: type[Body], request: Request) -> Body:
    try:
        return kind.model_validate_json(request.body or b"{}")
    except ValidationError as error:
        raise BadInput(f"the request cannot be read: {error.errors()[0]['msg']}") from error
