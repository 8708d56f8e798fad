"""A message cut into parts that each are one request: files, texts, and last what can be tapped.

Choices are quick replies, never the button template: both cut titles at 20 characters, but beside quick replies there
is room for 2000 characters of text instead of 640, for 13 choices instead of 3, and they go away once the conversation
moves on, so that nobody taps a stale one. What they cannot show whole becomes numbered text.
Limits: Meta, "Messenger Platform: Quick replies" and "Send API".
"""

from __future__ import annotations

from pathlib import Path

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import closing_text, numbered, split_text
from ramah.channels.messenger.words import words_in

TEXT_LIMIT = 2000
MOST_QUICK_REPLIES = 13
TITLE_LIMIT = 20
PAYLOAD_LIMIT = 1000
_WORDS = Path(__file__).with_name("words.yml")


def split_message(message: Outgoing, language: str) -> list[Outgoing]:
    """Parts of the message, in the order in which they are to be read. An empty message has none.

    Messenger has no templates of ours, no captions, no quotes and no button that shares a place: a template goes out as
    its wording, the rest is left out. ``language`` is that of the line above a bare request for the phone number.
    """
    fitting = _fitting(message, language)
    parts = [*_files(fitting), *_texts(fitting)]
    if parts and fitting.numbered:
        parts[-1] = parts[-1].model_copy(update={"numbered": fitting.numbered})
    return parts


def _fitting(message: Outgoing, language: str) -> Outgoing:
    """The message with choices that quick replies show whole, or with numbered text in their place."""
    preview = message.template.preview if message.template else ""
    text = (message.text or preview).strip()
    choices = tuple({choice.payload: choice for choice in reversed(message.choices)}.values())[::-1]
    if message.contact_request and not text and not choices:
        text = words_in(_WORDS, language)["contact_request"]
    plain = message.model_copy(update={"text": text, "choices": choices})
    if not choices or (text and _can_be_tapped(choices, beside=message.contact_request)):
        return plain
    return numbered(plain)


def _can_be_tapped(choices: tuple[Choice, ...], *, beside: bool) -> bool:
    titles = [choice.title.strip() for choice in choices]
    return (
        len(choices) + beside <= MOST_QUICK_REPLIES
        and len(set(titles)) == len(titles)
        and all(0 < len(title) <= TITLE_LIMIT for title in titles)
        and all(0 < len(choice.payload) <= PAYLOAD_LIMIT and choice.description is None for choice in choices)
    )


def _files(message: Outgoing) -> list[Outgoing]:
    """Each file as a message of its own: Messenger has no captions."""
    files = [Outgoing(image_url=message.image_url or None), Outgoing(attachment=message.attachment)]
    return [file for file in files if file != Outgoing()]


def _texts(message: Outgoing) -> list[Outgoing]:
    if not message.choices and not message.contact_request:
        return _plain(message.text)
    closing = closing_text(message.text, TEXT_LIMIT)
    tapped = Outgoing(text=closing, choices=message.choices, contact_request=message.contact_request)
    return [*_plain(message.text.removesuffix(closing)), tapped]


def _plain(text: str) -> list[Outgoing]:
    return [Outgoing(text=piece) for piece in split_text(text, TEXT_LIMIT)]
