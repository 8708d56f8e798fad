"""Files that people sent: fetched from the address in the webhook, which works for a while only.

The address comes from outside, so only Meta's own hosts and the host that the account is set to are ever asked, at
each step of a redirection; no token travels. Source: Meta, "Messenger Platform: Attachments".
"""

from __future__ import annotations

import httpx

from ramah.channels.content import FetchedMedia, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import errors
from ramah.channels.meta import BodyTooLarge, read_body

MOST_SECONDS = 120.0
"""For one whole file, however slowly it comes."""
MOST_STEPS = 4
META_DOMAINS = ("fbcdn.net", "fbsbx.com", "facebook.com")
_EXPIRED = (401, 403, 404, 410)


def fetch(http: httpx.Client, base_url: str, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
    """The file. Raises ChannelError: GIVE_UP when it is gone or larger than ``most_bytes``, RETRY when it may come
    later."""
    if media.size is not None and media.size > most_bytes:
        raise _too_large(most_bytes)
    address = media.reference
    with errors.nothing_sent():
        for _ in range(MOST_STEPS):
            answer = _ask(http, base_url, address, most_bytes)
            if not answer.has_redirect_location:
                return _file(answer, media)
            address = _joined(address, answer.headers["location"])
    raise ChannelError("the file's address leads nowhere", SendOutcome.GIVE_UP, code=errors.GONE)


def is_trusted(address: str, own_base: str) -> bool:
    """Whether a file may be fetched from this address: HTTPS on a host of Meta, or the account's own base."""
    try:
        asked, own = httpx.URL(address), httpx.URL(own_base)
    except httpx.InvalidURL:
        return False
    if asked.userinfo or not asked.host:
        return False
    if (asked.scheme, asked.host, asked.port) == (own.scheme, own.host, own.port):
        return True
    host = asked.host.rstrip(".")
    of_meta = any(host == domain or host.endswith(f".{domain}") for domain in META_DOMAINS)
    return asked.scheme == "https" and asked.port is None and of_meta


def _ask(http: httpx.Client, base_url: str, address: str, most_bytes: int) -> httpx.Response:
    if not is_trusted(address, base_url):
        raise ChannelError("the file lies on no host of Meta", SendOutcome.GIVE_UP, code=errors.UNTRUSTED_ADDRESS)
    try:
        # httpx follows no redirect by itself: the next host is checked first.
        with http.stream("GET", address) as streamed:
            content = read_body(streamed, most_bytes, MOST_SECONDS)
    except BodyTooLarge as error:
        raise _too_large(most_bytes) from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise errors.error_of_request(error) from error
    kept = {
        name: value for name, value in streamed.headers.items() if name in ("retry-after", "content-type", "location")
    }
    return httpx.Response(streamed.status_code, headers=kept, content=content)


def _file(answer: httpx.Response, media: RemoteMedia) -> FetchedMedia:
    if answer.status_code in _EXPIRED:
        raise ChannelError("Messenger has this file no more", SendOutcome.GIVE_UP, code=errors.GONE)
    if not answer.is_success:
        raise errors.error_of_response(answer)
    kind = answer.headers.get("content-type") or media.mime_type
    return FetchedMedia(content=answer.content, mime_type=kind, filename=media.filename)


def _joined(address: str, location: str) -> str:
    try:
        return str(httpx.URL(address).join(location))
    except httpx.InvalidURL:
        return ""


def _too_large(most_bytes: int) -> ChannelError:
    return ChannelError(f"the file is larger than {most_bytes} bytes", SendOutcome.GIVE_UP, code=errors.TOO_LARGE)
