"""What the replies of an SMTP server mean for the outbox (RFC 5321, 4.2; enhanced codes: RFC 3463)."""

from __future__ import annotations

import re
from enum import StrEnum

from ramah.channels.errors import ChannelError, Scope, SendOutcome

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MINUTE = 60.0
BUSY_WAIT = _MINUTE
GREYLIST_WAIT = 5 * _MINUTE
"""Servers that know nobody yet ask them to come again after some minutes (RFC 6647)."""
FULL_WAIT = 10 * _MINUTE
DAILY_WAIT = 60 * _MINUTE
DAILY_LIMIT = "5.4.5"
"""Google: the mailbox may send no more today."""
_NEEDS_LOGIN = frozenset({530, 534, 535, 538})


class Stage(StrEnum):
    """Where in the conversation a reply came."""

    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


def refusal(stage: Stage, code: int, said: str) -> ChannelError:
    """The typed error of a reply that is no success. Nothing was sent."""
    enhanced = _ENHANCED.search(said)
    outcome, wait, scope = _verdict(stage, code, enhanced.group(1) if enhanced else "")
    problem = f"SMTP refused the {stage} ({code}): {said[:200]}"
    growth = 2.0 if wait else 1.0
    return ChannelError(problem, outcome, code=str(code), retry_after=wait, growth=growth, scope=scope)


def _verdict(stage: Stage, code: int, enhanced: str) -> tuple[SendOutcome, float | None, Scope]:
    account = Scope.RECIPIENT if stage is Stage.RECIPIENT else Scope.ACCOUNT
    if enhanced == DAILY_LIMIT:
        return SendOutcome.WAIT, DAILY_WAIT, Scope.ACCOUNT
    if code == 421 or stage is Stage.GREETING:
        return SendOutcome.WAIT, BUSY_WAIT, Scope.ACCOUNT
    if code == 452:
        return SendOutcome.WAIT, FULL_WAIT, account
    if 400 <= code < 500 and stage is Stage.LOGIN:
        return SendOutcome.RETRY, None, Scope.ACCOUNT
    if 400 <= code < 500:
        return SendOutcome.WAIT, GREYLIST_WAIT, Scope.MESSAGE if stage is Stage.CONTENT else account
    if code in _NEEDS_LOGIN or stage is Stage.LOGIN:
        return SendOutcome.CONFIGURATION, None, Scope.ACCOUNT
    # A server that refuses our own address does so for every mail; its size limit is about this one.
    if stage is Stage.SENDER and code != 552:
        return SendOutcome.CONFIGURATION, None, Scope.ACCOUNT
    return SendOutcome.GIVE_UP, None, Scope.MESSAGE
