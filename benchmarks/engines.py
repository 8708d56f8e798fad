"""Stock Rasa and our engine in rounds, one after the other again and again: a machine that slows down slows both."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Round, Target, median, percentile, run_round
from benchmarks.ours import ASKING, BOOKING, PLAIN, SHORT, Engine, Script, running_engine
from benchmarks.stages import FILE
from benchmarks.stock import stock_conversation

WARM_UP = 5
PROFILED = 20
SHORT_NAME = "short conversation: greet, thanks, goodbye"
# Kinds of turns: what the table calls them, what is written, and their share of a round.
KINDS: tuple[tuple[str, Script, float], ...] = (
    (SHORT_NAME, SHORT, 1.0),
    ("a. no custom action: help, goodbye", PLAIN, 0.4),
    ("b. with an action call: greet, opening hours", ASKING, 0.4),
    ("c. in the booking form: start, service, plan, name", BOOKING, 0.4),
)
OURS, STOCK = "ours", "stock Rasa"


@dataclass
class Series:
    """The rounds of one kind of turns, and beside each the round of the rival that ran next to it."""

    name: str
    engine: str
    connections: int
    rounds: list[Round] = field(default_factory=list)
    rivals: list[Round] = field(default_factory=list)

    @property
    def latencies(self) -> list[float]:
        """The milliseconds of every turn."""
        return [latency for one in self.rounds for latency in one.latencies]

    @property
    def rate(self) -> float:
        """Turns per second: the median of the rounds."""
        return median([one.rate for one in self.rounds])

    @property
    def p50(self) -> float:
        """Half of the turns took no longer, in milliseconds."""
        return percentile(self.latencies, 50)

    @property
    def p95(self) -> float:
        """Nineteen of twenty turns took no longer, in milliseconds."""
        return percentile(self.latencies, 95)

    @property
    def processor_time(self) -> float:
        """Milliseconds of the servers' processor time for a turn: the median of the rounds."""
        return median([one.work for one in self.rounds])

    @property
    def ratios(self) -> list[float]:
        """Our rate over the rival's, round by round."""
        return [ours.rate / theirs.rate for ours, theirs in zip(self.rounds, self.rivals, strict=True)]

    @property
    def work_ratios(self) -> list[float]:
        """The rival's processor time for a turn over ours, round by round."""
        return [theirs.work / ours.work for ours, theirs in zip(self.rounds, self.rivals, strict=True)]


@dataclass
class Race:
    """Stock Rasa and our engine, both running."""

    stock: Target
    engine: Engine

    def warm_up(self) -> None:
        """A few conversations of every kind that count for nothing."""
        for _, script, _ in KINDS:
            self._beside(script, WARM_UP, 1)

    def run(self, rounds: int, turns: int, connections: int, kinds: int = len(KINDS)) -> list[Series]:
        """Rounds of about so many turns of each kind: the rival, then ours, and again."""
        names = [name for name, _, _ in KINDS[:kinds]]
        rivals = [Series(name, STOCK, connections) for name in names]
        ours = [Series(name, OURS, connections) for name in names]
        for number in range(rounds):
            print(f"  round {number + 1} of {rounds}, {connections} customer(s) at a time ...", flush=True)
            for (_, script, share), rival, one in zip(KINDS[:kinds], rivals, ours, strict=True):
                conversations = max(connections, round(turns * share / len(script)))
                theirs, own = self._beside(script, conversations, connections)
                rival.rounds.append(theirs)
                one.rounds.append(own)
                one.rivals.append(theirs)
        return [series for pair in zip(rivals, ours, strict=True) for series in pair]

    def _beside(self, script: Script, conversations: int, connections: int) -> tuple[Round, Round]:
        """The same messages to both, each time from new customers."""
        theirs = [stock_conversation(customer, script) for customer in self.engine.customers(conversations)]
        own = self.engine.conversations(script, conversations)
        return run_round(self.stock, theirs, connections), run_round(self.engine.target, own, connections)


def profile_turns(folder: Path, database_url: str, model: Path) -> dict[str, dict[str, float]]:
    """The mean milliseconds of every stage of a turn, by kind of turn; the engine carries a stop-watch for it."""
    lines = folder / "stages.jsonl"
    profiles: dict[str, dict[str, float]] = {}
    named = {FILE: str(lines), "RAMAH_ENGINE_MODEL": str(model)}
    with running_engine(folder, database_url, "benchmarks.stages", **named) as engine:
        for name, script, _ in KINDS[1:]:
            run_round(engine.target, engine.conversations(script, WARM_UP))
            before = len(lines.read_text(encoding="utf-8").splitlines())
            run = run_round(engine.target, engine.conversations(script, PROFILED))
            turns = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()[before:]]
            profiles[name] = _profile(turns, run)
    return profiles


def _profile(turns: list[dict[str, float]], run: Round) -> dict[str, float]:
    """Means, because they add up; what the client waited beyond the turn is HTTP."""
    stages = sorted({stage for turn in turns for stage in turn})
    profile = {stage: sum(turn.get(stage, 0.0) for turn in turns) / len(turns) for stage in stages}
    whole = sum(run.latencies) / len(run.latencies)
    return profile | {"HTTP, JSON": whole - sum(profile.values()), "whole turn": whole}
