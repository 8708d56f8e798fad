"""Files that people sent: in the event itself, or on the gateway, which is the only host that is ever asked."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import httpx

from ramah.channels.content import FetchedMedia, RemoteMedia
from ramah.channels.device import errors
from ramah.channels.device.access import Device
from ramah.channels.device.bodies import BodyTooLarge, read_body
from ramah.channels.device.client import GatewayClient
from ramah.channels.errors import ChannelError

INLINE = "data:"
MOST_SECONDS = 120.0
"""For one whole file, however slowly it comes."""
_EXPIRED = (401, 403, 404, 410)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - names to recognise, nothing listens


def inline_reference(content: str, mime_type: str | None) -> str:
    """A reference that carries the file itself, in base64. Only small files come so: a webhook body is bounded."""
    payload = content.rpartition("base64,")[2] if content.startswith(INLINE) else content
    return f"{INLINE}{mime_type or 'application/octet-stream'};base64,{payload}"


def decoded(payload: str, media: RemoteMedia, most_bytes: int, mime_type: str | None = None) -> FetchedMedia:
    """The file of a text in base64, with or without ``data:...,`` before it. Raises ChannelError (GIVE_UP)."""
    head, _, content = payload.rpartition("base64,")
    if len(content) > most_bytes * 4 // 3 + 4:
        raise too_large(most_bytes)
    try:
        read = base64.b64decode(content)
    except (binascii.Error, ValueError) as error:
        raise errors.refused("the file in the event cannot be read", errors.GONE) from error
    if len(read) > most_bytes:
        raise too_large(most_bytes)
    kind = mime_type or head.removeprefix(INLINE).rstrip(";") or media.mime_type
    return FetchedMedia(content=read, mime_type=kind, filename=media.filename)


def on_gateway(device: Device, reference: str) -> str:
    """The address of a file on the account's own gateway, from an address or a path.

    Gateways that were not told their own public name call themselves localhost; the path is then asked of the address
    that the account names. Raises ChannelError for any other host: the key travels with the request.
    """
    try:
        own = httpx.URL(device.base_url)
        asked = own.join(f"{own.path.rstrip('/')}/{reference.lstrip('/')}" if "://" not in reference else reference)
    except (httpx.InvalidURL, ValueError) as error:
        raise _untrusted("nowhere") from error
    if asked.userinfo or asked.scheme not in ("http", "https"):
        raise _untrusted(asked.host)
    if (asked.scheme, asked.host, asked.port) == (own.scheme, own.host, own.port):
        return str(asked)
    if asked.host in _LOOPBACK:
        return str(own.copy_with(raw_path=asked.raw_path))
    raise _untrusted(asked.host)


def download(
    client: GatewayClient, device: Device, media: RemoteMedia, most_bytes: int, headers: Mapping[str, str]
) -> FetchedMedia:
    """The file of a reference that is an address, a path or the file itself. Raises ChannelError."""
    if media.reference.startswith(INLINE):
        return decoded(media.reference, media, most_bytes)
    answer = _get(client, on_gateway(device, media.reference), headers, most_bytes)
    if answer.status_code in _EXPIRED:
        raise errors.refused("the gateway has this file no more", errors.GONE)
    if not answer.is_success:
        raise errors.error_of_answer(answer, device.secrets, sends=False)
    kind = media.mime_type or answer.headers.get("content-type")
    return FetchedMedia(content=answer.content, mime_type=kind, filename=media.filename)


def too_large(most_bytes: int) -> ChannelError:
    """The refusal of a file that is larger than wanted."""
    return errors.refused(f"the file is larger than {most_bytes} bytes", errors.TOO_LARGE)


def _get(client: GatewayClient, address: str, headers: Mapping[str, str], most_bytes: int) -> httpx.Response:
    try:
        with client.http.stream("GET", address, headers=dict(headers)) as streamed:
            content = read_body(streamed, most_bytes, MOST_SECONDS)
    except BodyTooLarge as error:
        raise too_large(most_bytes) from error
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise errors.error_of_request(error, sends=False) from error
    kept = {name: value for name, value in streamed.headers.items() if name in ("retry-after", "content-type")}
    return httpx.Response(streamed.status_code, headers=kept, content=content)


def _untrusted(host: str) -> ChannelError:
    return errors.refused(f"the file lies on {host[:100]}, which is not the gateway", errors.UNTRUSTED_ADDRESS)
