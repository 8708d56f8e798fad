"""Files by signed address: no login, the signature is the right. Nothing in a file is ever run."""

from __future__ import annotations

import structlog
from sanic import Blueprint, Request
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from console.media.ranges import NoSuchPart, Part, asked_part
from console.media.storing import media_storage, not_now
from console.media.words import words_in
from console.render import page
from console.translations import mark, preferred_language
from console.wiring import in_thread, wiring
from ramah.integrations.storage import ObjectMissing, StorageError
from ramah.messaging.media.links import read_token, token_end
from ramah.messaging.media.names import disposition
from ramah.messaging.media.serving import Servable, content_of, servable
from ramah.messaging.models import MediaStatus
from ramah.store import utc_now

blueprint = Blueprint("media")
log = structlog.get_logger()
PATH = "/media/<token:str>"
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# A browser's own player is a page that fetches the file once more, under this policy. Still no script.
PLAYER_POLICY = (
    "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'none'"
)
LOOK_AGAIN = 5
GONE_ADDRESS = mark("This address of a file is wrong or has ended. Open the conversation again to get a new one.")
GONE_FILE = mark("This file is no longer there.")
STATES = {MediaStatus.WAITING: 409, MediaStatus.REFUSED: 410, MediaStatus.FAILED: 410}


@blueprint.get(PATH, name="show")
async def show_file(request: Request, token: str) -> HTTPResponse:
    """The file, or the part of it that is asked for. 404 for a forged, changed or old address alike."""
    found = await _found(request, token)
    if found.status is not MediaStatus.STORED:
        return await _not_there(request, found.status)
    try:
        part = asked_part(request.headers.get("range"), found.size) if found.size else None
    except NoSuchPart:
        return HTTPResponse(status=416, headers={"content-range": f"bytes */{found.size}"})
    body = await _content(request, found, part)
    response = HTTPResponse(body, status=206 if part else 200, headers=_headers(found, token))
    if part:
        response.headers["content-range"] = part.header
    return response


@blueprint.head(PATH, name="describe")
async def describe_file(request: Request, token: str) -> HTTPResponse:
    """The same without the content."""
    found = await _found(request, token)
    if found.status is not MediaStatus.STORED:
        return HTTPResponse(status=STATES[found.status])
    size = found.size if found.size is not None else len(await _content(request, found, None))
    return HTTPResponse(headers={**_headers(found, token), "content-length": str(size)})


# After the headers of every answer, which are made for pages.
@blueprint.on_response(priority=100)  # type: ignore[untyped-decorator, no-untyped-call]  # Sanic has no types here
async def seal_content(request: Request, response: HTTPResponse) -> None:
    """A file from outside gets a policy of its own: no script, no frame, nothing loaded."""
    if "content-disposition" in response.headers:
        played = response.headers.get("content-type", "").startswith(("audio/", "video/"))
        response.headers["content-security-policy"] = PLAYER_POLICY if played else POLICY


async def _found(request: Request, token: str) -> Servable:
    wired = wiring(request)
    grant = read_token(wired.config, token)
    found = await in_thread(lambda: servable(wired.database, grant)) if grant else None
    if found is None:
        raise NotFound(GONE_ADDRESS)
    return found


async def _content(request: Request, found: Servable, part: Part | None) -> bytes:
    storage = media_storage(request)
    start, length = (part.start, part.length) if part else (0, None)
    try:
        return await in_thread(lambda: content_of(storage, found, start, length))
    except ObjectMissing as error:
        log.error("media_object_missing", key=found.key)
        raise NotFound(GONE_FILE) from error
    except StorageError as error:
        raise not_now(error) from error


def _headers(found: Servable, token: str) -> dict[str, str]:
    left = max(0, int((token_end(token) - utc_now()).total_seconds()))
    return {
        "content-type": found.mime_type,
        "content-disposition": disposition(found.filename, inline=found.inline),
        "cache-control": f"private, max-age={left}",
        "cross-origin-resource-policy": "same-origin",
        "accept-ranges": "bytes" if found.size else "none",
    }


async def _not_there(request: Request, status: MediaStatus) -> HTTPResponse:
    language = preferred_language(request.headers.get("accept-language"))
    words = words_in(language)
    response = await page(
        request,
        "media/state.html",
        status_code=STATES[status],
        language=language,
        title=words[f"{status}_title"],
        text=words[f"{status}_text"],
    )
    if status is MediaStatus.WAITING:
        response.headers["refresh"] = str(LOOK_AGAIN)
    return response
