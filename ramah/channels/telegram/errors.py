"""What each failure of the Bot API means for the outbox.

Source: Telegram, "Making requests", and the Bot FAQ; the descriptions are stable enough to be matched by their words.
What each code is called in front of people is in ``errors.yml``. In python-telegram-bot BadRequest and TimedOut are
kinds of NetworkError, so the order of the questions matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.telegram.answers import ServerTrouble, TooFast, UnreadableSuccess

SHORT_WAIT = 60.0
"""Telegram limits a chat (about one message a second) and a bot (about thirty) with the same answer. A short wait is
nearly always the chat's, and holding back everybody else for it would be wrong; a longer one is given to the bot."""
WAIT_UNSAID = 5.0
_DAY = 86_400.0

UNAUTHORISED = "unauthorised"
TOO_LARGE = "too_large"
FILE_MISSING = "file_missing"
FILE_UNAVAILABLE = "file_unavailable"
GONE = "file_gone"
QUERY_TOO_OLD = "query_too_old"
CHAT_NOT_FOUND = "chat_not_found"
OTHER_BOT = "other_bot"
WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - a code
WEBHOOK_REFUSED = "webhook_refused"
WEBHOOK_ELSEWHERE = "webhook_elsewhere"
WEBHOOK_FAILING = "webhook_failing"
BAD_ADDRESS = "bad_address"
_UNREADABLE = "unreadable"

_REQUESTS = (
    ("chat not found", CHAT_NOT_FOUND),
    ("user not found", CHAT_NOT_FOUND),
    ("peer_id_invalid", CHAT_NOT_FOUND),
    ("message is too long", "too_long"),
    ("caption is too long", "too_long"),
    ("text is empty", "empty"),
    ("text must be non-empty", "empty"),
    ("button_data_invalid", "bad_button"),
    ("reply markup is too long", "bad_button"),
    ("temporarily unavailable", FILE_UNAVAILABLE),
    ("file is too big", TOO_LARGE),
    ("failed to get http url content", "picture_unavailable"),
    ("wrong type of the web page content", "picture_unavailable"),
    ("wrong file", GONE),
    ("photo_invalid_dimensions", "bad_picture"),
    ("image_process_failed", "bad_picture"),
    ("query is too old", QUERY_TOO_OLD),
    ("webhook", WEBHOOK_REFUSED),
)
_REFUSALS = (
    ("blocked by the user", "blocked"),
    ("deactivated", "deactivated"),
    ("initiate conversation", "not_started"),
    ("kicked", "blocked"),
)
_NOTHING_STOOD = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class _Verdict(NamedTuple):
    outcome: SendOutcome
    code: str
    wait: float | None = None


def error_of(error: Exception) -> ChannelError:
    """The typed error of whatever a call of the library ended with."""
    verdict = _verdict(error)
    # What is not Telegram's own may hold parts of the answer or of our message; its name must do.
    said = str(error) if isinstance(error, TelegramError) else type(error).__name__
    return ChannelError(
        f"Telegram refused ({verdict.code}): {said}",
        verdict.outcome,
        code=verdict.code,
        retry_after=verdict.wait,
        scope=_scope(verdict),
    )


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Around a call that sends nobody anything (a look-up, a download): no answer means that it may be repeated."""
    try:
        yield
    except ChannelError as error:
        if error.outcome is not SendOutcome.UNCERTAIN:
            raise
        raise ChannelError(str(error), SendOutcome.RETRY, code=error.code) from error


def _scope(verdict: _Verdict) -> Scope:
    if verdict.outcome is not SendOutcome.WAIT:
        return Scope.MESSAGE
    return Scope.RECIPIENT if (verdict.wait or 0.0) <= SHORT_WAIT else Scope.ACCOUNT


def _verdict(error: Exception) -> _Verdict:
    if isinstance(error, TooFast):
        return _Verdict(SendOutcome.WAIT, "flood", WAIT_UNSAID if error.wait is None else min(error.wait, _DAY))
    if isinstance(error, Forbidden):
        return _Verdict(SendOutcome.GIVE_UP, _named(error, _REFUSALS, "forbidden"))
    if isinstance(error, InvalidToken):
        return _Verdict(SendOutcome.CONFIGURATION, UNAUTHORISED)
    if isinstance(error, Conflict):
        return _Verdict(SendOutcome.CONFIGURATION, "conflict")
    if isinstance(error, ChatMigrated):
        return _Verdict(SendOutcome.GIVE_UP, "migrated")
    if isinstance(error, BadRequest):
        return _Verdict(SendOutcome.GIVE_UP, _named(error, _REQUESTS, "bad_request"))
    if isinstance(error, ServerTrouble):
        return _of_status(error)
    if isinstance(error, NetworkError):
        return _of_connection(error.__cause__)
    if isinstance(error, TelegramError) and not isinstance(error, UnreadableSuccess):
        return _Verdict(SendOutcome.GIVE_UP, "bad_request")
    # A success that nobody can read, or that the library could not: the request may have been obeyed.
    return _Verdict(SendOutcome.UNCERTAIN, _UNREADABLE)


def _of_status(error: ServerTrouble) -> _Verdict:
    if error.status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return _Verdict(SendOutcome.GIVE_UP, TOO_LARGE)
    if error.status == httpx.codes.GATEWAY_TIMEOUT or (
        error.status == httpx.codes.BAD_GATEWAY and not error.by_telegram
    ):
        return _Verdict(SendOutcome.UNCERTAIN, "gateway")
    if error.status >= 500:
        return _Verdict(SendOutcome.RETRY, "server_error")
    if error.by_telegram:
        return _Verdict(SendOutcome.GIVE_UP, "bad_request")
    return _Verdict(SendOutcome.CONFIGURATION, BAD_ADDRESS)


def _of_connection(cause: BaseException | None) -> _Verdict:
    """Only a connection that never stood proves that nothing was sent."""
    if isinstance(cause, _NOTHING_STOOD):
        return _Verdict(SendOutcome.RETRY, "unreachable")
    if isinstance(cause, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return _Verdict(SendOutcome.CONFIGURATION, BAD_ADDRESS)
    return _Verdict(SendOutcome.UNCERTAIN, "time_out")


def _named(error: TelegramError, names: tuple[tuple[str, str], ...], other: str) -> str:
    text = str(error).casefold()
    return next((code for words, code in names if words in text), other)
