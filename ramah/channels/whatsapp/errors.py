"""What each refusal of the Cloud API means for the outbox.

Source: Meta, "Error codes" of the WhatsApp Business Platform. The code decides; the HTTP status only where there is
no code that we know, since Meta documented some codes under different statuses over time.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.whatsapp.payloads import ErrorItem, Refusal

_MINUTE = 60.0
_HOUR = 3600.0
_DAY = 86_400.0


@dataclass(frozen=True)
class Verdict:
    """What to do after a refusal. ``retry_after`` is seconds, multiplied by ``growth`` at each further wait;
    ``most_attempts`` bounds all tries, the first included."""

    outcome: SendOutcome
    retry_after: float | None = None
    growth: float = 1.0
    most_attempts: int | None = None


_CONFIGURATION = Verdict(SendOutcome.CONFIGURATION)
_GIVE_UP = Verdict(SendOutcome.GIVE_UP)
_RETRY = Verdict(SendOutcome.RETRY)
_UNCERTAIN = Verdict(SendOutcome.UNCERTAIN)

_BY_CODE: dict[int, Verdict] = {
    0: _CONFIGURATION,  # the token is invalid
    1: Verdict(SendOutcome.RETRY, most_attempts=3),  # unknown, perhaps a fault of the server
    2: _RETRY,  # service down
    3: _CONFIGURATION,  # capability or permission missing
    4: Verdict(SendOutcome.WAIT, 2 * _MINUTE, growth=2.0),  # calls of the app
    10: _CONFIGURATION,  # permission missing
    33: _CONFIGURATION,  # the phone number id is wrong or deleted
    100: _GIVE_UP,  # bad parameter
    190: _CONFIGURATION,  # the token has expired
    368: _CONFIGURATION,  # account restricted by policy
    80007: Verdict(SendOutcome.WAIT, 10 * _MINUTE, growth=2.0),  # hourly calls of the business account
    130429: Verdict(SendOutcome.WAIT, 2.0, growth=2.0),  # messages a second of the number
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
    131048: Verdict(SendOutcome.WAIT, 4 * _HOUR, growth=2.0, most_attempts=3),  # spam limit of the number
    131049: Verdict(SendOutcome.WAIT, _DAY, most_attempts=2),  # marketing cap of the person
    131050: _GIVE_UP,  # the person opted out of marketing
    131051: _GIVE_UP,  # type not supported
    131052: _GIVE_UP,  # media of the person could not be fetched
    131053: Verdict(SendOutcome.RETRY, most_attempts=2),  # media of ours could not be fetched
    131056: Verdict(SendOutcome.WAIT, 1.0, growth=4.0),  # too fast to the same person; Meta asks for 4^n seconds
    131057: Verdict(SendOutcome.WAIT, 2 * _MINUTE, growth=2.0),  # account in maintenance
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
    133008: Verdict(SendOutcome.WAIT, _HOUR, growth=2.0, most_attempts=3),  # too many PIN guesses
    133009: Verdict(SendOutcome.WAIT, 5 * _MINUTE, growth=2.0),  # PIN entered too fast
    133010: _CONFIGURATION,  # number not registered
    133015: Verdict(SendOutcome.WAIT, 5 * _MINUTE),  # number was deleted a moment ago
    133016: Verdict(SendOutcome.WAIT, _HOUR, growth=2.0, most_attempts=3),  # too many registrations
    135000: _GIVE_UP,  # generic error of the request
}
_PERMISSION_CODES = range(200, 300)
# Graph says "no such object" for a wrong phone number id with code 100 and this subcode.
_NO_SUCH_OBJECT = "33"


def verdict_of_code(code: str | None) -> Verdict | None:
    """What a code means, in an answer as in a ``failed`` status; None for a code that is not documented."""
    if code is None or not (code.isascii() and code.isdigit()):
        return None
    number = int(code)
    return _CONFIGURATION if number in _PERMISSION_CODES else _BY_CODE.get(number)


def error_of_response(response: httpx.Response) -> ChannelError:
    """The typed error of an answer that is no success."""
    item = _error_item(response)
    verdict = _verdict(item, response.status_code)
    said = item.sentence if item else f"HTTP {response.status_code} without an error object"
    code = item.code if item else None
    return _error(f"WhatsApp refused ({code or response.status_code}): {said}", verdict, code, _asked_wait(response))


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
    """The typed error of a success without a message id: it was sent, but we cannot name it."""
    return _error(f"WhatsApp accepted ({response.status_code}) without a message id", _UNCERTAIN, None, None)


def _error(message: str, verdict: Verdict, code: str | None, asked_wait: float | None) -> ChannelError:
    waits = [wait for wait in (verdict.retry_after, asked_wait) if wait is not None]
    return ChannelError(
        message,
        verdict.outcome,
        code=code,
        retry_after=max(waits) if waits else None,
        growth=verdict.growth,
        most_attempts=verdict.most_attempts,
    )


def _error_item(response: httpx.Response) -> ErrorItem | None:
    try:
        return Refusal.model_validate_json(response.content).error
    except ValidationError:
        return None


def _verdict(item: ErrorItem | None, status: int) -> Verdict:
    if item is None:
        return _verdict_of_status(status, answered_by_meta=False)
    if item.code == "100" and item.error_subcode == _NO_SUCH_OBJECT:
        return _CONFIGURATION
    known = verdict_of_code(item.code)
    if known is not None:
        return known
    return _RETRY if item.is_transient else _verdict_of_status(status, answered_by_meta=True)


def _verdict_of_status(status: int, *, answered_by_meta: bool) -> Verdict:
    if status in (401, 403):
        return _CONFIGURATION
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Verdict(SendOutcome.WAIT, 5.0, growth=2.0)
    if status in (502, 504) and not answered_by_meta:
        return _UNCERTAIN  # a gateway spoke; what stands behind it may have taken the message
    return _RETRY if status >= 500 else _GIVE_UP


def _asked_wait(response: httpx.Response) -> float | None:
    header = response.headers.get("retry-after", "")
    return min(float(header), _DAY) if header.isascii() and header.isdigit() else None
