"""Runs a command that dies with its parent: ``python leash.py <parent pid> -- command ...``.

Linux tells the process when its parent ends (``prctl(2)``, PR_SET_PDEATHSIG); the mark survives
``exec``. Other systems have no such thing: there the command only runs. The mark belongs to the command itself,
not to what it starts in turn. Nothing but the standard library is imported, because every start waits for this.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CANNOT_RUN = 127


def main(arguments: list[str]) -> int:
    """Replace this process by the command; returns only when that is impossible."""
    parent, command = int(arguments[0]), arguments[2:]
    if sys.platform == "linux":
        _die_with_parent()
        # The parent may have gone before the mark was set.
        if os.getppid() != parent:
            return CANNOT_RUN
    try:
        os.execvp(command[0], command)  # noqa: S606 - to run a command without a shell is the purpose
    except OSError as error:
        print(f"Cannot run {command[0]}: {error.strerror}", file=sys.stderr)
    return CANNOT_RUN


def _die_with_parent() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
