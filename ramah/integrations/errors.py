"""What can go wrong at another system's door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

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


Adapter = TypeVar("Adapter", bound=type)


def speaks_for(subsystem: str) -> Callable[[Adapter], Adapter]:
    """Let every integration error that leaves a public method of the class name this subsystem and the method, unless a
    nearer one has done so."""

    def mark(adapter: Adapter) -> Adapter:
        for name, member in list(vars(adapter).items()):
            if callable(member) and not name.startswith("_"):
                setattr(adapter, name, _naming(member, subsystem, name))
        return adapter

    return mark


def _naming(method: Callable[..., Any], subsystem: str, operation: str) -> Callable[..., Any]:
    @wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return method(*given, **named)
        except IntegrationError as error:
            if error.subsystem == IntegrationError.subsystem:
                error.subsystem = subsystem
            error.operation = error.operation or f"{subsystem}.{operation}"
            raise

    return call
