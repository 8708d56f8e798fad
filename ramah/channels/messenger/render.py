"""Messages as request bodies of the Send API, each part within all limits. Source: Meta, "Send API"."""

from __future__ import annotations

from ramah.channels.content import Outgoing
from ramah.channels.messenger.files import TYPES
from ramah.channels.messenger.split import split_message

Body = dict[str, object]

HUMAN_AGENT = "HUMAN_AGENT"
"""The tag under which a person of the page may answer for seven days. Source: Meta, "Message tags"."""


def one_part(message: Outgoing) -> Outgoing:
    """The message as one request. Raises ValueError when it is empty or needs several."""
    parts = split_message(message, "en")
    if len(parts) != 1:
        raise ValueError(f"this message is {len(parts)} requests, not one; split it first")
    return parts[0]


def render(part: Outgoing, recipient: str, reference: str, *, human_agent: bool = False) -> Body:
    """The request body of one part; ``reference`` comes back in the echo.

    ``human_agent``: a person answers outside the 24 hours. A file that travels with the request is only announced here.
    """
    kind: Body = (
        {"messaging_type": "MESSAGE_TAG", "tag": HUMAN_AGENT} if human_agent else {"messaging_type": "RESPONSE"}
    )
    return {"recipient": {"id": recipient}, **kind, "message": {**_content(part), "metadata": reference}}


def _content(part: Outgoing) -> Body:
    if part.attachment is not None:
        return _attachment(TYPES[part.attachment.kind], {"is_reusable": False})
    if part.image_url:
        return _attachment("image", {"url": part.image_url, "is_reusable": False})
    replies = _quick_replies(part)
    return {"text": part.text, **({"quick_replies": replies} if replies else {})}


def _attachment(kind: str, payload: Body) -> Body:
    return {"attachment": {"type": kind, "payload": payload}}


def _quick_replies(part: Outgoing) -> list[Body]:
    replies: list[Body] = [
        {"content_type": "text", "title": choice.title.strip(), "payload": choice.payload} for choice in part.choices
    ]
    return [*replies, {"content_type": "user_phone_number"}] if part.contact_request else replies
