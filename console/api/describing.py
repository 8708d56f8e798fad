"""Declarations beside the handlers of JSON routes; the OpenAPI document is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

Function = TypeVar("Function", bound=Callable[..., Any])
ATTRIBUTE = "__described__"
JSON = "application/json"


class Proof(StrEnum):
    """What proves who asks."""

    NOBODY = "nobody"
    SESSION = "session"
    VISITOR = "visitor"
    SIGNATURE = "signature"


class Exact(BaseModel):
    """A body or answer that has these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class ProblemAnswer(Exact):
    """Why something was refused: a heading, and what to do."""

    error: str
    message: str


@dataclass(frozen=True)
class Description:
    """What a JSON route takes and gives. ``answers`` maps a status to a model, or to a media type for other content;
    ``query`` maps the names of the query string to what they mean."""

    summary: str
    tag: str
    answers: Mapping[int, type[BaseModel] | str]
    body: type[BaseModel] | None = None
    body_type: str = JSON
    query: Mapping[str, str] = field(default_factory=dict)
    proof: Proof = Proof.SESSION
    problems: tuple[int, ...] = ()


def described(description: Description) -> Callable[[Function], Function]:
    """Note the description on a handler. Put it innermost: the guards around take it over."""

    def decorate(function: Function) -> Function:
        setattr(function, ATTRIBUTE, description)
        return function

    return decorate


def description_of(handler: object) -> Description | None:
    """What was noted on a handler."""
    found = getattr(handler, ATTRIBUTE, None)
    return found if isinstance(found, Description) else None
