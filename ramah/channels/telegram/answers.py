"""What the Bot API answers, told apart by its status and its own words. Source: Telegram, "Making requests"."""

from __future__ import annotations

import re
from typing import Annotated, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

LONGEST_DESCRIPTION = 200
_WAIT_IN_WORDS = re.compile(r"retry after (\d{1,9})", re.IGNORECASE)
_CLASSES: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,  # for a malformed token
    409: Conflict,
}


class TooFast(NetworkError):
    """429. The library's RetryAfter warns of its own future at each look and exists only when parameters came."""

    def __init__(self, wait: float | None) -> None:
        super().__init__("Too Many Requests")
        self.wait = wait


class ServerTrouble(NetworkError):
    """A status without a class of the library. ``by_telegram``: the Bot API itself said it, in its own form; anything
    else was said by something in between, and what stands behind it may have obeyed."""

    def __init__(self, status: int, description: str, *, by_telegram: bool) -> None:
        super().__init__(f"HTTP {status} {description}".strip())
        self.status = status
        self.by_telegram = by_telegram


class UnreadableSuccess(TelegramError):
    """A success in words that nobody can read."""

    def __init__(self) -> None:
        super().__init__("a success that cannot be read")


def _number_or_none(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 62:
        return None
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_Number = Annotated[int | None, BeforeValidator(_number_or_none)]


class _Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Parameters(_Tolerant):
    """``parameters`` of a refusal."""

    retry_after: _Number = None
    migrate_to_chat_id: _Number = None


class Answer(_Tolerant):
    """The form of every answer; ``has_result`` is true for any result, also for ``null``."""

    ok: bool
    description: Annotated[str, BeforeValidator(_text)] = ""
    parameters: Annotated[
        Parameters, BeforeValidator(lambda value: value if isinstance(value, dict | Parameters) else {})
    ] = Parameters()
    result: object = None

    @property
    def has_result(self) -> bool:
        """Whether a result stands in it."""
        return "result" in self.model_fields_set


def read_answer(status: int, body: bytes) -> None:
    """Return for a readable success. Raises TelegramError of the right class for anything else."""
    answer = _answer(body)
    if 200 <= status <= 299:
        if answer is None or not answer.ok or not answer.has_result:
            raise UnreadableSuccess
        return
    _refuse(status, answer)


def _refuse(status: int, answer: Answer | None) -> NoReturn:
    if answer is None:
        if status == 429:
            raise TooFast(None)
        raise ServerTrouble(status, "", by_telegram=False)
    said, parameters = answer.description[:LONGEST_DESCRIPTION], answer.parameters
    if parameters.migrate_to_chat_id is not None:
        raise ChatMigrated(parameters.migrate_to_chat_id)
    if status == 429 or parameters.retry_after is not None:
        in_words = _WAIT_IN_WORDS.search(said)
        wait = parameters.retry_after if parameters.retry_after is not None else in_words and int(in_words[1])
        raise TooFast(None if wait is None else float(max(wait, 0)))
    if status in _CLASSES:
        raise _CLASSES[status](said)
    raise ServerTrouble(status, said, by_telegram=True)


def _answer(body: bytes) -> Answer | None:
    try:
        return Answer.model_validate_json(body)
    except ValidationError:
        return None
