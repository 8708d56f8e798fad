"""The tables of the message path, and the same figures as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.measure import percentile
from benchmarks.path_crash import REPEATED, STORMS, Proof
from benchmarks.path_growth import AIM, Growth
from benchmarks.path_load import Acknowledged, Conversations
from benchmarks.report import table


@dataclass
class Results:
    """Everything that was measured on one database."""

    backend: str
    alone: Acknowledged | None = None
    busy: Acknowledged | None = None
    conversations: dict[str, Conversations] = field(default_factory=dict)
    ours: Proof | None = None
    rival: Proof | None = None
    growth: Growth | None = None

    def failures(self) -> list[str]:
        """What must never happen and did."""
        wrong = []
        for name, run in self.conversations.items():
            counted = (run.fate.lost, run.fate.doubled, run.fate.misordered, run.talked_over)
            if any(counted):
                wrong.append(f"{self.backend}, {name}: lost, doubled, misordered, talked over: {counted}")
        if self.ours and (self.ours.storm != STORMS or self.ours.crash.lost or self.ours.crash.doubled):
            wrong.append(f"{self.backend}: storm {self.ours.storm}, kill {self.ours.crash}")
        return wrong


def tables(results: Results) -> str:
    """All tables of one database."""
    parts = [_acknowledged(results), _conversations(results), _proofs(results), _price(results), _growth(results)]
    return "\n\n".join(part for part in parts if part)


def _acknowledged(results: Results) -> str:
    runs = [
        ("ours, no worker running", results.alone),
        ("ours, one worker answering meanwhile", results.busy),
        ("rival, which answers first", results.rival.acknowledged if results.rival else None),
    ]
    rows = [_acknowledged_row(name, run) for name, run in runs if run is not None]
    header = (f"webhook acknowledged, {results.backend}", "posts", "p50 ms", "p95 ms", "p99 ms", "not 200", "CPU ms")
    return table(header, rows) if rows else ""


def _acknowledged_row(name: str, run: Acknowledged) -> Sequence[str]:
    times = (f"{percentile(run.latencies, percent):.1f}" for percent in (50, 95, 99))
    return (name, str(len(run.latencies)), *times, str(run.refused), f"{run.work:.1f}")


def _conversations(results: Results) -> str:
    header = (
        f"conversations, {results.backend}",
        "written",
        "messages/s",
        "3 answers p50 ms",
        "lost",
        "twice",
        "wrong order",
        "takeovers",
        "talked over",
        "in flight",
        "CPU ms",
    )
    rows = [_conversations_row(name, run) for name, run in results.conversations.items()]
    return table(header, rows) if rows else ""


def _conversations_row(name: str, run: Conversations) -> Sequence[str]:
    fate = run.fate
    return (
        name,
        str(fate.written),
        f"{run.rate:.1f}",
        f"{percentile(run.waits, 50):.0f}" if run.waits else "-",
        str(fate.lost),
        str(fate.doubled),
        str(fate.misordered),
        str(run.takeovers),
        str(run.talked_over),
        str(run.in_flight),
        f"{run.work:.1f}",
    )


def _proofs(results: Results) -> str:
    header = (
        f"safety, {results.backend}",
        f"answers to {STORMS} messages posted {REPEATED} times each",
        "written around a kill",
        "lost",
        "twice",
    )
    sides = [("ours", results.ours), ("rival", results.rival)]
    rows = [
        (name, str(proof.storm), str(proof.crash.written), str(proof.crash.lost), str(proof.crash.doubled))
        for name, proof in sides
        if proof is not None
    ]
    return table(header, rows) if rows else ""


def _price(results: Results) -> str:
    """What the safety costs: ours over the rival's, from the same run."""
    if results.alone is None or results.rival is None or not results.conversations:
        return ""
    rival, whole = results.rival.acknowledged, next(iter(results.conversations.values()))
    waiting = percentile(results.alone.latencies, 50) / percentile(rival.latencies, 50)
    return (
        f"price of the safety: the provider waits {waiting:.1f} times as long as for the rival (p50), and a message "
        f"from webhook to receipts takes {whole.work / rival.work:.1f} times the processor time "
        f"({whole.work:.1f} and {rival.work:.1f} ms)"
    )


def _growth(results: Results) -> str:
    growth = results.growth
    if growth is None:
        return ""
    header = (
        f"growth to {growth.large.messages:,} messages, {results.backend}",
        "p50 ms small",
        "p95",
        "p50 ms large",
        "p95",
        "ratio",
        "",
    )
    rows = [
        (name, *(f"{value:.1f}" for value in figures), f"{ratio:.2f}", "" if ratio <= AIM else "not flat")
        for name, *figures, ratio in growth.rows()
    ]
    return table(header, rows) + f"\n\n{growth.bytes_per_message:.0f} bytes on disk for each message"


def as_json(results: Results) -> dict[str, Any]:
    """The same figures for programs."""
    acknowledged = {"alone": results.alone, "busy": results.busy}
    if results.rival:
        acknowledged["rival"] = results.rival.acknowledged
    return {
        "database": results.backend,
        "acknowledged": {name: _numbers(run) for name, run in acknowledged.items() if run},
        "conversations": {
            name: {"rate": run.rate, "work": run.work, **vars(run.fate), "talked_over": run.talked_over}
            for name, run in results.conversations.items()
        },
        "safety": {
            name: {"storm": proof.storm, **vars(proof.crash)}
            for name, proof in (("ours", results.ours), ("rival", results.rival))
            if proof
        },
        "growth": list(results.growth.rows()) if results.growth else [],
        "bytes_per_message": results.growth.bytes_per_message if results.growth else None,
    }


def _numbers(run: Acknowledged) -> dict[str, float]:
    percentiles = {f"p{percent}": percentile(run.latencies, percent) for percent in (50, 95, 99)}
    return {**percentiles, "posts": len(run.latencies), "refused": run.refused, "work": run.work}
