"""What Prometheus is told: counters of a message's path, latencies, calls to other systems, circuits.

The names are documented in docs/operations/monitoring.md; dashboards and alert rules under deploy/ use no other."""

from __future__ import annotations

import hmac
from collections import Counter as Tally
from collections.abc import Iterator

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ramah.lib.guard import GUARDS
from ramah.settings import Settings

LATENCIES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
STATES = ("closed", "half-opened", "opened")

ENVELOPES = Counter("ramah_envelopes", "Webhook bodies and fetched letters that were kept", ["channel"])
REFUSED = Counter("ramah_webhooks_refused", "Webhooks whose signature was wrong", ["channel"])
TURNS = Histogram("ramah_turn_seconds", "One turn, from claiming it to its replies", ["route"], buckets=LATENCIES)
TURNS_UNDER_WAY = Gauge("ramah_turns_under_way", "Turns that have not ended, those that wait for others included")
ANSWERS = Histogram("ramah_answer_seconds", "From a message's arrival to its replies", ["channel"], buckets=LATENCIES)
TURN_FAILURES = Counter("ramah_turn_failures", "Turns that failed, by the engine's word for it", ["kind"])
NOTICES = Counter("ramah_slow_notices", "Customers who were told that their answer takes longer")
SENDS = Counter("ramah_sends", "Messages handed to providers", ["channel", "outcome"])
SEND_SECONDS = Histogram("ramah_send_seconds", "One call to a provider", ["channel"], buckets=LATENCIES)
CALLS = Histogram("ramah_call_seconds", "Calls to other systems", ["system", "ended"], buckets=LATENCIES)
INCIDENTS = Counter("ramah_incidents", "Failures that became incidents", ["subsystem"])
LOOP_FAILURES = Counter("ramah_loop_failures", "Steps of a worker's loops that failed", ["loop"])
MODEL = Gauge("ramah_model_info", "The model that answered last", ["model"])
PROCESS = Gauge("ramah_process_info", "This process and its release", ["process", "release"])


class _Circuits(Collector):
    """The guards of this process, looked at when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """Circuits by system and state, and the calls under way."""
        states = GUARDS.states()
        count = Tally((one.kind, one.state) for one in states)
        under_way = Tally[str]()
        for one in states:
            under_way[one.kind] += one.under_way
        circuits = GaugeMetricFamily("ramah_circuits", "Circuits by state", labels=["system", "state"])
        calls = GaugeMetricFamily("ramah_calls_under_way", "Calls to other systems under way", labels=["system"])
        for kind in under_way:
            calls.add_metric([kind], under_way[kind])
            for state in STATES:
                circuits.add_metric([kind, state], count[kind, state])
        yield circuits
        yield calls


def _note_call(kind: str, ended: str, seconds: float) -> None:
    CALLS.labels(kind, ended).observe(seconds)


def note_model(model: str | None) -> None:
    """The model that the engine answered with."""
    if model:
        MODEL.clear()
        MODEL.labels(model).set(1)


def may_read(config: Settings, address: str, authorization: str) -> bool:
    """Whether somebody may read /metrics: with the token, where there is one; else from this machine only."""
    if config.metrics_token is None:
        return address in ("127.0.0.1", "::1")
    expected = f"Bearer {config.metrics_token.get_secret_value()}"
    return hmac.compare_digest(authorization.encode(), expected.encode())


GUARDS.listener = _note_call
REGISTRY.register(_Circuits())
