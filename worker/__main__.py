"""Run the worker: ``python -m worker``."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from prometheus_client import REGISTRY

from ramah.billing.comparing import compare_one
from ramah.billing.reading import read_one
from ramah.booking.made.retries import retry_change
from ramah.booking.retries import retry_one
from ramah.desk.alerting import watch_conversations
from ramah.desk.importing.running import import_some
from ramah.desk.scheduling import send_due
from ramah.desk.snoozing import wake_due
from ramah.desk.watching import forget_watchers
from ramah.integrations.storage import Storage, open_storage
from ramah.messaging.alerts import tell_incidents, tell_one
from ramah.messaging.collecting import collect_one
from ramah.messaging.courtesy import Courtesy
from ramah.messaging.delivery import sweep
from ramah.messaging.divisions.assigning import serve_everywhere
from ramah.messaging.divisions.moving_up import move_up_everywhere
from ramah.messaging.divisions.reassigning import take_back_everywhere
from ramah.messaging.engine_client import EngineClient
from ramah.messaging.health import check_one, watch_connections
from ramah.messaging.ledger import prove_due
from ramah.messaging.letters import send_letter
from ramah.messaging.live import forget_old_events
from ramah.messaging.media.fetching import fetch_one
from ramah.messaging.pacing import Pacer, pacer_for
from ramah.messaging.parcels import ParcelClaimer
from ramah.messaging.queue_figures import QueueFigures
from ramah.messaging.slow import tell_waiting
from ramah.messaging.traces import forget_old_traces
from ramah.messaging.unattended import report_loop
from ramah.messaging.wake import WakeListener
from ramah.messaging.webhooks import read_waiting
from ramah.observe.beats import Heart
from ramah.observe.logs import configure_logs
from ramah.observe.readiness import Readiness, look_around, require_right_clock
from ramah.settings import Settings, settings
from ramah.store import Database
from ramah.support.silence import hand_over_silent
from worker.bell import Bell
from worker.delivery import deliver_one
from worker.health import serve_health
from worker.loops import Loop, Loops
from worker.turns import TurnTeam
from worker.watching import CommitWatch

log = structlog.get_logger()
SWEEP_EVERY = 5.0
SLOW_EVERY = 0.5
ENVELOPES_EVERY = 5.0
TIDY_EVERY = 3600.0
LEDGER_EVERY = 60.0
CHECK_EVERY = 5.0
COLLECT_EVERY = 1.0
EXPORT_EVERY = 5.0
MEDIA_EVERY = 0.5
RETRY_EVERY = 1.0
TICKETS_EVERY = 10.0
DESK_EVERY = 1.0
DRAIN = 15.0
LOOK_ANYWAY = 0.25
"""Seconds between two looks at an SQLite database that nobody has changed."""
QUEUE_EVERY = 1.0
QUEUE_CARE_EVERY = 10.0
BURST_MARGIN = 0.01


def build(database: Database, engine: EngineClient, config: Settings, courtesy: Courtesy) -> Loops:
    """All loops of one worker process."""
    me = f"{socket.gethostname()}-{os.getpid()}"[:40]
    pacer = pacer_for(config.redis_url)
    storage = open_storage(config)
    send_steps = [_deliver(database, config, pacer, storage, f"{me}-d{n}") for n in range(config.delivery_workers)]
    # On SQLite each commit of others rings; what is only due by the clock, such as a pace, may wait a little longer.
    pause = max(config.poll_interval, LOOK_ANYWAY) if database.is_sqlite else config.poll_interval
    turns = TurnTeam(database, engine, config, courtesy, me, pause)
    loops = [*turns.loops(), *_team("delivery", send_steps, pause)]
    loops.append(Loop("slow-answers", lambda: tell_waiting(database, config), SLOW_EVERY))
    loops.append(Loop("sweep", lambda: bool(sweep(database, config)), SWEEP_EVERY))
    loops.append(Loop("envelopes", lambda: read_waiting(database), ENVELOPES_EVERY))
    loops.append(Loop("proofs", lambda: read_one(database, storage), MEDIA_EVERY))
    loops.append(Loop("likeness", lambda: compare_one(database, storage), RETRY_EVERY))
    loops.append(Loop("ledger", lambda: prove_due(database, config), LEDGER_EVERY))
    loops.append(Loop("connections", lambda: watch_connections(database, config), CHECK_EVERY))
    loops.append(Loop("conversations", lambda: watch_conversations(database), TICKETS_EVERY))
    loops.append(Loop("incidents", lambda: tell_incidents(database), CHECK_EVERY))
    loops.append(Loop("alerts", lambda: tell_one(database, config), CHECK_EVERY))
    loops.append(Loop("letters", lambda: send_letter(database, config), COLLECT_EVERY))
    loops.append(Loop("clock", lambda: require_right_clock(database), LEDGER_EVERY))
    loops.append(Loop("tidy", lambda: bool(forget_old_events(database, config.live_keep_days)), TIDY_EVERY))
    loops.append(Loop("statistics", lambda: _counted(database), TIDY_EVERY))
    loops.extend(_trace_loops(database, config))
    loops.extend(_errand_loops(database, config, storage, me))
    loops.append(Loop("watchers", lambda: bool(forget_watchers(database)), TIDY_EVERY))
    loops.append(Loop("scheduled", lambda: send_due(database), DESK_EVERY))
    loops.append(Loop("imports", lambda: import_some(database, me), DESK_EVERY))
    loops.append(Loop("snoozed", lambda: wake_due(database), DESK_EVERY))
    patience = timedelta(hours=config.booking_retry_hours)
    loops.append(Loop("tickets", lambda: hand_over_silent(database), TICKETS_EVERY))
    loops.append(Loop("queue", lambda: serve_everywhere(database), QUEUE_EVERY))
    loops.append(Loop("queue-absent", lambda: take_back_everywhere(database), QUEUE_CARE_EVERY))
    loops.append(Loop("queue-places", lambda: move_up_everywhere(database), QUEUE_CARE_EVERY))
    loops.append(Loop("bookings", lambda: retry_one(database, patience), RETRY_EVERY))
    loops.append(Loop("changes", lambda: retry_change(database, patience), RETRY_EVERY))
    running = Loops(loops, lambda name, error: report_loop(database, name, error))
    running.add(turns.relief(running))
    return running


def _counted(database: Database) -> bool:
    database.count_rows()
    return False


def _trace_loops(database: Database, config: Settings) -> list[Loop]:
    loops = [Loop("traces", lambda: bool(forget_old_traces(database, config.trace_days)), TIDY_EVERY)]
    if config.otlp_url:
        # OpenTelemetry takes long to import, and few installations have a collector.
        from ramah.messaging.exporting import TraceExport

        loops.append(Loop("trace-export", TraceExport(database, config).export_some, EXPORT_EVERY))
    return loops


def _errand_loops(database: Database, config: Settings, storage: Storage, me: str) -> list[Loop]:
    """What providers are asked for besides taking messages: so many threads each that one which hangs holds not all."""
    errands: tuple[tuple[str, Callable[[], bool], float], ...] = (
        ("media", lambda: fetch_one(database, storage, config, me), MEDIA_EVERY),
        ("collecting", lambda: collect_one(database), COLLECT_EVERY),
        ("checks", lambda: check_one(database), CHECK_EVERY),
    )
    return [loop for name, step, pause in errands for loop in _team(name, [step] * config.errand_workers, pause)]


def _team(name: str, steps: list[Callable[[], bool]], pause: float) -> list[Loop]:
    """Loops that share the looking: together they ask the database once in ``pause`` seconds, however many they are."""
    bell = Bell()
    return [Loop(f"{name}-{n}", step, pause * len(steps), bell, is_prompt=True) for n, step in enumerate(steps)]


def _deliver(database: Database, config: Settings, pacer: Pacer, storage: Storage, owner: str) -> Callable[[], bool]:
    claimer = ParcelClaimer(database, pacer, owner, config.lease_time)
    return lambda: deliver_one(database, config, claimer, storage)


def main() -> None:
    """Run until SIGTERM or Ctrl-C; running steps are finished, nothing is left half-written."""
    config = settings()
    configure_logs(config)
    database, engine = Database(config.database_url), EngineClient(config)
    courtesy = Courtesy(database)
    loops = build(database, engine, config, courtesy)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    loops.start()
    watch = CommitWatch(database, loops.ring, config.burst_window + BURST_MARGIN) if database.is_sqlite else None
    if watch is not None:
        watch.start()
    listener = WakeListener(config.redis_url, loops.ring) if config.redis_url else None
    if listener is not None:
        listener.start()
    REGISTRY.register(QueueFigures(database))
    health = serve_health(config, lambda: _readiness(database, loops, config))
    heart = Heart(database, "worker", config.worker_port, lambda: _readiness(database, loops, config))
    heart.start()
    log.info("worker_started", loops=len(loops.loops))
    stop.wait()
    if watch is not None:
        watch.stop()
    if listener is not None:
        listener.stop()
    loops.stop(DRAIN)
    heart.stop()
    courtesy.close()
    health.shutdown()
    engine.close()
    database.close()
    log.info("worker_stopped")


def _readiness(database: Database, loops: Loops, config: Settings) -> Readiness:
    late = [f"{name} has not come round" for name in loops.late(config.lease_time)]
    return look_around(database, config, late)


if __name__ == "__main__":
    main()
