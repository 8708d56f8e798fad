"""A sandbox: work that runs as ever, of which nothing stays and nothing gets out.

Whoever changes something outside of this process asks ``current_sandbox`` first: the database rolls back
(``ramah.store.discarding``), other systems are not asked to change anything, and what they would have been asked is
noted. Threads that ``asyncio.to_thread`` starts are inside as well."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

from ramah.lib.errors import RamahError


class LeavesSandbox(RamahError):
    """Work in a sandbox wanted to change something that stays."""

    subsystem = "sandbox"


@dataclass(frozen=True)
class Withheld:
    """What another system would have been asked. ``about`` says what of, in a few words."""

    system: str
    operation: str
    about: str = ""


@dataclass
class Sandbox:
    """One run. Its clock stands at ``moment``; the same ``seed`` gives the same ids and references each time.

    ``withheld`` is what other systems were not asked, ``written`` how many rows of which table would have been written
    (by ``insert``, ``update`` or ``delete``), ``undone`` the ids of bookings that did not exist at ``moment``."""

    moment: datetime
    seed: str
    withheld: list[Withheld] = field(default_factory=list)
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    undone: set[str] = field(default_factory=set)
    _ids: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable on purpose, and nothing of it stays

    def withhold(self, system: str, operation: str, about: str = "") -> None:
        """Note what is not asked of another system."""
        self.withheld.append(Withheld(system, operation, about))

    def next_id(self) -> str:
        """The next primary key."""
        self._ids += 1
        return str(uuid5(NAMESPACE_OID, f"{self.seed}-{self._ids}"))

    def begin_last(self) -> None:
        """Forget what was noted so far: it belongs to work that was only repeated."""
        self.withheld.clear()
        self.written.clear()


_current: ContextVar[Sandbox | None] = ContextVar("sandbox", default=None)


def current_sandbox() -> Sandbox | None:
    """The sandbox that the running work is in, if it is in one."""
    return _current.get()


@contextmanager
def inside(sandbox: Sandbox) -> Iterator[Sandbox]:
    """What runs in the block is in this sandbox."""
    token = _current.set(sandbox)
    try:
        yield sandbox
    finally:
        _current.reset(token)


def moment_now() -> datetime:
    """The present moment, aware, in UTC; in a sandbox the moment at which its clock stands."""
    sandbox = _current.get()
    return sandbox.moment if sandbox else datetime.now(UTC)


def drawn(letters: Sequence[str], number: int) -> str:
    """So many letters by chance that nobody can foresee; in a sandbox always the same ones."""
    sandbox = _current.get()
    chance = sandbox.chance if sandbox else random.SystemRandom()
    return "".join(chance.choice(letters) for _ in range(number))
