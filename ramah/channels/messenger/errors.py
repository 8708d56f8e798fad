"""What each refusal of the Messenger Platform means for the outbox.

Source: Meta, "Messenger Platform: Error codes" and "Graph API: Handling errors". The code decides before the subcode,
the type or the HTTP status: nearly every refusal has the type ``OAuthException``, so that it tells nothing. What each
code is called in front of people is in ``errors.yml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
from pydantic import ValidationError

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.answers import ErrorItem, Refusal
from ramah.channels.messenger.verdicts import (
    RETRY,
    UNCERTAIN,
    Verdict,
    account_waits,
    configuration,
    name_of,
    verdict_of_code,
)

_DAY = 86_400.0
# Meta's wording of a closed window, which older versions send without the subcode.
_WINDOW_WORDS = "outside of allowed window"
_WINDOW_CODE = "10/2018278"

TOO_LARGE = "too_large"
FILE_MISSING = "file_missing"
GONE = "gone"
UNTRUSTED_ADDRESS = "untrusted_address"
OTHER_PAGE = "other_page"
OWN_CODES = frozenset({TOO_LARGE, FILE_MISSING, GONE, UNTRUSTED_ADDRESS, OTHER_PAGE})
"""Refusals of ours, before or after a request; the other codes are Meta's."""


def error_of_response(response: httpx.Response, secrets: Iterable[str] = ()) -> ChannelError:
    """The typed error of an answer that is no success. Its text names none of ``secrets``: Meta repeats a token that
    it cannot read."""
    item = _error_item(response)
    code = _code_of(item) if item else None
    verdict = _verdict(item, code, response.status_code)
    said = item.sentence if item else f"HTTP {response.status_code} without an error object"
    message = _without(secrets, f"Messenger refused ({_numbers(item) or response.status_code}): {said}")
    return _error(message, verdict, code, _asked_wait(response))


def error_of_request(error: httpx.RequestError | httpx.InvalidURL) -> ChannelError:
    """The typed error of a request that got no answer. Only a connection that never stood proves that nothing was
    sent; there is no idempotency key, so anything else waits for an echo or a receipt."""
    verdict = UNCERTAIN
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        verdict = RETRY
    elif isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        verdict = configuration()
    return _error(f"Messenger did not answer: {type(error).__name__}", verdict, None, None)


def error_of_unreadable_success(response: httpx.Response) -> ChannelError:
    """The typed error of a success that does not say what was asked: a message was sent, but we cannot name it."""
    said = f"Messenger accepted ({response.status_code}) in words that nobody can read"
    return _error(said, UNCERTAIN, None, None)


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Around a request that sends nobody anything (a look-up, a download): no answer means that it may be repeated."""
    try:
        yield
    except ChannelError as error:
        if error.outcome is not SendOutcome.UNCERTAIN:
            raise
        raise ChannelError(str(error), SendOutcome.RETRY, code=error.code, retry_after=error.retry_after) from error


def _code_of(item: ErrorItem) -> str | None:
    if item.code == "10" and item.error_subcode is None and _WINDOW_WORDS in (item.message or "").lower():
        return _WINDOW_CODE
    return name_of(item.code, item.error_subcode)


def _numbers(item: ErrorItem | None) -> str:
    """Both numbers as Meta gave them, for the log."""
    return "/".join(part for part in (item.code, item.error_subcode) if part) if item else ""


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text


def _error(message: str, verdict: Verdict, code: str | None, asked_wait: float | None) -> ChannelError:
    waits = [wait for wait in (verdict.retry_after, asked_wait) if wait is not None]
    return ChannelError(
        message,
        verdict.outcome,
        code=code,
        retry_after=max(waits) if waits else None,
        growth=verdict.growth,
        most_attempts=verdict.most_attempts,
        scope=verdict.scope,
    )


def _error_item(response: httpx.Response) -> ErrorItem | None:
    try:
        return Refusal.model_validate_json(response.content).error
    except ValidationError:
        return None


def _verdict(item: ErrorItem | None, code: str | None, status: int) -> Verdict:
    if item is None:
        return _verdict_of_status(status, answered_by_meta=False)
    known = verdict_of_code(code)
    if known is not None:
        return known
    return RETRY if item.is_transient else _verdict_of_status(status, answered_by_meta=True)


def _verdict_of_status(status: int, *, answered_by_meta: bool) -> Verdict:
    if status in (401, 403):
        return configuration()
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return account_waits(5.0)
    if status in (502, 504) and not answered_by_meta:
        return UNCERTAIN  # a gateway spoke; what stands behind it may have taken the message
    return RETRY if status >= 500 else Verdict(SendOutcome.GIVE_UP)


def _asked_wait(response: httpx.Response) -> float | None:
    header = response.headers.get("retry-after", "")
    return min(float(header), _DAY) if header.isascii() and header.isdigit() else None
