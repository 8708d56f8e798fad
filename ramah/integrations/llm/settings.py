"""How to reach one model, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ramah.integrations.http import HttpLimits

JsonMode = Literal["json_schema", "json_object", "none"]
MOST_TOKENS = 400
MOST_BYTES = 200_000


class LlmAccess(BaseModel):
    """One model of one server. ``timeout`` (seconds) covers all attempts of a question together.

    ``extra`` is laid over the request's body; a null takes a member out (``max_tokens`` where a server wants another
    name for it)."""

    model_config = ConfigDict(frozen=True)

    base_url: str
    key: SecretStr | None = None
    model: str
    timeout: float = Field(default=4.0, gt=0)
    attempts: int = Field(default=2, ge=1)
    json_mode: JsonMode = "json_schema"
    extra: dict[str, Any] = Field(default_factory=dict)
    at_once: int = Field(default=2, ge=1)
    place_wait: float = Field(default=0.5, ge=0)
    breaker_threshold: int = Field(default=3, ge=1)
    breaker_seconds: float = Field(default=60.0, gt=0)

    @property
    def limits(self) -> HttpLimits:
        """The same patience for connecting, reading and all of it."""
        return HttpLimits(
            connect=min(2.0, self.timeout),
            read=self.timeout,
            total=self.timeout,
            attempts=self.attempts,
            wait_max=min(0.5, self.timeout / 4),
            wait_jitter=0.1,
            breaker_threshold=self.breaker_threshold,
            breaker_seconds=self.breaker_seconds,
            at_once=self.at_once,
            place_wait=self.place_wait,
            body_bytes=MOST_BYTES,
        )

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        key = {"Authorization": f"Bearer {self.key.get_secret_value()}"} if self.key else {}
        return {"Accept": "application/json", **key}


@dataclass(frozen=True)
class Question:
    """What the model is told of its task, what it is asked, and the JSON Schema of the answer."""

    task: str
    text: str
    schema_name: str
    schema: Mapping[str, Any]


def body_of(question: Question, access: LlmAccess, mode: JsonMode) -> dict[str, Any]:
    """The request's body. The word "JSON" must stand in a message for ``json_object``; the task says it."""
    body: dict[str, Any] = {
        "model": access.model,
        "messages": [{"role": "system", "content": question.task}, {"role": "user", "content": question.text}],
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    if mode == "json_object":
        body["response_format"] = {"type": "json_object"}
    if mode == "json_schema":
        named = {"name": question.schema_name, "schema": dict(question.schema), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    laid_over = body | access.extra
    return {name: value for name, value in laid_over.items() if value is not None}
