"""What the Send API accepts: shapes and limits, written from Meta's reference and from nothing of ours."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tests.fakes.messenger.refusals import RefusalError

MOST_BYTES = 25 * 1024 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _text(most: int) -> Any:
    return StringConstraints(min_length=1, max_length=most, pattern=r"\S")


class Recipient(_Strict):
    id: Annotated[str, Field(min_length=1)]


class QuickReply(_Strict):
    """``title`` and ``payload`` belong to texts; the number is filled in from the person's profile."""

    content_type: Literal["text", "user_phone_number", "user_email"]
    title: Annotated[str, _text(20)] | None = None
    payload: Annotated[str, _text(1000)] | None = None
    image_url: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> QuickReply:
        if (self.content_type == "text") != (self.title is not None and self.payload is not None):
            raise ValueError("title and payload are for texts, and texts need both")
        return self


class AttachmentPayload(_Strict):
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2048)] | None = None
    is_reusable: bool = False


class SentAttachment(_Strict):
    type: Literal["image", "video", "audio", "file"]
    payload: AttachmentPayload


class SentMessage(_Strict):
    text: Annotated[str, _text(2000)] | None = None
    attachment: SentAttachment | None = None
    quick_replies: Annotated[list[QuickReply], Field(min_length=1, max_length=13)] | None = None
    metadata: Annotated[str, StringConstraints(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _one_content(self) -> SentMessage:
        if (self.text is None) == (self.attachment is None):
            raise ValueError("give one of text or attachment")
        return self


class SendRequest(_Strict):
    """``POST /{page}/messages``: a message, or an action that is sent alone."""

    recipient: Recipient
    messaging_type: Literal["RESPONSE", "UPDATE", "MESSAGE_TAG"] = "RESPONSE"
    tag: str | None = None
    message: SentMessage | None = None
    sender_action: Literal["mark_seen", "typing_on", "typing_off"] | None = None

    @model_validator(mode="after")
    def _one_purpose(self) -> SendRequest:
        if (self.message is None) == (self.sender_action is None):
            raise ValueError("give one of message or sender_action")
        if (self.messaging_type == "MESSAGE_TAG") != (self.tag is not None):
            raise ValueError("tag and MESSAGE_TAG belong together")
        return self


def read_request(body: dict[str, Any], file: bytes | None) -> SendRequest:
    """Check a request against every limit that needs no memory. Raises RefusalError."""
    try:
        request = SendRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "request"
        raise RefusalError(100, f"Invalid parameter: {place}: {first['msg']}") from error
    attachment = request.message.attachment if request.message else None
    named = attachment is not None and attachment.payload.url is not None
    if attachment is not None and named == (file is not None):
        raise RefusalError(100, "give one of payload.url or filedata")
    if file is not None and (attachment is None or not file):
        raise RefusalError(100, "filedata belongs to an attachment and is not empty")
    if file is not None and len(file) > MOST_BYTES:
        raise RefusalError(100, "Attachment size exceeds allowable limit", 2018109)
    return request
