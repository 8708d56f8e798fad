"""What a message says: its words, files, place, and the number that it proves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import phonenumbers
from telegram import Animation, Audio, Document, Message, Sticker, Video, VideoNote, Voice

from ramah.channels.content import IncomingKind, MediaKind, Place, RemoteMedia
from ramah.channels.telegram.words import words

_START = re.compile(r"/start(@\w+)?( .*)?", re.IGNORECASE | re.DOTALL)
_SERVICE = (
    "boost_added",
    "chat_background_set",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
)
"""Messages that Telegram writes about the chat itself. Source: Telegram, "Message"."""


class Content(NamedTuple):
    """Kind, readable text, files, a place, and the own number that a shared contact proves."""

    kind: IncomingKind
    text: str = ""
    media: tuple[RemoteMedia, ...] = ()
    place: Place | None = None
    proved_phone: str | None = None


def read_content(message: Message) -> Content:
    """The content; UNSUPPORTED, with what can be said of it, where nothing in it is known."""
    for reader in _READERS:
        content = reader(message)
        if content is not None:
            return content
    return Content(IncomingKind.UNSUPPORTED, message.caption or _words_of_games(message))


def _text(message: Message) -> Content | None:
    if not message.text:
        return None
    if _START.fullmatch(message.text):
        # Whoever opens the bot presses Start, which types this command: a greeting. What followed a link stays in raw.
        language = message.from_user.language_code if message.from_user else None
        return Content(IncomingKind.TEXT, words(language)["start"])
    return Content(IncomingKind.TEXT, message.text)


def _contact(message: Message) -> Content | None:
    """A shared contact proves a number only when it is the sender's own. Source: Telegram, "Contact"."""
    contact = message.contact
    if contact is None:
        return None
    author = message.from_user
    own = author is not None and contact.user_id == author.id
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    proved = international(contact.phone_number) if own else None
    return Content(IncomingKind.CONTACTS, f"{name} {contact.phone_number}".strip(), proved_phone=proved)


def international(number: str) -> str | None:
    """A number in the form of E.164, which Telegram gives with or without the plus; None for what cannot be one."""
    try:
        parsed = phonenumbers.parse(f"+{number.strip().lstrip('+')}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _place(message: Message) -> Content | None:
    venue, location = message.venue, message.location
    if location is None:
        return None
    place = Place(
        latitude=location.latitude,
        longitude=location.longitude,
        name=venue.title if venue else None,
        address=venue.address if venue else None,
    )
    named = ", ".join(part for part in (place.name, place.address) if part)
    return Content(IncomingKind.LOCATION, named or f"{place.latitude}, {place.longitude}", place=place)


def _photo(message: Message) -> Content | None:
    if not message.photo:
        return None
    largest = max(message.photo, key=lambda size: size.width * size.height)
    media = RemoteMedia(kind=MediaKind.IMAGE, reference=largest.file_id, mime_type="image/jpeg", size=largest.file_size)
    return Content(IncomingKind.MEDIA, message.caption or "", (media,))


_File = Animation | Audio | Document | Sticker | Video | VideoNote | Voice
# An animation comes with the same file as a document beside it, so it is looked for first.
_FILES = (
    ("animation", MediaKind.VIDEO, "video/mp4"),
    ("document", MediaKind.DOCUMENT, None),
    ("audio", MediaKind.AUDIO, None),
    ("voice", MediaKind.AUDIO, "audio/ogg"),
    ("video", MediaKind.VIDEO, None),
    ("video_note", MediaKind.VIDEO, "video/mp4"),
    ("sticker", MediaKind.STICKER, None),
)


def _file(message: Message) -> Content | None:
    for name, kind, usual_type in _FILES:
        found: _File | None = getattr(message, name)
        if found is not None:
            media = RemoteMedia(
                kind=kind,
                reference=found.file_id,
                mime_type=_sticker_type(found) or getattr(found, "mime_type", None) or usual_type,
                filename=getattr(found, "file_name", None),
                size=found.file_size,
            )
            return Content(IncomingKind.MEDIA, message.caption or getattr(found, "emoji", None) or "", (media,))
    return None


def _sticker_type(file: _File) -> str | None:
    """The type of a sticker, which Telegram does not name. Source: Telegram, "Sticker"."""
    if not isinstance(file, Sticker):
        return None
    if file.is_animated:
        return "application/x-tgsticker"
    return "video/webm" if file.is_video else "image/webp"


def _service(message: Message) -> Content | None:
    happened = [name for name in _SERVICE if getattr(message, name)]
    return Content(IncomingKind.SYSTEM, happened[0].replace("_", " ")) if happened else None


def _words_of_games(message: Message) -> str:
    """What a die, a poll or a game shows, for whoever reads along."""
    if message.dice:
        return f"{message.dice.emoji} {message.dice.value}"
    if message.poll:
        return "\n".join([message.poll.question, *(f"- {option.text}" for option in message.poll.options)])
    return message.game.title if message.game else ""


_READERS: tuple[Callable[[Message], Content | None], ...] = (_text, _contact, _place, _photo, _file, _service)
