"""A bound on a whole session with a mail server, whose libraries only bound each single read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def cut_after(seconds: float, connection: socket.socket | None) -> Iterator[None]:
    """Break the connection when what runs inside takes longer; the read that waits then fails with what its library
    raises for a broken connection."""
    timer = Timer(seconds, _cut, (connection,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: socket.socket | None) -> None:
    # It may be closed already, which is all that is wanted.
    with suppress(OSError):
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
