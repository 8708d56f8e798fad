"""The bodies that the platform sends, checked and cleaned."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Extra, Field, StrictStr, ValidationError, validator

from engine.connector.failures import FailureKind, TurnFailure

MAXIMUM_TEXT_BYTES = 64 * 1024
MAXIMUM_BODY_BYTES = 256 * 1024
MAXIMUM_ID_LENGTH = 255
MAXIMUM_CHANNEL_LENGTH = 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

Language = Literal["id", "ms", "en"]
RequestType = TypeVar("RequestType", bound=BaseModel)


def clean_text(text: str) -> str:
    """Drop null characters and replace half characters, which no database or JSON reader takes."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))


class EngineRequest(BaseModel):
    """What every request names: the conversation, the message and the channel."""

    conversation_id: StrictStr = Field(min_length=1, max_length=MAXIMUM_ID_LENGTH)
    message_id: StrictStr = Field(min_length=1, max_length=MAXIMUM_ID_LENGTH)
    channel: StrictStr = Field(min_length=1, max_length=MAXIMUM_CHANNEL_LENGTH)

    class Config:
        """Unknown fields are refused, so that a misspelt one is noticed."""

        extra = Extra.forbid

    @validator("conversation_id", "message_id", "channel")
    def _refuse_control_characters(cls, value: str) -> str:
        if _CONTROL.search(value) or _LONE_SURROGATE.search(value):
            raise ValueError("control characters are not allowed")
        return value


class TurnRequest(EngineRequest):
    """One message of a customer. `payload` is what a tapped button carried.

    With `leaves_form` the dialogue leaves whatever form it is in before it hears the message.
    """

    text: StrictStr
    payload: StrictStr | None = None
    leaves_form: bool = False
    language_hint: Language | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)

    @validator("text", "payload")
    def _clean(cls, value: str | None) -> str | None:
        if value is None:
            return None
        cleaned = clean_text(value)
        if len(cleaned.encode()) > MAXIMUM_TEXT_BYTES:
            raise ValueError(f"longer than {MAXIMUM_TEXT_BYTES} bytes")
        return cleaned

    @validator("metadata", pre=True)
    def _hold_names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("metadata is an object")
        return value

    @validator("payload")
    def _begin_with_slash(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("/"):
            raise ValueError("a payload begins with '/'")
        return value


class SayRequest(EngineRequest):
    """One response that the platform wants said, outside of any customer message."""

    response: str = Field(regex=r"^utter_\w+$")
    variables: dict[str, Any] = Field(default_factory=dict)
    slots: dict[str, Any] = Field(default_factory=dict)
    language: Language | None = None


class FailedTurn(BaseModel):
    """What was said in a turn that failed: the dialogue keeps nothing of it. ``moment`` is when, in seconds (Unix)."""

    text: str = Field(max_length=MAXIMUM_TEXT_BYTES)
    payload: str | None = None
    channel: str
    moment: float

    class Config:
        """Unknown fields are refused, so that a misspelt one is noticed."""

        extra = Extra.forbid


class ReplayRequest(BaseModel):
    """A message that was handled, to be run once more in memory; with what it said where its turn failed."""

    conversation_id: StrictStr = Field(min_length=1, max_length=MAXIMUM_ID_LENGTH)
    message_id: StrictStr = Field(min_length=1, max_length=MAXIMUM_ID_LENGTH)
    failed: FailedTurn | None = None

    class Config:
        """Unknown fields are refused, so that a misspelt one is noticed."""

        extra = Extra.forbid


def read_request(body: bytes, request_type: type[RequestType]) -> RequestType:
    """Read a request body.

    Raises:
        TurnFailure: `bad_request` when the body is too long, no JSON object, or does not fit.
    """
    if len(body) > MAXIMUM_BODY_BYTES:
        raise _bad_request(f"the body is longer than {MAXIMUM_BODY_BYTES} bytes")
    try:
        return request_type.parse_obj(json.loads(body))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _bad_request(problems) from error
    except (ValueError, RecursionError) as error:
        raise _bad_request("the body is not JSON") from error


def _bad_request(detail: str) -> TurnFailure:
    return TurnFailure(FailureKind.BAD_REQUEST, "read_request", detail, permanent=True)
