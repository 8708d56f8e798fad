"""What can go wrong at another system's door."""

from __future__ import annotations

from ramah.lib.errors import RamahError


class IntegrationError(RamahError):
    """Another system refused, failed or did not answer."""

    subsystem = "integration"


class Unavailable(IntegrationError):
    """No answer, a time-out, an open circuit or a 5xx. Try again later; nothing is known to be written."""

    permanent = False


class UncertainWrite(IntegrationError):
    """A write timed out after it was sent. Look it up by its key before any repetition."""

    permanent = False


class CredentialsRefused(IntegrationError):
    """Key, secret or role is wrong. An administrator must act; repetition cannot help."""


class Rejected(IntegrationError):
    """The other system understood and said no (a business rule); the text may be shown to staff."""


class Conflict(IntegrationError):
    """Somebody else changed or took the same thing first (slot taken, stale version)."""
