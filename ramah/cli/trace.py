"""``ramah trace ID``: one turn from the webhook to the receipt, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ramah.lib.errors import NotFound
from ramah.lib.spans import Span
from ramah.messaging.models import SendAttempt
from ramah.messaging.why import Reply, Turn, find_turns, read_turn
from ramah.settings import settings
from ramah.store import Database

BAR = 40


def show(wanted: str) -> int:
    """Print the turns that the id names; returns the exit code, 1 when one of them failed. Raises NotFound."""
    database, console = Database(settings().database_url), Console()
    try:
        with database.every_organisation_reading() as session:
            numbers = find_turns(session, wanted)
            if not numbers:
                raise NotFound(f"no message or kept trace is named {wanted!r}")
            turns = [read_turn(session, number) for number in numbers]
            for turn in turns:
                _print(console, turn)
    finally:
        database.close()
    return int(any(turn.trace is not None and turn.trace.failed for turn in turns))


def _print(console: Console, turn: Turn) -> None:
    inbound = turn.inbound
    console.print(f"[bold]{escape(inbound.text or f'[{inbound.kind}]')}[/]", soft_wrap=True)
    for name, value in _facts(turn):
        console.print(f"[bold]{name:>12}[/]  {escape(value)}", soft_wrap=True)
    if turn.trace is None:
        console.print("The trace of this turn was not kept, or its days are over.")
    if turn.spans:
        console.print(_waterfall(turn))
    for name, change in turn.explained.slots.items():
        console.print(f"[bold]{'slot':>12}[/]  {escape(f'{name}: {change.before!r} -> {change.after!r}')}")
    for reply in turn.replies:
        console.print(f"[bold]{'said':>12}[/]  {escape(_said(reply))}", soft_wrap=True)
    console.print()


def _facts(turn: Turn) -> Iterator[tuple[str, str]]:
    inbound, seen = turn.inbound, turn.interaction
    yield "message", f"{inbound.id}  {inbound.external_id}"
    yield "trace", inbound.trace_id or "none"
    yield "received", f"{inbound.received_at:%Y-%m-%d %H:%M:%S} UTC on {turn.account.name}"
    if turn.trace is not None:
        marks = [mark for mark, is_so in (("failed", turn.trace.failed), ("slow", turn.trace.slow)) if is_so]
        yield "took", " ".join([f"{turn.trace.micros / 1000:.1f} ms", *marks])
    if turn.explained.normalised:
        yield "plain words", turn.explained.normalised
    if seen is not None and seen.understood:
        ranking = seen.understood.get("ranking") or []
        yield "intents", ", ".join(f"{one.get('name')} {one.get('confidence', 0):.2f}" for one in ranking)
        yield "mood", f"{seen.mood or '-'}, language {seen.language or '-'}"
        for one in seen.understood.get("entities") or []:
            yield "entity", f"{one.get('entity')} = {one.get('value')} ({one.get('extractor', '-')})"
    for decision in turn.explained.decisions:
        rule = f" by the rule {decision.rule!r} in {decision.file}" if decision.rule else ""
        yield "decided", f"{decision.action}{rule}"
    for one in turn.incidents:
        facts = one.facts
        yield "failed in", f"{facts.get('subsystem', '')}: {facts.get('operation', '')}: {one.error or ''}"
        yield "at", f"{facts.get('place', '')}: ramah incidents --show {str(facts['incident'])[:8]}"


def _waterfall(turn: Turn) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("process", "step", "took"):
        table.add_column(name, justify="right" if name == "took" else "left")
    table.add_column("")
    first, last = min(one.start for one in turn.spans), max(one.end for one in turn.spans)
    for one in turn.spans:
        tone = "red" if one.error else "cyan"
        step = escape(one.name) + (f" [red]{escape(one.error)}[/]" if one.error else "")
        table.add_row(one.process, step, f"{one.micros / 1000:.1f} ms", f"[{tone}]{_bar(one, first, last)}[/]")
    return table


def _bar(span: Span, first: int, last: int) -> str:
    scale = BAR / max(1, last - first)
    begin = min(BAR - 1, round((span.start - first) * scale))
    return " " * begin + "━" * max(1, min(BAR - begin, round(span.micros * scale)))


def _said(reply: Reply) -> str:
    tries = "; ".join(_tried(one) for one in reply.attempts)
    text = str(reply.row.content.get("text", ""))
    return f"{text}  [{reply.row.status}{', ' + tries if tries else ''}]"


def _tried(attempt: SendAttempt) -> str:
    why = " ".join(filter(None, (attempt.error_code, attempt.error_text)))
    return f"try {attempt.started_at:%H:%M:%S} {attempt.outcome or 'under way'}{f' ({why})' if why else ''}"
