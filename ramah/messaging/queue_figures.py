"""How long the rows that are due have been waiting, over all organisations, read when Prometheus asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from ramah.messaging.models import Envelope, EnvelopeStatus, Inbound, InboundStatus, Outbound, OutboundStatus
from ramah.store import Database, utc_now

log = structlog.get_logger()


def _queues(now: datetime) -> dict[str, Select[int, datetime]]:
    """Rows and the oldest moment of each queue. What is planned for later does not wait."""
    inbound = Inbound.status == InboundStatus.WAITING
    outbound = (Outbound.status == OutboundStatus.QUEUED, Outbound.next_try_at <= now)
    envelopes = Envelope.status == EnvelopeStatus.WAITING
    return {
        "inbound": select(func.count(), func.min(Inbound.received_at)).where(inbound),
        "outbound": select(func.count(), func.min(Outbound.next_try_at)).where(*outbound),
        "envelopes": select(func.count(), func.min(Envelope.received_at)).where(envelopes),
    }


class QueueFigures(Collector):
    """Three small statements, each over an index of the rows that wait."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked of the database for being registered."""
        yield from self._families({})

    def collect(self) -> Iterator[Metric]:
        """Length and age of each queue; no samples while the database does not answer."""
        now = utc_now()
        found: dict[str, tuple[int, float]] = {}
        try:
            with self._database.every_organisation_reading() as session:
                for name, statement in _queues(now).items():
                    rows, oldest = session.execute(statement).one()
                    found[name] = rows, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        except SQLAlchemyError as error:
            log.warning("queues_not_counted", error=type(error).__name__)
        yield from self._families(found)

    def _families(self, found: dict[str, tuple[int, float]]) -> Iterator[Metric]:
        rows = GaugeMetricFamily("ramah_queue_rows", "Rows that are due", labels=["queue"])
        ages = GaugeMetricFamily("ramah_queue_oldest_seconds", "Age of the oldest row that is due", labels=["queue"])
        for name, (count, age) in found.items():
            rows.add_metric([name], count)
            ages.add_metric([name], age)
        yield rows
        yield ages
