"""Interactive messages as Graph accepts them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, model_validator

from tests.fakes.graph.shapes import File, Strict, text

Body1024 = Annotated[str, text(1024)]
Title20 = Annotated[str, text(20), StringConstraints(pattern=r"^[^*_~`\n]*$")]
Title24 = Annotated[str, text(24)]


class ImageHeader(Strict):
    type: Literal["image"]
    image: File


class VideoHeader(Strict):
    type: Literal["video"]
    video: File


class DocumentHeader(Strict):
    type: Literal["document"]
    document: File


Header = Annotated[ImageHeader | VideoHeader | DocumentHeader, Discriminator("type")]


class BodyText(Strict):
    text: Body1024


class Reply(Strict):
    id: Annotated[str, text(256), StringConstraints(pattern=r"^\S(.*\S)?$")]
    title: Title20


class Button(Strict):
    type: Literal["reply"]
    reply: Reply


class ButtonAction(Strict):
    buttons: Annotated[list[Button], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _unique(self) -> ButtonAction:
        for name in ("id", "title"):
            values = [getattr(button.reply, name) for button in self.buttons]
            if len(set(values)) != len(values):
                raise ValueError(f"button {name}s must be unique")
        return self


class Buttons(Strict):
    type: Literal["button"]
    header: Header | None = None
    body: BodyText
    action: ButtonAction


class Row(Strict):
    id: Annotated[str, text(200), StringConstraints(pattern=r"^\S(.*\S)?$")]
    title: Title24
    description: Annotated[str, text(72)] | None = None


class Section(Strict):
    title: Title24 | None = None
    rows: Annotated[list[Row], Field(min_length=1, max_length=10)]


class ListAction(Strict):
    button: Annotated[str, text(20)]
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


class ListMenu(Strict):
    type: Literal["list"]
    body: BodyText
    action: ListAction


class SendLocation(Strict):
    name: Literal["send_location"]


class LocationRequest(Strict):
    type: Literal["location_request_message"]
    body: BodyText
    action: SendLocation


Interactive = Annotated[Buttons | ListMenu | LocationRequest, Discriminator("type")]
