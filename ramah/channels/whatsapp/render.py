"""Messages as request bodies of the Cloud API: split so that each part is one request, within all limits.

Limits: Meta, "Send messages", "Interactive reply buttons messages" and "Interactive list messages".
"""

from __future__ import annotations

import re

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import closing_text, numbered, split_text

Body = dict[str, object]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
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

_MARKUP = re.compile(r"[*_~`]")
_LINK = re.compile(r"https?://")
_BUSINESS_SCOPED_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+")


def split_message(message: Outgoing) -> list[Outgoing]:
    """Parts of the message, each of which ``render`` makes one body of. An empty message has no parts."""
    fitting = _fitting(message)
    if not fitting.choices:
        return _plain_parts(fitting)
    parts = _texts_before_choices(fitting)
    if fitting.image_url and not _as_buttons(fitting.choices):
        # Only buttons can carry a picture; a list gets it as a message of its own, first.
        return [Outgoing(image_url=fitting.image_url), *parts, _choices_part(fitting, None)]
    return [*parts, _choices_part(fitting, fitting.image_url)]


def render(message: Outgoing, recipient: str, reference: str) -> Body:
    """The request body of one part that ``split_message`` made.

    ``recipient`` is a number in digits or a business-scoped user id; ``reference`` comes back in receipts.
    Raises ValueError for a message that is empty or needs several requests.
    """
    parts = split_message(message)
    if len(parts) != 1:
        raise ValueError(f"this message is {len(parts)} requests, not one; split it first")
    address = "recipient" if _BUSINESS_SCOPED_ID.fullmatch(recipient) else "to"
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        address: recipient,
        "biz_opaque_callback_data": reference,
        **_content(parts[0]),
    }


def _fitting(message: Outgoing) -> Outgoing:
    """The message with choices that WhatsApp can show, or with numbered text in their place."""
    choices = _distinct(message.choices)
    if not choices:
        return Outgoing(text=message.text.strip(), image_url=message.image_url)
    fits = _as_buttons(choices) or _as_list(choices)
    cleaned = message.model_copy(update={"text": message.text.strip(), "choices": choices})
    return cleaned if fits else numbered(cleaned)


def _distinct(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices without repeated payloads: the API refuses them, and both taps would mean the same."""
    return tuple({choice.payload: choice for choice in reversed(choices)}[payload] for payload in _payloads(choices))


def _payloads(choices: tuple[Choice, ...]) -> list[str]:
    return list(dict.fromkeys(choice.payload for choice in choices))


def _as_buttons(choices: tuple[Choice, ...]) -> bool:
    """Whether buttons show it all: buttons have no descriptions."""
    return len(choices) <= MOST_BUTTONS and all(
        choice.description is None and _tappable(choice, BUTTON_ID_LIMIT) for choice in choices
    )


def _as_list(choices: tuple[Choice, ...]) -> bool:
    return len(choices) <= MOST_ROWS and all(_tappable(choice, ROW_ID_LIMIT) for choice in choices)


def _tappable(choice: Choice, id_limit: int) -> bool:
    payload = choice.payload
    return 0 < len(payload) <= id_limit and payload == payload.strip() and bool(_plain(choice.title))


def _plain(title: str) -> str:
    """A title as the API takes it: one line, no markup."""
    return " ".join(_MARKUP.sub("", title).split())


def _plain_parts(message: Outgoing) -> list[Outgoing]:
    if not message.image_url:
        return [Outgoing(text=piece) for piece in split_text(message.text, TEXT_LIMIT)]
    if len(message.text) <= CAPTION_LIMIT:
        return [Outgoing(text=message.text, image_url=message.image_url)]
    return [Outgoing(image_url=message.image_url), *_plain_parts(Outgoing(text=message.text))]


def _texts_before_choices(message: Outgoing) -> list[Outgoing]:
    """Text that does not fit beside the choices goes before them."""
    before = message.text.removesuffix(closing_text(message.text, INTERACTIVE_TEXT_LIMIT))
    return [Outgoing(text=piece) for piece in split_text(before, TEXT_LIMIT)]


def _choices_part(message: Outgoing, image_url: str | None) -> Outgoing:
    text = closing_text(message.text, INTERACTIVE_TEXT_LIMIT)
    return message.model_copy(update={"text": text, "image_url": image_url})


def _content(message: Outgoing) -> Body:
    if message.choices:
        shown = _buttons(message) if _as_buttons(message.choices) else _list(message)
        return {"type": "interactive", "interactive": shown}
    if message.image_url:
        caption = {"caption": message.text} if message.text else {}
        return {"type": "image", "image": {"link": message.image_url, **caption}}
    return {"type": "text", "text": {"body": message.text, "preview_url": bool(_LINK.search(message.text))}}


def _buttons(message: Outgoing) -> Body:
    titles = _unique_titles([_plain(choice.title) for choice in message.choices], BUTTON_TITLE_LIMIT)
    buttons = [
        {"type": "reply", "reply": {"id": choice.payload, "title": title}}
        for choice, title in zip(message.choices, titles, strict=True)
    ]
    picture = {"header": {"type": "image", "image": {"link": message.image_url}}} if message.image_url else {}
    return {"type": "button", **picture, "body": _body(message), "action": {"buttons": buttons}}


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
