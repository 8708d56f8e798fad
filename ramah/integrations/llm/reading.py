"""From a completion to the JSON in it: tolerant about wrapping, strict about types."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ramah.integrations.http import Answer
from ramah.integrations.llm.errors import Unreadable
from ramah.lib.outside_json import read_outside_json

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
FINISHED = frozenset({None, "stop"})


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    content: str | None = None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    choices: list[_Choice] = Field(min_length=1)


def json_in(answer: Answer) -> object:
    """The JSON that the model wrote. Raises Unreadable; its text holds nothing of what was written."""
    try:
        choice = _Completion.model_validate(read_outside_json(answer.content)).choices[0]
    except (ValueError, RecursionError, ValidationError) as error:
        raise Unreadable("the answer is no chat completion", code="no_completion") from error
    if choice.finish_reason not in FINISHED:
        raise Unreadable(f"the answer ended with {choice.finish_reason[:30]!r}", code="cut_off")  # type: ignore[index]
    return _read(_bare(choice.message.content or ""))


def _bare(content: str) -> str:
    """Without what some models write around the JSON: thoughts, a code fence, a sentence before or after."""
    told = _THOUGHT.sub("", content).strip()
    fenced = _FENCE.search(told)
    told = fenced[1].strip() if fenced else told
    first, last = told.find("{"), told.rfind("}")
    return told[first : last + 1] if 0 <= first < last else told


def _read(text: str) -> object:
    try:
        return read_outside_json(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the answer is not JSON", code="no_json") from error
