"""Files that people sent: asked for by id, fetched from the address that Meta names for five minutes.

Source: Meta, "Media" of the Cloud API. The address comes from outside and our token travels with the request, so only
Meta's own hosts and the host that the account is set to are ever asked.
"""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import urlsplit

import httpx

from ramah.channels.content import FetchedMedia, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp import errors
from ramah.channels.whatsapp.bodies import BodyTooLarge, read_body
from ramah.channels.whatsapp.client import GraphClient, bearer

MOST_SECONDS = 120.0
"""For one whole file, however slowly it comes."""
META_DOMAINS = ("fbsbx.com", "fbcdn.net", "facebook.com", "whatsapp.net")
_EXPIRED = (401, 403, 404, 410)


def fetch(client: GraphClient, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
    """The file. Raises ChannelError: GIVE_UP when it is gone or larger than ``most_bytes``, RETRY when it may come
    later."""
    _refuse_above(most_bytes, media.size)
    with errors.nothing_sent():
        # An address that died meanwhile is asked for again, once.
        return _try(client, account, media, most_bytes) or _try(client, account, media, most_bytes) or _raise_gone()


def _try(client: GraphClient, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia | None:
    """The file, or None when its address has expired."""
    details = client.media(account, media.reference)
    _refuse_above(most_bytes, details.file_size)
    answer = _download(client, account, details.url, most_bytes)
    if answer.status_code in _EXPIRED:
        return None
    if not answer.is_success:
        raise errors.error_of_response(answer, account.secrets.values())
    kind = details.mime_type or answer.headers.get("content-type") or media.mime_type
    return FetchedMedia(content=answer.content, mime_type=kind, filename=media.filename)


def _raise_gone() -> NoReturn:
    raise ChannelError("WhatsApp has this file no more", SendOutcome.GIVE_UP, code=errors.GONE)


def may_carry_token(address: str, own_base: str) -> bool:
    """Whether the account's token may travel to this address: HTTPS to a host of Meta, or the account's own base."""
    try:
        asked, own = httpx.URL(address), httpx.URL(own_base)
    except httpx.InvalidURL:
        return False
    if asked.userinfo:
        return False
    if (asked.scheme, asked.host, asked.port) == (own.scheme, own.host, own.port):
        return True
    host = asked.host.rstrip(".")
    of_meta = any(host == domain or host.endswith(f".{domain}") for domain in META_DOMAINS)
    return asked.scheme == "https" and asked.port is None and of_meta


def _download(client: GraphClient, account: AccountAccess, address: str, most_bytes: int) -> httpx.Response:
    if not may_carry_token(address, client.base_of(account)):
        host = (urlsplit(address).hostname or "nowhere")[:100]
        refused = f"the file lies on {host}, which is no host of Meta"
        raise ChannelError(refused, SendOutcome.GIVE_UP, code=errors.UNTRUSTED_ADDRESS)
    try:
        # httpx follows no redirect by itself: the next host would have to be checked first.
        with client.http.stream("GET", address, headers=bearer(account)) as streamed:
            content = read_body(streamed, most_bytes, MOST_SECONDS)
    except BodyTooLarge as error:
        raise _too_large(most_bytes) from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise errors.error_of_request(error) from error
    kept = {name: value for name, value in streamed.headers.items() if name in ("retry-after", "content-type")}
    return httpx.Response(streamed.status_code, headers=kept, content=content)


def _refuse_above(most_bytes: int, size: int | None) -> None:
    if size is not None and size > most_bytes:
        raise _too_large(most_bytes)


def _too_large(most_bytes: int) -> ChannelError:
    return ChannelError(f"the file is larger than {most_bytes} bytes", SendOutcome.GIVE_UP, code=errors.TOO_LARGE)
