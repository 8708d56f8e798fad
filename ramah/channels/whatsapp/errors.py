"""What each refusal of the Cloud API means for the outbox.

Source: Meta, "Error codes" of the WhatsApp Business Platform. The code decides; the HTTP status only where there is
no code that we know, since Meta documented some codes under different statuses over time. What each code is called in
front of people is in ``errors.yml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.whatsapp.answers import Refusal
from ramah.channels.whatsapp.payloads import ErrorItem

_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 86_400.0

TOO_LARGE = "too_large"
UNSUPPORTED_TYPE = "unsupported_type"
FILE_MISSING = "file_missing"
GONE = "gone"
UNTRUSTED_ADDRESS = "untrusted_address"
OWN_CODES = frozenset({TOO_LARGE, UNSUPPORTED_TYPE, FILE_MISSING, GONE, UNTRUSTED_ADDRESS})
"""Refusals of ours, before or after a request; the other codes are Meta's."""


@dataclass(frozen=True)
class Verdict:
    """What to do after a refusal. ``retry_after`` is seconds, multiplied by ``growth`` at each further wait;
    ``most_attempts`` bounds all tries, the first included; ``scope`` is how much else waits."""

    outcome: SendOutcome
    retry_after: float | None = None
    growth: float = 1.0
    most_attempts: int | None = None
    scope: Scope = Scope.MESSAGE


def _account_waits(seconds: float, growth: float = 2.0, most_attempts: int | None = None) -> Verdict:
    return Verdict(SendOutcome.WAIT, seconds, growth, most_attempts, Scope.ACCOUNT)


_CONFIGURATION = Verdict(SendOutcome.CONFIGURATION, scope=Scope.ACCOUNT)
_GIVE_UP = Verdict(SendOutcome.GIVE_UP)
_RETRY = Verdict(SendOutcome.RETRY)
_UNCERTAIN = Verdict(SendOutcome.UNCERTAIN)

_BY_CODE: dict[int, Verdict] = {
    0: _CONFIGURATION,  # the token is invalid
    1: Verdict(SendOutcome.RETRY, most_attempts=3),  # unknown, perhaps a fault of the server
    2: _RETRY,  # service down
    3: _CONFIGURATION,  # capability or permission missing
    4: _account_waits(2 * _MINUTE),  # calls of the app
    10: _CONFIGURATION,  # permission missing
    33: _CONFIGURATION,  # the phone number id is wrong or deleted
    100: _GIVE_UP,  # bad parameter
    190: _CONFIGURATION,  # the token has expired
    368: _CONFIGURATION,  # account restricted by policy
    80007: _account_waits(10 * _MINUTE),  # hourly calls of the business account
    130429: _account_waits(2.0),  # messages a second of the number
    130472: _GIVE_UP,  # the person is part of an experiment
    130497: _GIVE_UP,  # the person's country is restricted
    131000: Verdict(SendOutcome.RETRY, most_attempts=4),  # unknown failure
    131005: _CONFIGURATION,  # permission removed
    131008: _GIVE_UP,  # parameter missing
    131009: _GIVE_UP,  # parameter invalid
    131016: _RETRY,  # service overloaded
    131021: _GIVE_UP,  # the person is the sender
    131026: _GIVE_UP,  # undeliverable: not on WhatsApp, old client, blocked
    131030: _GIVE_UP,  # test number: the person is not on its list
    131031: _CONFIGURATION,  # account locked
    131037: _CONFIGURATION,  # display name not approved
    131042: _CONFIGURATION,  # billing
    131045: _CONFIGURATION,  # number not registered
    131047: Verdict(SendOutcome.WINDOW_CLOSED),  # over 24 hours since the person wrote
    131048: _account_waits(4 * _HOUR, most_attempts=3),  # spam limit of the number
    # Marketing cap of the person. Only this message waits: an answer to the same person may pass at once.
    131049: Verdict(SendOutcome.WAIT, _DAY, most_attempts=2),
    131050: _GIVE_UP,  # the person opted out of marketing
    131051: _GIVE_UP,  # type not supported
    131052: _GIVE_UP,  # media of the person could not be fetched
    131053: Verdict(SendOutcome.RETRY, most_attempts=2),  # media of ours could not be fetched
    # Too fast to the same person; Meta asks for 4^n seconds.
    131056: Verdict(SendOutcome.WAIT, 1.0, growth=4.0, scope=Scope.RECIPIENT),
    131057: _account_waits(2 * _MINUTE),  # account in maintenance
    131062: _GIVE_UP,  # business-scoped id not allowed for this kind
    132000: _GIVE_UP,  # template: number of parameters
    132001: _GIVE_UP,  # template: does not exist in this language
    132005: _GIVE_UP,  # template: text too long
    132007: _GIVE_UP,  # template: policy
    132012: _GIVE_UP,  # template: form of a parameter
    132015: _GIVE_UP,  # template paused
    132016: _GIVE_UP,  # template disabled
    132068: _GIVE_UP,  # flow blocked
    132069: Verdict(SendOutcome.WAIT, 10 * _MINUTE, growth=2.0),  # flow: ten messages an hour
    133000: _CONFIGURATION,  # deregistration incomplete
    133004: _RETRY,  # service down
    133005: _CONFIGURATION,  # two-step PIN is wrong
    133006: _CONFIGURATION,  # number must be verified again
    133008: _account_waits(_HOUR, most_attempts=3),  # too many PIN guesses
    133009: _account_waits(5 * _MINUTE),  # PIN entered too fast
    133010: _CONFIGURATION,  # number not registered
    133015: _account_waits(5 * _MINUTE, growth=1.0),  # number was deleted a moment ago
    133016: _account_waits(_HOUR, most_attempts=3),  # too many registrations
    135000: _GIVE_UP,  # generic error of the request
}
PERMISSION_CODES = range(200, 300)
KNOWN_CODES = frozenset(_BY_CODE)
"""The codes that Meta documents for messages, without ``PERMISSION_CODES``."""
# Graph says "no such object" with code 100 and this subcode.
_NO_SUCH_OBJECT = "33"


def verdict_of_code(code: str | None) -> Verdict | None:
    """What a code means, in an answer as in a ``failed`` status; None for a code that is not documented."""
    if code is None or not (code.isascii() and code.isdigit()):
        return None
    number = int(code)
    return _CONFIGURATION if number in PERMISSION_CODES else _BY_CODE.get(number)


def error_of_response(response: httpx.Response, secrets: Iterable[str] = ()) -> ChannelError:
    """The typed error of an answer that is no success. Its text names none of ``secrets``: Meta repeats a token that
    it cannot read."""
    item = _error_item(response)
    verdict = _verdict(item, response.status_code)
    said = item.sentence if item else f"HTTP {response.status_code} without an error object"
    code = item.code if item else None
    message = _without(secrets, f"WhatsApp refused ({code or response.status_code}): {said}")
    return _error(message, verdict, code, _asked_wait(response))


def error_of_request(error: httpx.RequestError | httpx.InvalidURL) -> ChannelError:
    """The typed error of a request that got no answer. Only a connection that never stood proves that nothing was
    sent; there is no idempotency key, so anything else waits for a receipt."""
    verdict = _UNCERTAIN
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        verdict = _RETRY
    elif isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        verdict = _CONFIGURATION
    return _error(f"WhatsApp did not answer: {type(error).__name__}", verdict, None, None)


def error_of_unreadable_success(response: httpx.Response) -> ChannelError:
    """The typed error of a success that does not say what was asked: a message was sent, but we cannot name it."""
    return _error(f"WhatsApp accepted ({response.status_code}) in words that nobody can read", _UNCERTAIN, None, None)


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Around a request that sends nobody anything (an upload, a look-up): no answer means that it may be repeated."""
    try:
        yield
    except ChannelError as error:
        if error.outcome is not SendOutcome.UNCERTAIN:
            raise
        raise ChannelError(str(error), SendOutcome.RETRY, code=error.code, retry_after=error.retry_after) from error


def names_missing_object(response: httpx.Response) -> bool:
    """Whether Graph says that the object of the request does not exist (any more)."""
    item = _error_item(response)
    return item is not None and (item.code == "33" or _is_missing(item))


def _is_missing(item: ErrorItem) -> bool:
    return item.code == "100" and item.error_subcode == _NO_SUCH_OBJECT


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


def _verdict(item: ErrorItem | None, status: int) -> Verdict:
    if item is None:
        return _verdict_of_status(status, answered_by_meta=False)
    if _is_missing(item):
        return _CONFIGURATION
    known = verdict_of_code(item.code)
    if known is not None:
        return known
    return _RETRY if item.is_transient else _verdict_of_status(status, answered_by_meta=True)


def _verdict_of_status(status: int, *, answered_by_meta: bool) -> Verdict:
    if status in (401, 403):
        return _CONFIGURATION
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return _account_waits(5.0)
    if status in (502, 504) and not answered_by_meta:
        return _UNCERTAIN  # a gateway spoke; what stands behind it may have taken the message
    return _RETRY if status >= 500 else _GIVE_UP


def _asked_wait(response: httpx.Response) -> float | None:
    header = response.headers.get("retry-after", "")
    return min(float(header), _DAY) if header.isascii() and header.isdigit() else None
