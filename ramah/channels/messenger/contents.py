"""What a message says: its words, files, place, and what a tap carried."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ramah.channels.content import IncomingKind, MediaKind, Place, RemoteMedia
from ramah.channels.messenger.events import Attached, Message

_FILES = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "file": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"[^/\x00-\x1f]{1,150}\.[A-Za-z0-9]{1,8}")


class Content(NamedTuple):
    """Kind, readable text, tapped payload, files, a place, and the own number that a tap proved."""

    kind: IncomingKind
    text: str = ""
    payload: str | None = None
    media: tuple[RemoteMedia, ...] = ()
    place: Place | None = None
    proved_phone: str | None = None


def read_content(message: Message) -> Content:
    """The content; UNSUPPORTED where nothing in it is known."""
    text, payload = message.text or "", message.quick_reply.payload if message.quick_reply else None
    if payload is not None:
        return Content(IncomingKind.TAP, text, payload, proved_phone=_proved_phone(text, payload))
    media = _files_of(message.attachments)
    place = next((found for found in map(_place_of, message.attachments) if found is not None), None)
    text = text or _words_of(message.attachments)
    if media:
        return Content(IncomingKind.MEDIA, text, media=media)
    if place is not None:
        return Content(IncomingKind.LOCATION, text or f"{place.latitude}, {place.longitude}", place=place)
    known = text and (message.text or any(item.type in ("fallback", "template") for item in message.attachments))
    return Content(IncomingKind.TEXT if known else IncomingKind.UNSUPPORTED, text)


def _proved_phone(text: str, payload: str) -> str | None:
    """The number of the quick reply ``user_phone_number``. Meta takes it from the person's own profile and sends it
    as words and as payload alike, which no choice of ours does."""
    return payload if text == payload and _E164.fullmatch(payload) else None


def _files_of(attachments: list[Attached]) -> tuple[RemoteMedia, ...]:
    """The files, each once: Meta announced that stickers come both as an image and as a sticker for a time."""
    seen: set[str] = set()
    files = []
    for item in attachments:
        file, names = _file_of(item), {name for name in (item.payload.sticker_id, item.payload.url) if name}
        if file is not None and not names & seen:
            files.append(file)
            seen |= names
    return tuple(files)


def _file_of(item: Attached) -> RemoteMedia | None:
    kind, url = _FILES.get(item.type or ""), item.payload.url
    if kind is None or url is None:
        return None
    if item.payload.sticker_id:
        kind = MediaKind.STICKER
    return RemoteMedia(kind=kind, reference=url, filename=_filename(url) if kind is MediaKind.DOCUMENT else None)


def _filename(url: str) -> str | None:
    """The name of a file, which stands only in its address."""
    try:
        name = unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return None
    return name if _NAME.fullmatch(name) else None


def _place_of(item: Attached) -> Place | None:
    pin = item.payload.coordinates
    if item.type != "location" or pin is None or pin.lat is None or pin.long is None or abs(pin.lat) > 90:
        return None
    return Place(latitude=pin.lat, longitude=pin.long, name=item.title or item.payload.title)


def _words_of(attachments: list[Attached]) -> str:
    """What shared links and cards say, for a message without words of its own."""
    lines: list[str] = []
    for item in attachments:
        if item.type in _FILES:
            continue
        payload = item.payload
        cards = [card.title for card in payload.elements]
        words = [item.title or payload.title, payload.text, *cards, item.url or payload.url]
        lines += [part for part in words if part]
    return "\n".join(dict.fromkeys(lines))
