"""The threads that answer: so many at a time, and others in the place of those that wait for a slow system."""

from __future__ import annotations

from collections.abc import Callable

from ramah.billing.paid import is_paid
from ramah.care import CareObserver
from ramah.messaging.courtesy import Courtesy
from ramah.messaging.engine_client import EngineClient
from ramah.messaging.shares import Shares
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe.metrics import TURNS_UNDER_WAY
from ramah.settings import Settings
from ramah.store import Database
from ramah.support.filing import TicketFiling
from worker.bell import Bell
from worker.loops import Loop, Loops
from worker.relief import Relief

LOOK_EVERY = 0.1
"""Seconds between two looks at whether threads are held up, while turns are under way; only memory is asked."""
IDLE = 1.0
"""Seconds that the same thread sleeps at a time while there are none."""


class TurnTeam:
    """Makes the loops of the threads that answer. ``rest`` is how long one waits when there was nothing."""

    def __init__(
        self, database: Database, engine: EngineClient, config: Settings, courtesy: Courtesy, owner: str, pause: float
    ) -> None:
        self._size = config.turn_workers
        self._rest = pause * self._size
        self._bell = Bell()
        self._shares = Shares(config.turn_workers, config.turn_places)
        care = CareObserver(database, lambda session, draft: is_paid(session, draft.reference))
        filing = TicketFiling()
        self._runner: Callable[[str], TurnRunner] = lambda name: TurnRunner(
            database, engine, config, name, courtesy, care, filing, self._shares
        )
        self._owner = owner
        self._relief = Relief(self._size, config.turn_places, self._shares.slow, self._loop)
        TURNS_UNDER_WAY.set_function(self._shares.total)

    def loops(self) -> list[Loop]:
        """Those that are always there."""
        return [self._loop(number) for number in range(self._size)]

    def relief(self, running: Loops) -> Loop:
        """What lets others look while some are held up."""
        return Loop("relief", lambda: self._shares.any(IDLE) and self._relief.look(running), LOOK_EVERY)

    def _loop(self, number: int) -> Loop:
        step = self._runner(f"{self._owner}-t{number}").run_one
        return Loop(f"turns-{number}", step, self._rest, self._bell, is_prompt=True)
