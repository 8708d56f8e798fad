"""What can go wrong when a channel is asked to send."""

from __future__ import annotations

from enum import StrEnum

from ramah.lib.errors import RamahError


class SendOutcome(StrEnum):
    """What the outbox does next."""

    RETRY = "retry"                  # not sent; try again with back-off
    WAIT = "wait"                    # not sent; the provider named or implies a wait
    WINDOW_CLOSED = "window_closed"  # free text refused; a template would pass
    CONFIGURATION = "configuration"  # an administrator must act; stop the account
    GIVE_UP = "give_up"              # this message will never pass
    UNCERTAIN = "uncertain"          # may have been sent; only a receipt can tell


class ChannelError(RamahError):
    """A provider refused or did not answer. ``code`` is the provider's own code."""

    subsystem = "channel"

    def __init__(
        self, message: str, outcome: SendOutcome, *, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(
            message,
            permanent=outcome not in (SendOutcome.RETRY, SendOutcome.WAIT),
            retry_after=retry_after,
            code=code,
        )
        self.outcome = outcome


class SignatureError(RamahError):
    """A webhook body is unsigned or wrongly signed; it must be stored nowhere."""

    subsystem = "channel"


class PayloadError(RamahError):
    """A webhook body is signed but cannot be read (broken JSON, wrong shape)."""

    subsystem = "channel"
