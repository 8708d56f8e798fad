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

from tests.fakes.graph.refusals import RefusalError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _text(most: int) -> Any:
    return StringConstraints(min_length=1, max_length=most, pattern=r"\S")


Body1024 = Annotated[str, _text(1024)]
Title20 = Annotated[str, _text(20), StringConstraints(pattern=r"^[^*_~`\n]*$")]
Title24 = Annotated[str, _text(24)]
PublicLink = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2048)]


class Text(_Strict):
    body: Annotated[str, _text(4096)]
    preview_url: bool = False


class TextMessage(_Strict):
    type: Literal["text"]
    text: Text


class Image(_Strict):
    link: PublicLink
    caption: Annotated[str, _text(1024)] | None = None


class ImageMessage(_Strict):
    type: Literal["image"]
    image: Image


class HeaderImage(_Strict):
    link: PublicLink


class Header(_Strict):
    type: Literal["image"]
    image: HeaderImage


class BodyText(_Strict):
    text: Body1024


class Reply(_Strict):
    id: Annotated[str, _text(256), StringConstraints(pattern=r"^\S(.*\S)?$")]
    title: Title20


class Button(_Strict):
    type: Literal["reply"]
    reply: Reply


class ButtonAction(_Strict):
    buttons: Annotated[list[Button], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _unique(self) -> ButtonAction:
        for name in ("id", "title"):
            values = [getattr(button.reply, name) for button in self.buttons]
            if len(set(values)) != len(values):
                raise ValueError(f"button {name}s must be unique")
        return self


class Buttons(_Strict):
    type: Literal["button"]
    header: Header | None = None
    body: BodyText
    action: ButtonAction


class Row(_Strict):
    id: Annotated[str, _text(200), StringConstraints(pattern=r"^\S(.*\S)?$")]
    title: Title24
    description: Annotated[str, _text(72)] | None = None


class Section(_Strict):
    title: Title24 | None = None
    rows: Annotated[list[Row], Field(min_length=1, max_length=10)]


class ListAction(_Strict):
    button: Annotated[str, _text(20)]
    sections: Annotated[list[Section], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _rows(self) -> ListAction:
        ids = [row.id for section in self.sections for row in section.rows]
        if len(ids) > 10:
            raise ValueError("total row count exceeds 10")
        if len(set(ids)) != len(ids):
            raise ValueError("row ids must be unique")
        if len(self.sections) > 1 and any(section.title is None for section in self.sections):
            raise ValueError("section title is required with several sections")
        return self


class ListMenu(_Strict):
    type: Literal["list"]
    body: BodyText
    action: ListAction


class InteractiveMessage(_Strict):
    type: Literal["interactive"]
    interactive: Annotated[Buttons | ListMenu, Discriminator("type")]


class TemplateMessage(_Strict):
    type: Literal["template"]
    template: dict[str, Any]


class Envelope(BaseModel):
    """What stands around every kind of message."""

    model_config = ConfigDict(extra="ignore")

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"] = "individual"
    to: str | None = None
    recipient: str | None = None
    type: str = "text"
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


Message = Annotated[TextMessage | ImageMessage | InteractiveMessage | TemplateMessage, Discriminator("type")]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_AROUND = {"messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data", "context"}


def read_message(body: dict[str, Any]) -> Envelope:
    """Check a message against every limit. Raises RefusalError."""
    try:
        envelope = Envelope.model_validate(body)
        _MESSAGE.validate_python({"type": "text"} | {key: body[key] for key in body.keys() - _AROUND})
    except ValidationError as error:
        raise _refusal(error) from error
    return envelope


def _refusal(error: ValidationError) -> RefusalError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "message"
    details = f"{place}: {first['msg']}"
    if first["type"] == "missing":
        return RefusalError(400, 131008, "Required parameter is missing", details)
    if first["type"] in ("union_tag_invalid", "extra_forbidden", "literal_error"):
        return RefusalError(400, 100, "Invalid parameter", details)
    return RefusalError(400, 131009, "Parameter value is not valid", details)
