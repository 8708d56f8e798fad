"""Frappe's refusals as our errors. Source of the codes: frappe/exceptions.py, frappe/utils/response.py."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError

from ramah.integrations.errors import (
    Conflict,
    CredentialsRefused,
    IntegrationError,
    Rejected,
    Unavailable,
)
from ramah.integrations.http import Answer

TEXT_LIMIT = 500
WRONG_KEY = frozenset(
    {"AuthenticationError", "SessionExpired", "InvalidKeyError", "PermissionError", "CSRFTokenError"}
    | {"InvalidAuthorizationToken", "InvalidAuthorizationHeader"}
)
TAKEN_NAME = frozenset({"DuplicateEntryError", "NameError", "UniqueValidationError"})
PASSING = frozenset(
    {"TooManyRequestsError", "RateLimitExceededError", "DocumentLockedError", "QueryDeadlockError"}
    | {"QueryTimeoutError", "SessionStopped", "InReadOnlyMode"}
)


class Duplicate(Conflict):
    """The name or a unique field exists already: read it and go on."""


class ErrorBody(BaseModel):
    """The v1 error body; every key may be missing, ``exc`` is never read."""

    model_config = ConfigDict(extra="ignore")

    exc_type: str | None = None
    exception: str | None = None
    server_messages: str | None = None
    error_message: str | None = None

    @classmethod
    def of(cls, answer: Answer) -> ErrorBody:
        """Read an answer; HTML pages and broken JSON give an empty body."""
        try:
            data = json.loads(answer.content)
            return cls.model_validate({key.lstrip("_"): value for key, value in data.items()})
        except (ValueError, AttributeError, ValidationError):
            return cls()

    @property
    def kind(self) -> str | None:
        """``exc_type``, or where the site leaves it out the class name in ``exception``."""
        if self.exc_type:
            return self.exc_type
        return self.exception.split(":")[0].rsplit(".", 1)[-1].strip() if self.exception else None

    @property
    def text(self) -> str:
        """What the site says to a person, without markup."""
        said = _messages(self.server_messages) or [self.error_message or ""]
        return " ".join(plain(line) for line in said).strip()[:TEXT_LIMIT]


def plain(html: str) -> str:
    """Text of an HTML fragment: tags gone, entities decoded, white space collapsed."""
    return Markup(html).striptags()  # noqa: S704 - nothing is rendered, the tags are taken out


def _messages(raw: str | None) -> list[str]:
    """Decode ``_server_messages``: a JSON list of JSON objects that are strings themselves."""
    try:
        lines = json.loads(raw or "[]")
    except ValueError:
        return []
    return [_message(line) for line in lines] if isinstance(lines, list) else []


def _message(line: Any) -> str:
    try:
        inner = json.loads(line)
    except (TypeError, ValueError):
        return str(line)
    return str(inner.get("message", "")) if isinstance(inner, dict) else str(inner)


def error_from(answer: Answer) -> IntegrationError:
    """The typed error for a refused call; the HTTP status decides first, then ``exc_type``."""
    body = ErrorBody.of(answer)
    kind, text = body.kind, body.text or f"ERP answered HTTP {answer.status}"
    if answer.status in {401, 403} or kind in WRONG_KEY:
        return CredentialsRefused(text, code=kind)
    if kind in PASSING or answer.status == 429:
        return Unavailable(text, code=kind, retry_after=answer.retry_after)
    if kind in TAKEN_NAME or answer.status == 409:
        return Duplicate(text, code=kind)
    if kind == "TimestampMismatchError":
        return Conflict(text, code=kind)
    if answer.status >= 500:
        return Unavailable(text, code=kind or str(answer.status), retry_after=answer.retry_after)
    return Rejected(text, code=kind or str(answer.status))
