"""One run of both engines: rounds, long conversations, memory and start-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import OURS, STOCK, Race, Series
from benchmarks.long_talk import Mark, Twins, our_marks, stock_marks
from benchmarks.ours import running_engine
from benchmarks.stock import StockProject, running_stock

CROWD = 8


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds of turns, the last turns of the long conversations, and seconds for each."""

    rounds: int
    turns: int
    our_last: int
    stock_last: int
    seconds: float


@dataclass(frozen=True)
class Results:
    """What one run has measured.

    Attributes:
        series: Stock's and our rounds, in pairs.
        marks: The turns around some turn numbers, by engine.
        twins: Our late turns next to early ones.
        memory: Resident bytes by server: after the rounds and, for ours, after the long conversation.
        start: Seconds from the start of a process until it is ready, and its processor time until then, by engine.
    """

    series: Sequence[Series]
    marks: Mapping[str, Sequence[Mark]]
    twins: Twins | None
    memory: Mapping[str, int]
    start: Mapping[str, tuple[float, float]]


def measure(folder: Path, database_url: str, model: Path, project: StockProject, size: Size) -> Results:
    """Serve both side by side and let them take the same turns."""
    print("Starting our engine, then stock Rasa ...", flush=True)
    with (
        running_engine(folder, database_url, RAMAH_ENGINE_MODEL=str(model)) as engine,
        running_stock(project, engine, folder) as stock,
    ):
        own, actions = engine.target.servers
        start = {name: (one.start_seconds, one.start_work) for name, one in ((STOCK, stock.servers[0]), (OURS, own))}
        race = Race(stock, engine)
        race.warm_up()
        series = race.run(size.rounds, size.turns, 1) + race.run(max(1, size.rounds - 1), size.turns, CROWD, kinds=1)
        memory = {STOCK: stock.servers[0].memory(), OURS: own.memory(), "the action server": actions.memory()}
        print(f"A long conversation with stock Rasa, to turn {size.stock_last} ...", flush=True)
        theirs = stock_marks(stock, engine, size.stock_last, size.seconds)
        print(f"A long conversation with our engine, to turn {size.our_last} ...", flush=True)
        ours, twins = our_marks(engine, size.our_last, size.seconds)
        memory["ours, after the long conversation"] = own.memory()
        return Results(series, {STOCK: theirs, OURS: ours}, twins, memory, start)
