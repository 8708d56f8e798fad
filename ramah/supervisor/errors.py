"""What keeps a set of processes from running."""

from __future__ import annotations

from ramah.lib.errors import RamahError


class SupervisorError(RamahError):
    """The processes cannot be started; the message says what to do."""

    subsystem = "supervisor"


class StartFailure(SupervisorError):
    """A process did not become ready at the first start."""
