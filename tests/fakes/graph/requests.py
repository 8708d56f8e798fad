"""What Graph accepts as a message: its shapes and limits, written from Meta's reference and from nothing of ours."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from tests.fakes.graph.interactive import Buttons, Interactive
from tests.fakes.graph.refusals import RefusalError
from tests.fakes.graph.shapes import CaptionedFile, File, Strict, text
from tests.fakes.graph.templates import UsedTemplate


class Text(Strict):
    body: Annotated[str, text(4096)]
    preview_url: bool = False


class TextMessage(Strict):
    type: Literal["text"]
    text: Text


class ImageMessage(Strict):
    type: Literal["image"]
    image: CaptionedFile


class VideoMessage(Strict):
    type: Literal["video"]
    video: CaptionedFile


class DocumentMessage(Strict):
    type: Literal["document"]
    document: CaptionedFile


class AudioMessage(Strict):
    type: Literal["audio"]
    audio: File


class StickerMessage(Strict):
    type: Literal["sticker"]
    sticker: File


class InteractiveMessage(Strict):
    type: Literal["interactive"]
    interactive: Interactive


class TemplateMessage(Strict):
    type: Literal["template"]
    template: UsedTemplate


class Context(Strict):
    """The message that is quoted."""

    message_id: Annotated[str, Field(min_length=1)]


class Envelope(BaseModel):
    """What stands around every kind of message."""

    model_config = ConfigDict(extra="ignore")

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"] = "individual"
    to: str | None = None
    recipient: str | None = None
    type: str = "text"
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, StringConstraints(max_length=512)] | None = None

    @model_validator(mode="after")
    def _addressed(self) -> Envelope:
        if not self.to and not self.recipient:
            raise ValueError("the parameter to is required")
        return self

    @property
    def user(self) -> str:
        """The recipient: digits, or a business-scoped id."""
        return self.recipient or "".join(character for character in self.to or "" if character.isdigit())


FileMessage = ImageMessage | VideoMessage | DocumentMessage | AudioMessage | StickerMessage
Message = Annotated[TextMessage | FileMessage | InteractiveMessage | TemplateMessage, Discriminator("type")]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_AROUND = {"messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data", "context"}


def read_message(body: dict[str, Any]) -> tuple[Envelope, Message]:
    """Check a message against every limit that needs no memory. Raises RefusalError."""
    try:
        envelope = Envelope.model_validate(body)
        content = {"type": "text"} | {key: body[key] for key in body.keys() - _AROUND}
        return envelope, _MESSAGE.validate_python(content)
    except ValidationError as error:
        raise _refusal(error) from error


def files_of(message: Message) -> list[tuple[str, File]]:
    """The files that a message names, each with the kind that it must be of."""
    if isinstance(message, TemplateMessage):
        return message.template.files()
    if isinstance(message, InteractiveMessage):
        header = message.interactive.header if isinstance(message.interactive, Buttons) else None
        return [(header.type, getattr(header, header.type))] if header else []
    if isinstance(message, TextMessage):
        return []
    return [(message.type, getattr(message, message.type))]


def _refusal(error: ValidationError) -> RefusalError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "message"
    details = f"{place}: {first['msg']}"
    if first["type"] == "missing":
        return RefusalError(400, 131008, "Required parameter is missing", details)
    if first["type"] in ("union_tag_invalid", "extra_forbidden", "literal_error"):
        return RefusalError(400, 100, "Invalid parameter", details)
    return RefusalError(400, 131009, "Parameter value is not valid", details)
