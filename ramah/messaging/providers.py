"""Calls to channel providers: each account has a circuit, each kind of channel holds only some of our threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.lib.guard import GUARDS, NoPlace, OutOfService, Protection
from ramah.settings import Settings, settings

LEFT_ALONE = "left_alone"
"""The code of a call that was not made."""


@contextmanager
def asking(kind: str, account_id: str) -> Iterator[None]:
    """Make one call to an account's provider inside. Raises ChannelError (WAIT) instead while the provider does not
    answer, or while as many calls as are allowed are under way; the message is not at fault and waits."""
    try:
        with GUARDS.guard(kind, f"{kind}:{account_id}", _protection(settings()), is_outage):
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


def is_outage(error: Exception) -> bool:
    """No answer, or none that speaks the provider's language. A refusal with a code is an answer."""
    if not isinstance(error, ChannelError) or error.outcome not in (SendOutcome.RETRY, SendOutcome.UNCERTAIN):
        return False
    silent = error.__cause__ is not None and not isinstance(error.__cause__, ValidationError)
    return silent or error.code is None


def _protection(config: Settings) -> Protection:
    return Protection(
        at_once=config.channel_at_once,
        all_at_once=config.channel_at_once,
        place_wait=config.place_wait,
        threshold=config.channel_breaker_failures,
        rest=config.channel_breaker_rest,
    )
