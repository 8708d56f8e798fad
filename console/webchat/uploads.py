"""Files from visitors: read as they come, up to a limit, and stored before they are answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sanic import Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from console.api.answers import ChatMessageAnswer
from console.api.describing import Description, Proof, described
from console.media.bodies import read_body
from console.media.storing import media_storage, not_now
from console.webchat.presenting import messages_of
from console.webchat.visitors import count_message, visitor_of
from console.wiring import in_thread, wiring
from ramah.integrations.storage import StorageError
from ramah.lib.errors import BadInput
from ramah.messaging import webchat
from ramah.messaging.inbox import Accepted
from ramah.messaging.media.proof import FileRefused
from ramah.messaging.media.uploads import Upload

STATUSES = {"too_large": 413, "type": 415}


@dataclass(frozen=True)
class Posted:
    """What the form held."""

    client_id: str
    text: str
    filename: str | None
    content: bytes = field(repr=False)


class FileForm(BaseModel):
    """The form that brings a file; ``client_id`` is the page's own number for the message."""

    client_id: UUID
    text: str = ""
    file: bytes


@described(
    Description(
        "Send a file",
        "web chat",
        {202: ChatMessageAnswer},
        FileForm,
        "multipart/form-data",
        proof=Proof.VISITOR,
        problems=(400, 401, 404, 413, 415, 429, 503),
    )
)
async def post_file(request: Request, key: str) -> HTTPResponse:
    """Store one file as one message, once per client_id."""
    who = await visitor_of(request, key)
    count_message(request, who)
    database, config = wiring(request).database, wiring(request).config
    body = await read_body(request, config.media_limit)
    posted = await in_thread(lambda: _parse(request, body))
    accepted = await in_thread(lambda: _store(request, who, posted, config.media_limit))
    shown = await in_thread(lambda: webchat.read(database, who, accepted.position - 1))
    mine = next(found for found in messages_of(config, shown) if found["position"] == accepted.position)
    return json_response({"message": mine}, status=202)


def _store(request: Request, who: webchat.Visitor, posted: Posted, most_bytes: int) -> Accepted:
    upload = Upload(posted.content, posted.filename, most_bytes)
    database, storage = wiring(request).database, media_storage(request)
    try:
        return webchat.post_file(database, storage, who, posted.client_id, posted.text, upload)
    except FileRefused as error:
        raise SanicException(_sentence(error), status_code=STATUSES.get(error.code or "", 400), quiet=True) from error
    except StorageError as error:
        raise not_now(error) from error


def _sentence(error: FileRefused) -> str:
    return str(error)[:1].upper() + str(error)[1:] + "."


def _parse(request: Request, body: bytes) -> Posted:
    """Raises BadInput."""
    request.body = body
    form: dict[str, Any] = request.form or {}
    files: dict[str, Any] = request.files or {}
    file = files.get("file")
    try:
        client_id = UUID(str(form.get("client_id")))
    except ValueError as error:
        raise BadInput("the request cannot be read: client_id is no UUID") from error
    if file is None:
        raise BadInput("the request cannot be read: there is no file in it")
    return Posted(str(client_id), str(form.get("text") or "").replace("\x00", ""), file.name, file.body)
