"""Frappe's error bodies, from complete to absent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ramah.integrations.erp.frappe.errors import Duplicate, error_from
from ramah.integrations.errors import Conflict, CredentialsRefused, IntegrationError, Rejected, Unavailable
from ramah.integrations.http import Answer


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> Answer:
    """An answer with a JSON body, or with raw text."""
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, headers or {}, raw.encode())


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "CSRFTokenError", CredentialsRefused),
        (400, "InvalidAuthorizationToken", CredentialsRefused),
        (401, "AuthenticationError", CredentialsRefused),
        (403, "PermissionError", CredentialsRefused),
        (403, None, CredentialsRefused),
        (404, "DoesNotExistError", Rejected),
        (409, "DuplicateEntryError", Duplicate),
        (413, None, Rejected),
        (417, "MandatoryError", Rejected),
        (417, "UniqueValidationError", Duplicate),
        (417, "TimestampMismatchError", Conflict),
        (417, "RateLimitExceededError", Unavailable),
        (417, "DocumentLockedError", Unavailable),
        (429, "TooManyRequestsError", Unavailable),
        (500, "QueryDeadlockError", Unavailable),
        (503, None, Unavailable),
        (302, None, Rejected),
    ],
)
def test_status_and_class_decide(status: int, kind: str | None, expected: type[IntegrationError]) -> None:
    assert type(error_from(answer(status, {"exc_type": kind} if kind else {}))) is expected
    if kind:
        old = error_from(answer(status, {"exception": f"frappe.exceptions.{kind}: [Customer, X]: name"}))
        assert (type(old), old.code) == (expected, kind)


def test_the_text_is_decoded_twice_and_freed_of_markup() -> None:
    lines = [json.dumps({"message": "Error: <b>Value</b> missing &amp; more"}), json.dumps({"message": "<p>Two</p>"})]
    error = error_from(answer(417, {"exc_type": "MandatoryError", "_server_messages": json.dumps(lines)}))
    assert str(error) == "Error: Value missing & more Two"


def test_tracebacks_are_never_shown() -> None:
    error = error_from(answer(500, {"exception": "builtins.KeyError: 'secret'", "exc": '["Traceback: secret"]'}))
    assert "secret" not in str(error)


def test_a_web_page_is_not_shown() -> None:
    error = error_from(answer(503, "<html><body>Maintenance</body></html>"))
    assert (type(error), str(error)) == (Unavailable, "ERP answered HTTP 503")


def test_the_wait_that_was_asked_for_is_kept() -> None:
    assert error_from(answer(429, {}, {"retry-after": "17"})).retry_after == 17
    assert error_from(answer(429, {}, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})).retry_after is None


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = some.sampled_from(["exc_type", "exception", "_server_messages", "_error_message", "exc"])


@given(some.sampled_from([400, 404, 409, 417, 500, 503]), some.dictionaries(KEYS, JSON | JSON.map(json.dumps)) | JSON)
def test_no_body_breaks_the_mapping(status: int, body: object) -> None:
    error = error_from(answer(status, json.dumps(body)))
    assert str(error)
    assert len(str(error)) <= 500
