"""What a browser or a program sent back: the values, the token, the language, and whether a machine filled it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError
from pydantic import Field as Limit
from sanic import Request
from sanic.exceptions import SanicException

from console.security import form_text
from ramah.channels.webform.definition import FormDefinition
from ramah.lib.errors import BadInput

LARGEST_BODY = 64 * 1024
TOKEN, LANGUAGE, SWITCH, TRAP = "_token", "_language", "_switch", "_website"
"""Fields of our own. Names of a form's fields begin with a letter. ``_website`` is seen by machines only."""


@dataclass(frozen=True)
class Posted:
    """One request, not yet checked. ``switch_to`` asks for the same page in another language."""

    values: dict[str, str] = field(default_factory=dict)
    token: str = ""
    language: str = ""
    switch_to: str = ""
    trapped: bool = False
    is_json: bool = False


class JsonBody(BaseModel):
    """What a program sends."""

    token: str = Limit("", max_length=200)
    language: str = Limit("", max_length=5)
    values: dict[str, str] = Limit(default_factory=dict, max_length=100)


def read_posted(request: Request, form: FormDefinition) -> Posted:
    """The request's content. Raises BadInput (400), or 413 when it is too large."""
    if len(request.body or b"") > LARGEST_BODY:
        raise SanicException("The form is too large.", status_code=413)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return _read_json(request.body or b"")
    given: Mapping[str, object] = {name: form_text(request, name) for name in request.form or {}}
    return Posted(
        values={field.name: str(given.get(field.name) or "") for field in form.fields},
        token=str(given.get(TOKEN) or ""),
        language=str(given.get(LANGUAGE) or ""),
        switch_to=str(given.get(SWITCH) or ""),
        trapped=bool(given.get(TRAP)),
    )


def _read_json(body: bytes) -> Posted:
    try:
        read = JsonBody.model_validate_json(body)
    except ValidationError as error:
        raise BadInput(f"the request cannot be read: {error.errors()[0]['msg']}") from error
    trapped = bool(read.values.get(TRAP))
    return Posted(read.values, read.token, read.language, trapped=trapped, is_json=True)
