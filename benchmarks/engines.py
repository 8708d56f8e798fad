"""Both engines in rounds, one after the other again and again, so that a machine that slows down slows both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Conversation, Round, Target, median, percentile, run_round
from benchmarks.ours import ASKING, BOOKING, PLAIN, SHORT, Engine, Script, running_engine
from benchmarks.stages import FILE
from benchmarks.stock import SHORT as STOCK_SHORT
from benchmarks.stock import running_stock, stock_conversations

CONNECTIONS = 4
WARM_UP = 5
PROFILED = 20
# Kinds of turns of our engine: what the table calls them, what is written, and their share of a round.
KINDS: tuple[tuple[str, Script, float], ...] = (
    ("short conversation: greet, thanks, goodbye", SHORT, 1.0),
    ("a. no custom action: thanks, goodbye", PLAIN, 0.4),
    ("b. with an action call: greet, opening hours", ASKING, 0.4),
    ("c. in the booking form: start, service, plan, name", BOOKING, 0.4),
)


@dataclass
class Series:
    """The rounds of one kind of turns, and beside each the round of the rival that ran next to it."""

    name: str
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


@dataclass(frozen=True)
class EngineResults:
    """All series, and the resident memory of the servers in bytes."""

    series: list[Series]
    memory: dict[str, int]


def measure_engines(folder: Path, database_url: str, rounds: int, turns: int) -> EngineResults:
    """Serve stock Rasa and our engine side by side and let them take turns."""
    with running_stock(folder) as stock, running_engine(folder, database_url) as engine:
        race = Race(stock, engine)
        race.warm_up()
        series = race.run(rounds, turns, 1) + race.run(max(1, rounds - 1), turns, CONNECTIONS, kinds=1)
        names = ("stock Rasa", "our engine", "our action server")
        servers = dict(zip(names, [*stock.servers, *engine.target.servers], strict=True))
        return EngineResults(series, {name: server.memory() for name, server in servers.items()})


@dataclass
class Race:
    """Stock Rasa and our engine, both running."""

    stock: Target
    engine: Engine

    def warm_up(self) -> None:
        """A few conversations of every kind that count for nothing."""
        self._stock(WARM_UP, 1)
        for _, script, _ in KINDS:
            run_round(self.engine.target, self.engine.conversations(script, WARM_UP))

    def run(self, rounds: int, turns: int, connections: int, kinds: int = len(KINDS)) -> list[Series]:
        """Rounds of about so many turns: the rival first, then our kinds, and again."""
        rival = Series("stock Rasa: greet, mood, goodbye", connections)
        ours = [Series(name, connections) for name, _, _ in KINDS[:kinds]]
        for number in range(rounds):
            planned = [self._planned(script, turns * share) for _, script, share in KINDS[:kinds]]
            print(f"  round {number + 1} of {rounds}, {connections} connection(s) ...", flush=True)
            rival.rounds.append(self._stock(turns // len(STOCK_SHORT), connections))
            for one, conversations in zip(ours, planned, strict=True):
                one.rounds.append(run_round(self.engine.target, conversations, connections))
                one.rivals.append(rival.rounds[-1])
        return [rival, *ours]

    def _planned(self, script: Script, turns: float) -> Sequence[Conversation]:
        return self.engine.conversations(script, max(1, round(turns / len(script))))

    def _stock(self, conversations: int, connections: int) -> Round:
        return run_round(self.stock, stock_conversations(conversations), connections)


def profile_turns(folder: Path, database_url: str) -> dict[str, dict[str, float]]:
    """The mean milliseconds of every stage of a turn, by kind of turn; the engine carries a stop-watch for it."""
    lines = folder / "stages.jsonl"
    profiles: dict[str, dict[str, float]] = {}
    with running_engine(folder, database_url, "benchmarks.stages", **{FILE: str(lines)}) as engine:
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
