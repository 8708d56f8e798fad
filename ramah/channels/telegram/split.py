"""A message cut into parts that each are one request: files, texts, and last what can be tapped.

Limits: Telegram, "sendMessage" (4096), captions (1024), counted in UTF-16 units as its entities are; keyboards of 100
buttons (observed, not documented).
"""

from __future__ import annotations

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import closing_text, numbered, split_text
from ramah.channels.telegram.files import may_carry_words
from ramah.channels.telegram.words import words

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
MOST_BUTTONS = 100
TITLE_LIMIT = 64
"""Longer ones are cut off on every screen, so that two of them may look the same."""


def split_message(message: Outgoing, language: str) -> list[Outgoing]:
    """Parts of the message, in the order in which they are to be read; an empty message has none.

    ``language`` is that of the buttons that share a number or a place; their labels travel in ``list_label``. The
    quoted message is quoted by the first part. A template goes out as its wording.
    """
    fitting = _fitting(message, language)
    parts = [*_before(fitting), *_last(fitting)]
    if parts and fitting.numbered:
        parts[-1] = parts[-1].model_copy(update={"numbered": fitting.numbered})
    if parts and message.reply_to:
        parts[0] = parts[0].model_copy(update={"reply_to": message.reply_to})
    return parts


def one_part(message: Outgoing) -> Outgoing:
    """The message as one request. Raises ValueError when it is empty or needs several."""
    parts = split_message(message, "")
    if len(parts) != 1:
        raise ValueError(f"this message is {len(parts)} requests, not one; split it first")
    return parts[0].model_copy(update={"list_label": message.list_label or parts[0].list_label})


def asks(message: Outgoing) -> bool:
    """Whether it shows a button that shares the number or the place."""
    return message.contact_request or message.location_request


def _fitting(message: Outgoing, language: str) -> Outgoing:
    """The message with choices that buttons show whole, and words wherever Telegram wants some."""
    preview = message.template.preview if message.template else ""
    plain = Outgoing(
        text=(message.text or preview).strip(),
        choices=message.choices,
        image_url=message.image_url or None,
        numbered=message.numbered,
        attachment=message.attachment,
        contact_request=message.contact_request,
        location_request=message.location_request,
    )
    if plain.choices and not (_can_be_tapped(plain.choices, beside=_requests(plain)) and (plain.text or _file(plain))):
        plain = numbered(plain)
    return _asking(plain, language) if asks(plain) else _described(plain)


def _can_be_tapped(choices: tuple[Choice, ...], beside: int) -> bool:
    titles = [choice.title.strip() for choice in choices]
    return (
        len(choices) + beside <= MOST_BUTTONS
        and all(0 < len(title) <= TITLE_LIMIT for title in titles)
        # Beside a button that shares something, a tap sends the title back as if it had been typed.
        and (not beside or len(set(titles)) == len(titles))
    )


def _asking(message: Outgoing, language: str) -> Outgoing:
    """With the labels of the buttons, one a line, and with words above them."""
    spoken, wanted = words(language), _requested(message)
    text = message.text or " ".join(spoken[f"{name}_request"] for name in wanted)
    return _described(message.model_copy(update={"text": text, "list_label": "\n".join(spoken[n] for n in wanted)}))


def _described(message: Outgoing) -> Outgoing:
    """Descriptions have no place on a button, so they become lines of the text; a typed title still is the tap."""
    if not any(choice.description for choice in message.choices):
        return message
    lines = "\n".join(
        f"• {choice.title.strip()} – {choice.description}" if choice.description else f"• {choice.title.strip()}"
        for choice in message.choices
    )
    bare = tuple(choice.model_copy(update={"description": None}) for choice in message.choices)
    return message.model_copy(update={"text": f"{message.text}\n\n{lines}".strip(), "choices": bare})


def _requested(message: Outgoing) -> list[str]:
    return ["contact"] * message.contact_request + ["location"] * message.location_request


def _requests(message: Outgoing) -> int:
    return len(_requested(message))


def _file(message: Outgoing) -> Outgoing | None:
    """The file under which the words may stand, alone; None when there is none."""
    if message.attachment is not None:
        return Outgoing(attachment=message.attachment) if may_carry_words(message.attachment.kind) else None
    return Outgoing(image_url=message.image_url) if message.image_url else None


def _before(message: Outgoing) -> list[Outgoing]:
    """What goes ahead: files that cannot carry the words, and the words that find no room in the last part."""
    ahead = []
    if message.image_url and message.attachment is not None:
        ahead.append(Outgoing(image_url=message.image_url))
    if message.attachment is not None and not may_carry_words(message.attachment.kind):
        ahead.append(Outgoing(attachment=message.attachment))
    earlier = message.text.removesuffix(_closing(message))
    return [*ahead, *(Outgoing(text=piece) for piece in split_text(earlier, _limit(earlier, TEXT_LIMIT)))]


def _last(message: Outgoing) -> list[Outgoing]:
    """The part with the file, the last words, and everything that can be tapped."""
    file, closing = _file(message), _closing(message)
    if file is None and not closing:
        return []
    tapped = {
        "text": closing,
        "choices": message.choices,
        "contact_request": message.contact_request,
        "location_request": message.location_request,
        "list_label": message.list_label,
    }
    return [(file or Outgoing()).model_copy(update=tapped)]


def _closing(message: Outgoing) -> str:
    """The words of the last part."""
    most = CAPTION_LIMIT if _file(message) is not None else TEXT_LIMIT
    if most == TEXT_LIMIT and not message.choices and not asks(message):
        pieces = split_text(message.text, _limit(message.text, TEXT_LIMIT))
        return pieces[-1] if pieces else ""
    return closing_text(message.text, _limit(message.text, most))


def _limit(text: str, units: int) -> int:
    """So many characters are never more than ``units`` of UTF-16, in which signs beyond the basic plane count twice."""
    return units if all(ord(sign) < 0x10000 for sign in text) else units // 2
