"""Many customers one after the other or a few at once, each with a seed of its own, with a progress bar."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import select

from benchmarks.customers.goals import draw_goal
from benchmarks.customers.visit import Visit, visit
from benchmarks.customers.wording import CLEAN, MESSY
from ramah.people import ClosedDay, Outlet
from ramah.store import Database

FIRST_DAY, LAST_DAY = 3, 50
FRIDAY = 4
MIXED = "mixed"


@dataclass(frozen=True)
class Crowd:
    """Who comes: how many of each language, in which style, by which seed, how many at once."""

    count: int
    seed: int
    style: str
    languages: tuple[str, ...]
    parallel: int


def open_days(database: Database) -> Mapping[str, list[date]]:
    """Days on which each outlet is open from morning to evening."""
    today = date.today()  # noqa: DTZ011 - any day near enough will do
    days = [today + timedelta(days=number) for number in range(FIRST_DAY, LAST_DAY)]
    with database.every_organisation_reading() as session:
        rows = session.execute(select(Outlet.code, ClosedDay.day).outerjoin(ClosedDay)).all()
    closed: dict[str, set[date]] = {}
    for code, day in rows:
        closed.setdefault(code, set()).add(day)
    return {code: [day for day in days if day not in off and day.weekday() != FRIDAY] for code, off in closed.items()}


def play(url: str, database: Database, crowd: Crowd) -> list[Visit]:
    """Let all of them come; returns their visits in order. After Ctrl-C nobody new comes, who is there finishes, and
    the visits so far are returned."""
    days = open_days(database)
    plan = [(language, number) for number in range(crowd.count) for language in crowd.languages]
    visits: list[Visit] = []
    with _progress(len(plan)) as progress, ThreadPoolExecutor(crowd.parallel) as pool:
        (bar,) = progress.task_ids
        waiting = [pool.submit(_one, url, database, crowd, days, *who) for who in plan]
        try:
            for done in as_completed(waiting):
                visits.append(done.result())
                flawed = sum(not one.is_flawless for one in visits)
                progress.update(bar, advance=1, flawed=flawed)
        except KeyboardInterrupt:
            progress.console.print("Stopping: customers who are talking finish first ...")
            pool.shutdown(cancel_futures=True)
    return sorted(visits, key=lambda one: (one.goal.language, one.number))


def _one(
    url: str, database: Database, crowd: Crowd, days: Mapping[str, list[date]], language: str, number: int
) -> Visit:
    seed = f"{crowd.seed}-{language}-{number}"
    dice = random.Random(seed)
    style = dice.choice((CLEAN, MESSY)) if crowd.style == MIXED else crowd.style
    # Runs with other seeds or styles on the same stack shall not want the same days.
    shift = random.Random(f"{crowd.seed}-{crowd.style}").randrange(LAST_DAY)
    return visit(url, database, draw_goal(dice, language, days, number + shift), style, seed, number)


@contextmanager
def _progress(total: int) -> Iterator[Progress]:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[flawed]} with flaws"), TimeRemainingColumn())
    with Progress(*columns) as progress:
        progress.add_task("customers", total=total, flawed=0)
        yield progress


def write_transcripts(folder: Path, visits: list[Visit], name: str) -> Path | None:
    """The transcripts of everything that was not flawless, in one file; None when there is nothing to write."""
    flawed = [one for one in visits if not one.is_flawless]
    if not flawed:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"customers-{name}.txt"
    path.write_text("\n\n".join(map(_story, flawed)) + "\n", encoding="utf-8")
    return path


def _story(one: Visit) -> str:
    marks: dict[str, object] = {
        "wrong": one.wrong,
        "repeated": one.repeated,
        "misread": one.misread,
        "thrice": one.thrice,
    }
    marks["faults"] = one.faults
    found = "; ".join(f"{mark}: {what}" for mark, what in marks.items() if what)
    head = (
        f"=== {one.goal.language} {one.number} {one.style}: {one.outcome}, {one.turns} turns for {one.least}. {found}"
    )
    return "\n".join([head, f"goal: {one.goal}", *one.transcript])
