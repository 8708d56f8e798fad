"""Run the worker: ``python -m worker``."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import text

from ramah.booking.retries import retry_one
from ramah.messaging.delivery import sweep
from ramah.messaging.engine_client import EngineClient
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe.logs import configure_logs
from ramah.settings import Settings, settings
from ramah.store import Database
from worker.delivery import deliver_one
from worker.health import serve_health
from worker.loops import Loop, Loops

log = structlog.get_logger()
SWEEP_EVERY = 5.0
RETRY_EVERY = 1.0
DRAIN = 15.0


def build(database: Database, engine: EngineClient, config: Settings) -> Loops:
    """All loops of one worker process."""
    me = f"{os.getpid()}"
    turn_steps = [TurnRunner(database, engine, config, f"{me}-t{n}").run_one for n in range(config.turn_workers)]
    send_steps = [_deliver(database, config, f"{me}-d{n}") for n in range(config.delivery_workers)]
    loops = [*_team("turns", turn_steps, config), *_team("delivery", send_steps, config)]
    loops.append(Loop("sweep", lambda: bool(sweep(database, config.send_attempts, config.uncertain_wait)), SWEEP_EVERY))
    patience = timedelta(hours=config.booking_retry_hours)
    loops.append(Loop("bookings", lambda: retry_one(database, patience), RETRY_EVERY))
    return Loops(loops)


def _team(name: str, steps: list[Callable[[], bool]], config: Settings) -> list[Loop]:
    """Loops that share the looking: together they ask the database once per poll interval, however many they are."""
    bell = threading.Event()
    return [Loop(f"{name}-{n}", step, config.poll_interval * len(steps), bell) for n, step in enumerate(steps)]


def _deliver(database: Database, config: Settings, owner: str) -> Callable[[], bool]:
    return lambda: deliver_one(database, config, owner)


def main() -> None:
    """Run until SIGTERM or Ctrl-C; running steps are finished, nothing is left half-written."""
    config = settings()
    configure_logs(config)
    database, engine = Database(config.database_url), EngineClient(config)
    loops = build(database, engine, config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loops.start()
    health = serve_health(config.worker_port, lambda: _troubles(database, loops, config))
    log.info("worker_started", loops=len(loops.loops))
    stop.wait()
    loops.stop(DRAIN)
    health.shutdown()
    engine.close()
    database.close()
    log.info("worker_stopped")


def _troubles(database: Database, loops: Loops, config: Settings) -> list[str]:
    troubles = [f"{name} has not come round" for name in loops.late(config.lease_time)]
    with database.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return troubles


if __name__ == "__main__":
    main()
