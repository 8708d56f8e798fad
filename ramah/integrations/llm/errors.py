"""Refusals of a model's server as our errors, in all the shapes in which servers write them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from ramah.integrations.errors import CredentialsRefused, IntegrationError, Rejected, Unavailable
from ramah.integrations.http import Answer
from ramah.lib.outside_json import read_outside_json

NO_MONEY = frozenset({"insufficient_quota", "1113", "1304", "1308", "1309", "1310"})
"""Codes under 429 that no waiting helps: OpenAI's quota, Z.ai's balance and used-up plans."""

SENDS_FORMAT = ("response_format", "json_schema", "json_object", "grammar")


class LlmError(IntegrationError):
    """The model answered, and what it answered is of no use."""

    permanent = False


class Unreadable(LlmError):
    """The answer is not the JSON that was asked for, or was cut off."""


class _Inner(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    message: str = ""
    code: str | None = None
    type: str | None = None


class _Outer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    error: _Inner | str | None = None
    message: str = ""
    code: str | None = None


def _inner(answer: Answer) -> _Inner:
    try:
        outer = _Outer.model_validate(read_outside_json(answer.content))
    except (ValueError, RecursionError, ValidationError):
        return _Inner()
    if isinstance(outer.error, _Inner):
        return outer.error
    return _Inner(message=outer.error or outer.message, code=outer.code)


def dislikes_the_format(answer: Answer) -> bool:
    """Whether the server refuses the kind of JSON mode that was asked for; another may do."""
    told = _inner(answer).message.lower()
    return answer.status in (400, 422) and any(word in told for word in SENDS_FORMAT)


def error_from(answer: Answer) -> IntegrationError:
    """The typed error for a refused question. Its text holds the status and the server's code, never its words:
    some servers repeat the prompt in them."""
    inner = _inner(answer)
    code = inner.code or inner.type or str(answer.status)
    text = f"the language model's server answered HTTP {answer.status} ({code[:60]})"
    if answer.status in (401, 403):
        return CredentialsRefused(f"{text}: check RAMAH_LLM_KEY", code=code)
    if answer.status == 404:
        return Rejected(f"{text}: check RAMAH_LLM_BASE_URL and RAMAH_LLM_MODEL", code=code)
    if answer.status == 429 and code in NO_MONEY:
        return CredentialsRefused(f"{text}: the account has nothing left", code=code)
    if answer.status in (408, 409, 429) or answer.status >= 500:
        return Unavailable(text, code=code, retry_after=answer.retry_after)
    return Rejected(text, code=code)
