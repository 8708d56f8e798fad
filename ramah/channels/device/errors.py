"""What each refusal of a gateway means for the outbox. What the codes are called in front of people is in errors.yml.

The neutral contract names a code; the other gateways name a status and words, in which the same codes are recognised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import httpx

from ramah.channels.errors import ChannelError, Scope, SendOutcome

NOT_CONNECTED = "not_connected"
NOT_ON_WHATSAPP = "not_on_whatsapp"
UNAUTHORIZED = "unauthorized"
CLIENT_NOT_FOUND = "client_not_found"
ALREADY_CONNECTED = "already_connected"
RATE_LIMITED = "rate_limited"
INVALID_REQUEST = "invalid_request"
GATEWAY_ERROR = "gateway_error"
TOO_LARGE = "too_large"
FILE_MISSING = "file_missing"
GONE = "gone"
UNTRUSTED_ADDRESS = "untrusted_address"

_LONGEST_WORDS = 200
_LONGEST_WAIT = 3600.0


@dataclass(frozen=True)
class Verdict:
    """What to do after a refusal; ``retry_after`` is seconds, multiplied by ``growth`` at each further wait."""

    outcome: SendOutcome
    retry_after: float | None = None
    growth: float = 1.0
    scope: Scope = Scope.MESSAGE


_GIVE_UP = Verdict(SendOutcome.GIVE_UP)
_CONFIGURATION = Verdict(SendOutcome.CONFIGURATION)
_RETRY = Verdict(SendOutcome.RETRY)
_UNCERTAIN = Verdict(SendOutcome.UNCERTAIN)
VERDICTS: dict[str, Verdict] = {
    INVALID_REQUEST: _GIVE_UP,
    "invalid_phone": _GIVE_UP,
    "media_too_large": _GIVE_UP,
    UNAUTHORIZED: _CONFIGURATION,
    CLIENT_NOT_FOUND: _CONFIGURATION,
    # The phone is away. It comes back by itself or an administrator links it; no message of the account can pass.
    NOT_CONNECTED: Verdict(SendOutcome.WAIT, 30.0, scope=Scope.ACCOUNT),
    ALREADY_CONNECTED: _GIVE_UP,
    NOT_ON_WHATSAPP: _GIVE_UP,
    RATE_LIMITED: Verdict(SendOutcome.WAIT, 5.0, growth=2.0, scope=Scope.ACCOUNT),
}
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"already[ _](connected|logged|linked|paired)", re.I), ALREADY_CONNECTED),
    (
        re.compile(
            r"not (yet )?(connect|logged)|(connection|socket) closed|status is not as expected|NOT_(CONNECTED|LOGGED)",
            re.I,
        ),
        NOT_CONNECTED,
    ),
    (re.compile(r"not (registered )?on whatsapp|not registered|exists.{0,4}false|no lid", re.I), NOT_ON_WHATSAPP),
    (
        re.compile(
            r"(client|session|instance|device).{0,80}(not found|does not exist|doesn't exist)|DEVICE_NOT_FOUND", re.I
        ),
        CLIENT_NOT_FOUND,
    ),
)


def error_of_answer(
    answer: httpx.Response, secrets: Iterable[str] = (), *, sends: bool, repeatable: bool = False
) -> ChannelError:
    """The typed error of an answer that is no success. Its text names none of ``secrets``.

    ``sends``: the request may have sent a person something; ``repeatable``: doing it again cannot send it twice.
    """
    body = _json(answer)
    code, words = _code_of(body, answer.status_code), " · ".join(_words_of(body))[:_LONGEST_WORDS]
    verdict = _with_wait(_verdict(code, body, answer.status_code, risky=sends and not repeatable), answer)
    message = f"the gateway refused ({answer.status_code}): {words or code}"
    return _error(_without(secrets, message), verdict, code)


def error_of_request(
    error: httpx.RequestError | httpx.InvalidURL, *, sends: bool, repeatable: bool = False
) -> ChannelError:
    """The typed error of a request that got no whole answer. Only a connection that never stood proves that nothing
    was sent."""
    verdict = _UNCERTAIN if sends and not repeatable else _RETRY
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        verdict = _RETRY
    elif isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        verdict = _CONFIGURATION
    return _error(f"the gateway did not answer: {type(error).__name__}", verdict, GATEWAY_ERROR)


def error_of_unreadable_success(answer: httpx.Response, *, sends: bool, repeatable: bool = False) -> ChannelError:
    """The typed error of a success that does not say what was asked."""
    verdict = _UNCERTAIN if sends and not repeatable else _RETRY
    said = f"the gateway answered ({answer.status_code}) in words that nobody can read"
    return _error(said, verdict, GATEWAY_ERROR)


def refused(message: str, code: str) -> ChannelError:
    """A refusal of ours: this will never pass."""
    return ChannelError(message, SendOutcome.GIVE_UP, code=code)


def _code_of(body: Any, status: int) -> str:
    named = body.get("error") if isinstance(body, dict) else None
    if isinstance(named, dict) and isinstance(named.get("code"), str) and named["code"] in VERDICTS:
        return str(named["code"])
    if status in (401, 403):
        return UNAUTHORIZED
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RATE_LIMITED
    said = " ".join((json.dumps(body, ensure_ascii=False), *_words_of(body)))[:4000]
    found = next((code for pattern, code in _WORDS if pattern.search(said)), None)
    if found is not None:
        return found
    if status == httpx.codes.NOT_FOUND:
        return CLIENT_NOT_FOUND
    return GATEWAY_ERROR if status >= 500 else INVALID_REQUEST


def _verdict(code: str, body: Any, status: int, *, risky: bool) -> Verdict:
    known = VERDICTS.get(code)
    if known is not None and not (code == INVALID_REQUEST and _is_retryable(body)):
        return known
    # 503 is said before any work is begun; after another failure the message may be on its way.
    return _UNCERTAIN if risky and status != httpx.codes.SERVICE_UNAVAILABLE else _RETRY


def _is_retryable(body: Any) -> bool:
    named = body.get("error") if isinstance(body, dict) else None
    return isinstance(named, dict) and named.get("retryable") is True


def _with_wait(verdict: Verdict, answer: httpx.Response) -> Verdict:
    header = answer.headers.get("retry-after", "")
    if verdict.outcome is not SendOutcome.WAIT or not (header.isascii() and header.isdigit()):
        return verdict
    return replace(verdict, retry_after=min(float(header), _LONGEST_WAIT))


def _json(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _words_of(body: Any) -> list[str]:
    """The sentences of a refusal, wherever this gateway puts them."""
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [words for item in body for words in _words_of(item)]
    if not isinstance(body, dict):
        return []
    return [words for key in ("error", "message", "response", "exception") for words in _words_of(body.get(key))]


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text


def _error(message: str, verdict: Verdict, code: str) -> ChannelError:
    return ChannelError(
        message,
        verdict.outcome,
        code=code,
        retry_after=verdict.retry_after,
        growth=verdict.growth,
        scope=verdict.scope,
    )
