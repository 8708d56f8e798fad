"""Calls to channel providers, guarded: sends by account, errands by the far end that they go to.

Errands (fetching files, collecting mails, checks, typing signs, linking) have circuits and places of their own, so that
a host that hangs on one of them holds up neither messages nor other hosts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from pydantic import ValidationError

from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.port import AccountAccess, Channel
from ramah.lib.guard import GUARDS, NoPlace, OutOfService, Protection
from ramah.settings import Settings, settings

LEFT_ALONE = "left_alone"
"""The code of a call that was not made."""


class Purpose(StrEnum):
    """What a provider is asked for besides taking messages; with the channel's kind it names the system in figures."""

    FILES = "files"
    MAILS = "mails"
    CHECKS = "checks"
    COURTESIES = "courtesies"
    LINKING = "linking"


@contextmanager
def asking(kind: str, account_id: str) -> Iterator[None]:
    """Make one call to an account's provider inside. Raises ChannelError (WAIT) instead while the provider does not
    answer, or while as many calls as are allowed are under way; the message is not at fault and waits."""
    with _guarded(kind, f"{kind}:{account_id}", _of_sends(settings())):
        yield


@contextmanager
def asking_for(purpose: Purpose, channel: Channel, access: AccountAccess) -> Iterator[None]:
    """Make one call that sends no message. Raises ChannelError as ``asking`` does (see ``is_left_alone``)."""
    system = f"{channel.kind} {purpose}"
    far_end = channel.far_end(access)
    with _guarded(system, f"{system}:{far_end}" if far_end else system, _of_errand(settings())):
        yield


def is_left_alone(error: ChannelError) -> bool:
    """Whether the call was not made because its provider has not answered for a while. False for one that only found
    no place: that says nothing about the provider."""
    return error.code == LEFT_ALONE and error.scope is Scope.ACCOUNT


def is_outage(error: Exception) -> bool:
    """No answer, or none that speaks the provider's language. A refusal with a code is an answer."""
    if not isinstance(error, ChannelError) or error.outcome not in (SendOutcome.RETRY, SendOutcome.UNCERTAIN):
        return False
    silent = error.__cause__ is not None and not isinstance(error.__cause__, ValidationError)
    return silent or error.code is None


@contextmanager
def _guarded(system: str, name: str, protection: Protection) -> Iterator[None]:
    try:
        with GUARDS.guard(system, name, protection, is_outage):
            yield
    except OutOfService as refused:
        scope = Scope.MESSAGE if isinstance(refused, NoPlace) else Scope.ACCOUNT
        raise ChannelError(
            f"the provider is left alone for a while: {refused}",
            SendOutcome.WAIT,
            code=LEFT_ALONE,
            retry_after=refused.retry_after,
            scope=scope,
        ) from None


def _of_sends(config: Settings) -> Protection:
    return Protection(
        at_once=config.channel_at_once,
        all_at_once=config.channel_at_once,
        place_wait=config.place_wait,
        threshold=config.channel_breaker_failures,
        rest=config.channel_breaker_rest,
    )


def _of_errand(config: Settings) -> Protection:
    """One thread is always left for other far ends."""
    return Protection(
        at_once=max(1, config.errand_workers - 1),
        place_wait=config.place_wait,
        threshold=config.channel_breaker_failures,
        rest=config.channel_breaker_rest,
    )
