"""Messages as request bodies of the Cloud API, each part within all limits.

Source: Meta, "Send messages" of the WhatsApp Business Platform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ramah.channels.content import Attachment, Outgoing
from ramah.channels.whatsapp.attachments import media_object, uploads_of
from ramah.channels.whatsapp.interactive import interactive_object
from ramah.channels.whatsapp.split import split_message
from ramah.channels.whatsapp.templates import template_object

Body = dict[str, object]

_LINK = re.compile(r"https?://")
_BUSINESS_SCOPED_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+")


def one_part(message: Outgoing) -> Outgoing:
    """The message as one request. Raises ValueError when it is empty or needs several."""
    parts = split_message(message)
    if len(parts) != 1:
        raise ValueError(f"this message is {len(parts)} requests, not one; split it first")
    return parts[0]


def needed_uploads(part: Outgoing) -> list[Attachment]:
    """The files that Meta must hold before this part can be sent."""
    parameters = part.template.parameters if part.template else ()
    own = None if part.template else part.attachment
    return uploads_of((own, *(parameter.attachment for parameter in parameters)))


def render(message: Outgoing, recipient: str, reference: str, files: Mapping[str, str] | None = None) -> Body:
    """The request body of one part that ``split_message`` made.

    ``recipient`` is a number in digits or a business-scoped user id; ``reference`` comes back in receipts; ``files``
    maps our media ids to Meta's. Raises ValueError for a message that is empty or needs several requests, and for a
    file that was not uploaded.
    """
    part = one_part(message)
    address = "recipient" if _BUSINESS_SCOPED_ID.fullmatch(recipient) else "to"
    quoted = {"context": {"message_id": part.reply_to}} if part.reply_to else {}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        address: recipient,
        "biz_opaque_callback_data": reference,
        **quoted,
        **_content(part, files or {}),
    }


def _content(part: Outgoing, files: Mapping[str, str]) -> Body:
    if part.template is not None:
        return {"type": "template", "template": template_object(part.template, files)}
    if part.choices or part.location_request:
        return {"type": "interactive", "interactive": interactive_object(part, files)}
    if part.attachment is not None:
        return media_object(part.attachment, files, caption=part.text)
    if part.image_url:
        caption = {"caption": part.text} if part.text else {}
        return {"type": "image", "image": {"link": part.image_url, **caption}}
    return {"type": "text", "text": {"body": part.text, "preview_url": bool(_LINK.search(part.text))}}
