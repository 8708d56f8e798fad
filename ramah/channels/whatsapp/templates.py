"""Templates as request bodies. Source: Meta, "Send message templates" of the Cloud API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ramah.channels.content import Template, TemplateParameter
from ramah.channels.whatsapp.attachments import media_object

Body = dict[str, object]


def template_object(template: Template, files: Mapping[str, str]) -> Body:
    """The ``template`` object of a message; ``files`` maps our media ids to Meta's.

    Raises ValueError for a header whose file was not uploaded.
    """
    components = [*_placed(template, "header", files), *_placed(template, "body", files), *_buttons(template)]
    described: Body = {"name": template.name, "language": {"code": template.language}}
    return {**described, "components": components} if components else described


def _placed(template: Template, place: str, files: Mapping[str, str]) -> Iterable[Body]:
    parameters = [_parameter(item, files) for item in template.parameters if item.place == place]
    return [{"type": place, "parameters": parameters}] if parameters else []


def _parameter(parameter: TemplateParameter, files: Mapping[str, str]) -> Body:
    if parameter.attachment is not None:
        return media_object(parameter.attachment, files)
    named = {"parameter_name": parameter.name} if parameter.name else {}
    return {"type": "text", **named, "text": _one_line(parameter.text)}


def _buttons(template: Template) -> Iterable[Body]:
    return [_button(item) for item in template.parameters if item.place == "button"]


def _button(parameter: TemplateParameter) -> Body:
    value = {"type": "text", "text": parameter.text}
    if parameter.button_kind == "quick_reply":
        value = {"type": "payload", "payload": parameter.text}
    head = {"type": "button", "sub_type": parameter.button_kind, "index": str(parameter.index)}
    return {**head, "parameters": [value]}


def _one_line(text: str) -> str:
    """Meta refuses line breaks, tabs and more than four spaces in a row inside a parameter."""
    return " ".join(text.split())
