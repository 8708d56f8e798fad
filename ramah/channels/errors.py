"""What can go wrong when a channel is asked to send."""

from __future__ import annotations

from enum import StrEnum

from ramah.lib.errors import RamahError


class SendOutcome(StrEnum):
    """What the outbox does next."""

    RETRY = "retry"  # not sent; try again with back-off
    WAIT = "wait"  # not sent; the provider named or implies a wait
    WINDOW_CLOSED = "window_closed"  # free text refused; a template would pass
    CONFIGURATION = "configuration"  # an administrator must act; stop the account
    GIVE_UP = "give_up"  # this message will never pass
    UNCERTAIN = "uncertain"  # may have been sent; only a receipt can tell


class Scope(StrEnum):
    """How far a refusal reaches: other messages to the same person, or all of the account, wait as well."""

    MESSAGE = "message"
    RECIPIENT = "recipient"
    ACCOUNT = "account"


class ChannelError(RamahError):
    """A provider refused or did not answer. ``code`` is the provider's own code.

    The wait before try ``n + 1`` is ``retry_after * growth ** (n - 1)`` seconds where ``retry_after`` is given;
    ``most_attempts`` is a bound on all tries that the provider's rules set below the outbox's own. ``scope`` says what
    else has to wait; CONFIGURATION always stops the account.
    """

    subsystem = "channel"

    def __init__(
        self,
        message: str,
        outcome: SendOutcome,
        *,
        code: str | None = None,
        retry_after: float | None = None,
        growth: float = 1.0,
        most_attempts: int | None = None,
        scope: Scope = Scope.MESSAGE,
    ) -> None:
        super().__init__(
            message,
            permanent=outcome not in (SendOutcome.RETRY, SendOutcome.WAIT),
            retry_after=retry_after,
            code=code,
        )
        self.outcome = outcome
        self.growth = growth
        self.most_attempts = most_attempts
        self.scope = Scope.ACCOUNT if outcome is SendOutcome.CONFIGURATION else scope


class SignatureError(RamahError):
    """A webhook body is unsigned or wrongly signed; it must be stored nowhere."""

    subsystem = "channel"


class PayloadError(RamahError):
    """A webhook body is signed but cannot be read (broken JSON, wrong shape)."""

    subsystem = "channel"
