"""JSON in and out: bodies become models at the edge, answers are models."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Request
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, raw

from ramah.lib.errors import BadInput

Body = TypeVar("Body", bound=BaseModel)


def read_body(request: Request, kind: type[Body]) -> Body:
    """The posted JSON as a model. Raises BadInput with the field that is wrong, and 415 for another content type,
    which no form of another site can avoid."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise SanicException("Send the body as application/json.", status_code=415, quiet=True)
    try:
        return kind.model_validate_json(request.body or b"")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {first['msg']}" if where else first["msg"]) from error


def answer(model: BaseModel, status: int = 200) -> HTTPResponse:
    """A model as the answer; nobody keeps it."""
    body = model.model_dump_json(by_alias=True).encode()
    return raw(body, status=status, content_type="application/json", headers={"cache-control": "no-store"})
