"""Buttons, lists and location requests as request bodies.

Limits: Meta, "Interactive reply buttons messages", "Interactive list messages" and "Location request messages".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ramah.channels.content import Choice, Outgoing
from ramah.channels.whatsapp.attachments import media_object

Body = dict[str, object]

INTERACTIVE_TEXT_LIMIT = 1024
MOST_BUTTONS = 3
BUTTON_TITLE_LIMIT = 20
BUTTON_ID_LIMIT = 256
MOST_ROWS = 10
ROW_TITLE_LIMIT = 24
ROW_DESCRIPTION_LIMIT = 72
ROW_ID_LIMIT = 200
LIST_LABEL_LIMIT = 20

# Signs instead of words where the caller gave none: wording lives in data/, and the API refuses emptiness.
LIST_SIGN = "☰"
POINTING_SIGN = "👇"
PLACE_SIGN = "📍"

_MARKUP = re.compile(r"[*_~`]")


def as_buttons(choices: tuple[Choice, ...]) -> bool:
    """Whether buttons show it all: buttons have no descriptions."""
    return len(choices) <= MOST_BUTTONS and all(
        choice.description is None and _tappable(choice, BUTTON_ID_LIMIT) for choice in choices
    )


def as_list(choices: tuple[Choice, ...]) -> bool:
    """Whether a list shows it all."""
    return len(choices) <= MOST_ROWS and all(_tappable(choice, ROW_ID_LIMIT) for choice in choices)


def interactive_object(message: Outgoing, files: Mapping[str, str]) -> Body:
    """The ``interactive`` object of a message with choices or a location request; ``files`` maps our media ids to
    Meta's."""
    if message.location_request:
        body = {"text": message.text or PLACE_SIGN}
        return {"type": "location_request_message", "body": body, "action": {"name": "send_location"}}
    return _buttons(message, files) if as_buttons(message.choices) else _list(message)


def _tappable(choice: Choice, id_limit: int) -> bool:
    payload = choice.payload
    return 0 < len(payload) <= id_limit and payload == payload.strip() and bool(_plain(choice.title))


def _plain(title: str) -> str:
    """A title as the API takes it: one line, no markup."""
    return " ".join(_MARKUP.sub("", title).split())


def _buttons(message: Outgoing, files: Mapping[str, str]) -> Body:
    titles = _unique_titles([_plain(choice.title) for choice in message.choices], BUTTON_TITLE_LIMIT)
    buttons = [
        {"type": "reply", "reply": {"id": choice.payload, "title": title}}
        for choice, title in zip(message.choices, titles, strict=True)
    ]
    return {"type": "button", **_header(message, files), "body": _body(message), "action": {"buttons": buttons}}


def _header(message: Outgoing, files: Mapping[str, str]) -> Body:
    if message.attachment is not None:
        return {"header": media_object(message.attachment, files)}
    if message.image_url:
        return {"header": {"type": "image", "image": {"link": message.image_url}}}
    return {}


def _list(message: Outgoing) -> Body:
    titles = _unique_titles([_plain(choice.title) for choice in message.choices], ROW_TITLE_LIMIT)
    rows = [_row(choice, title) for choice, title in zip(message.choices, titles, strict=True)]
    label = _cut(_plain(message.list_label or ""), LIST_LABEL_LIMIT) or LIST_SIGN
    return {"type": "list", "body": _body(message), "action": {"button": label, "sections": [{"rows": rows}]}}


def _row(choice: Choice, title: str) -> Body:
    whole = _plain(choice.title)
    # A title that had to be cut is repeated whole below it, before the description.
    described = " · ".join(part for part in (whole if title != whole else "", choice.description or "") if part)
    description = _cut(" ".join(described.split()), ROW_DESCRIPTION_LIMIT)
    return {"id": choice.payload, "title": title, **({"description": description} if description else {})}


def _body(message: Outgoing) -> Body:
    return {"text": message.text or POINTING_SIGN}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _unique_titles(titles: list[str], limit: int) -> list[str]:
    """Titles cut to the limit; those that became (or were) equal get a number."""
    unique: list[str] = []
    for title in titles:
        candidate, number = _cut(title, limit), 2
        while candidate in unique:
            suffix = f" {number}"
            candidate, number = _cut(title, limit - len(suffix)) + suffix, number + 1
        unique.append(candidate)
    return unique
