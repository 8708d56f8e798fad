"""A message cut into parts that each are one request: files, texts, choices, and what asks for a place.

Limits: Meta, "Send messages" of the WhatsApp Business Platform.
"""

from __future__ import annotations

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import closing_text, numbered, split_text
from ramah.channels.whatsapp.attachments import CAPTION_LIMIT, HEADER_KINDS, RULES
from ramah.channels.whatsapp.interactive import INTERACTIVE_TEXT_LIMIT, as_buttons, as_list

TEXT_LIMIT = 4096


def split_message(message: Outgoing) -> list[Outgoing]:
    """Parts of the message, in the order in which they are to be read. An empty message has none.

    A template is one part as it stands: nothing that stands beside it is sent. The first part quotes ``reply_to``;
    the last one carries ``numbered``, so that a typed number still finds its choice.
    """
    if message.template is not None:
        return [message]
    fitting = _fitting(message)
    parts = _parts(fitting)
    if not parts:
        return []
    parts[-1] = parts[-1].model_copy(update={"numbered": fitting.numbered})
    parts[0] = parts[0].model_copy(update={"reply_to": fitting.reply_to})
    return parts


def _fitting(message: Outgoing) -> Outgoing:
    """The message with choices that WhatsApp can show, or with numbered text in their place."""
    choices = _distinct(message.choices)
    cleaned = message.model_copy(update={"text": message.text.strip(), "choices": choices})
    return cleaned if as_buttons(choices) or as_list(choices) else numbered(cleaned)


def _distinct(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices without repeated payloads: the API refuses them, and both taps would mean the same."""
    first: dict[str, Choice] = {}
    for choice in choices:
        first.setdefault(choice.payload, choice)
    return tuple(first.values())


def _parts(message: Outgoing) -> list[Outgoing]:
    if not message.choices and not message.location_request:
        return _plain_parts(message)
    beside = _header_of(message)
    files = _files(message, beside)
    closing = closing_text(message.text, INTERACTIVE_TEXT_LIMIT)
    texts = _texts(message.text.removesuffix(closing))
    if not message.choices:
        return [*files, *texts, Outgoing(text=closing, location_request=True)]
    choices = beside.model_copy(update={"text": closing, "choices": message.choices, "list_label": message.list_label})
    place = [Outgoing(location_request=True)] if message.location_request else []
    return [*files, *texts, choices, *place]


def _header_of(message: Outgoing) -> Outgoing:
    """The file that stands above the choices; only buttons carry one, and only one."""
    if not message.choices or not as_buttons(message.choices):
        return Outgoing()
    if message.attachment is not None and message.attachment.kind in HEADER_KINDS:
        return Outgoing(attachment=message.attachment)
    return Outgoing(image_url=message.image_url or None)


def _files(message: Outgoing, shown_elsewhere: Outgoing | None = None) -> list[Outgoing]:
    """Each file as a message of its own, but for the one that is shown elsewhere."""
    files = [Outgoing(image_url=message.image_url or None), Outgoing(attachment=message.attachment)]
    return [file for file in files if file not in (Outgoing(), shown_elsewhere)]


def _plain_parts(message: Outgoing) -> list[Outgoing]:
    files = _files(message)
    if files and _takes_caption(files[-1], message.text):
        return [*files[:-1], files[-1].model_copy(update={"text": message.text})]
    return [*files, *_texts(message.text)]


def _takes_caption(file: Outgoing, text: str) -> bool:
    captioned = file.attachment is None or RULES[file.attachment.kind].captioned
    return captioned and len(text) <= CAPTION_LIMIT


def _texts(text: str) -> list[Outgoing]:
    return [Outgoing(text=piece) for piece in split_text(text, TEXT_LIMIT)]
