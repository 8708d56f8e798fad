"""Approved templates, and what a message that uses one must bring."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field

from tests.fakes.graph.refusals import RefusalError
from tests.fakes.graph.shapes import File, Strict

_ODD_SPACES = re.compile(r"[\n\t]| {5,}")


class KnownTemplate(BaseModel):
    """One approved template. ``body`` holds the names of its parameters, ``{{1}}`` and so on for positional ones;
    ``buttons`` the kinds of its buttons that take a parameter, by index."""

    model_config = ConfigDict(extra="forbid")

    name: str
    language: str = "id"
    header: Literal["none", "text", "image", "video", "document"] = "none"
    body: list[str] = Field(default_factory=list)
    buttons: dict[int, Literal["url", "quick_reply"]] = Field(default_factory=dict)
    paused: bool = False


class Language(Strict):
    code: str
    policy: str = "deterministic"


class TextParameter(Strict):
    type: Literal["text"]
    text: Annotated[str, Field(min_length=1, max_length=1024)]
    parameter_name: str | None = None


class ImageParameter(Strict):
    type: Literal["image"]
    image: File


class VideoParameter(Strict):
    type: Literal["video"]
    video: File


class DocumentParameter(Strict):
    type: Literal["document"]
    document: File


class PayloadParameter(Strict):
    type: Literal["payload"]
    payload: Annotated[str, Field(min_length=1, max_length=256)]


HeaderParameter = Annotated[TextParameter | ImageParameter | VideoParameter | DocumentParameter, Discriminator("type")]


class HeaderComponent(Strict):
    type: Literal["header"]
    parameters: Annotated[list[HeaderParameter], Field(min_length=1, max_length=1)]


class BodyComponent(Strict):
    type: Literal["body"]
    parameters: list[TextParameter]


class ButtonComponent(Strict):
    type: Literal["button"]
    sub_type: Literal["url", "quick_reply"]
    index: Annotated[str, Field(pattern=r"^[0-9]$")]
    parameters: Annotated[
        list[Annotated[TextParameter | PayloadParameter, Discriminator("type")]], Field(min_length=1, max_length=1)
    ]


Component = Annotated[HeaderComponent | BodyComponent | ButtonComponent, Discriminator("type")]


class UsedTemplate(Strict):
    """The ``template`` object of a message."""

    name: str
    language: Language
    components: list[Component] = Field(default_factory=list)

    def files(self) -> list[tuple[str, File]]:
        """The files in it, with their kinds."""
        headers = [item.parameters[0] for item in self.components if isinstance(item, HeaderComponent)]
        return [(item.type, getattr(item, item.type)) for item in headers if not isinstance(item, TextParameter)]


def check_template(used: UsedTemplate, known: Sequence[KnownTemplate]) -> None:
    """Raise RefusalError unless an approved template fits."""
    found = next((one for one in known if (one.name, one.language) == (used.name, used.language.code)), None)
    if found is None:
        details = f"template name ({used.name}) does not exist in {used.language.code}"
        raise RefusalError(404, 132001, "Template name does not exist in the translation", details)
    if found.paused:
        raise RefusalError(400, 132015, "Template is Paused", "This template has low quality and was paused.")
    _check_body(used, found)
    headers = [item.parameters[0].type for item in used.components if isinstance(item, HeaderComponent)]
    if headers != ([] if found.header == "none" else [found.header]):
        raise _format(f"header: expected {found.header}, received {headers}")
    buttons = {int(item.index): item.sub_type for item in used.components if isinstance(item, ButtonComponent)}
    if buttons != found.buttons:
        raise _format(f"buttons: expected {found.buttons}, received {buttons}")


def _check_body(used: UsedTemplate, known: KnownTemplate) -> None:
    given = [
        item for component in used.components if isinstance(component, BodyComponent) for item in component.parameters
    ]
    if len(given) != len(known.body):
        details = f"body: number of localizable_params ({len(given)}) does not match the expected ({len(known.body)})"
        raise RefusalError(400, 132000, "Number of parameters does not match the expected number of params", details)
    named = [name for name in known.body if not name.startswith("{{")]
    if named and [item.parameter_name for item in given] != named:
        raise _format("body: parameter names do not match")
    if any(_ODD_SPACES.search(item.text) for item in given):
        raise _format("body: parameters hold a new line, a tab or more than four spaces in a row")


def _format(details: str) -> RefusalError:
    return RefusalError(400, 132012, "Parameter format does not match format in the created template", details)
