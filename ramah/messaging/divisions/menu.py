"""The menu of divisions, the question "did you mean", and the lines that tell a place: what a customer sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ramah.channels.content import Choice, Outgoing
from ramah.messaging.divisions.choosing import SHOW_MENU, SHOW_PLACE, choice_payload
from ramah.messaging.divisions.estimates import Estimator, Wait, estimator, wait_in_words
from ramah.messaging.divisions.opening import Closed
from ramah.messaging.divisions.places import lengths
from ramah.messaging.divisions.texts import Texts
from ramah.messaging.models import Division, QueueWait
from ramah.messaging.routing import BACK_TO_ASSISTANT
from ramah.store import utc_now

LONGEST_TITLE = 24
LONGEST_DESCRIPTION = 72
"""Of a row of WhatsApp's list (Meta, "Interactive list messages"), the narrowest of our channels."""


@dataclass(frozen=True)
class Line:
    """One division as the menu shows it."""

    division: Division
    waiting: int
    wait: Wait | None


def menu_lines(session: Session, divisions: Sequence[Division]) -> list[Line]:
    """The divisions with those who wait there now. Two queries."""
    waiting, estimates = lengths(session), estimator(session, divisions)
    return [_line(one, waiting, estimates) for one in divisions]


def _line(division: Division, waiting: dict[str | None, int], estimates: Estimator) -> Line:
    count = waiting.get(division.id, 0)
    return Line(division, count, estimates.wait(division.id, count + 1) if count else None)


@dataclass(frozen=True)
class Around:
    """What stands around the open divisions of a menu: how it begins, those that are ``closed``, and whether the
    assistant can be chosen (not where the bot is switched off)."""

    heading: str = "welcome_message"
    closed: Sequence[Closed] = ()
    has_assistant: bool = True


def menu_message(lines: Sequence[Line], texts: Texts, *, has_buttons: bool, around: Around = Around()) -> Outgoing:
    """The menu: descriptions and waits in the text, and a choice for each open division and for the assistant.

    Where a channel shows no buttons the choices become the numbered lines themselves, so the text has none. Closed
    divisions have no number; who writes their name is told when they open."""
    choices = [_choice(line, texts) for line in lines]
    if around.has_assistant:
        choices.append(
            Choice(title=texts.word("assistant"), payload=BACK_TO_ASSISTANT, description=texts.word("assistant_about"))
        )
    parts = [texts.say(around.heading)]
    if has_buttons and lines:
        parts.append("\n".join(f"{number}. {_shown(line, texts)}" for number, line in enumerate(lines, start=1)))
    if around.closed:
        parts.append("\n".join(f"{one.division.name}: {one.in_menu(texts)}" for one in around.closed))
    return Outgoing(text="\n\n".join(parts), choices=tuple(choices), list_label=texts.word("list_label"))


def suggestion_message(divisions: Sequence[Division], texts: Texts) -> Outgoing:
    """ "Did you mean ...?" with a button for each."""
    names = f" {texts.word('or')} ".join(division.name for division in divisions)
    choices = [Choice(title=one.name[:LONGEST_TITLE], payload=choice_payload(one.id)) for one in divisions]
    choices.append(Choice(title=texts.word("all_teams"), payload=SHOW_MENU))
    return Outgoing(
        text=texts.say("suggestion_message", divisions=names),
        choices=tuple(choices),
        list_label=texts.word("list_label"),
    )


def place_choices(texts: Texts, *, has_assistant: bool = True) -> tuple[Choice, ...]:
    """What one may tap while waiting; nobody leaves the line for an assistant that is switched off."""
    place = Choice(title=texts.word("place_button"), payload=SHOW_PLACE)
    leave = Choice(title=texts.word("leave_button"), payload=BACK_TO_ASSISTANT)
    return (place, leave) if has_assistant else (place,)


def note_told(wait: QueueWait, place: int, estimate: Wait | None = None, *, counts: bool = True) -> None:
    """Remember what the customer was told; the first promise is the one that counts. A wait that begins while the
    division is closed ``counts`` for no estimate: it says how long the night was."""
    wait.told_place, wait.told_at = place, utc_now()
    if counts and wait.place_at_start is None:
        wait.place_at_start = place
        if estimate is not None:
            wait.promised_from, wait.promised_to = estimate.low, estimate.high


def _choice(line: Line, texts: Texts) -> Choice:
    about = " ".join(part for part in (line.division.description, _queue(line, texts)) if part)
    return Choice(
        title=line.division.name[:LONGEST_TITLE],
        payload=choice_payload(line.division.id),
        description=about[:LONGEST_DESCRIPTION] or None,
    )


def _shown(line: Line, texts: Texts) -> str:
    described = (
        f"{line.division.name} - {line.division.description}" if line.division.description else line.division.name
    )
    return " ".join(part for part in (described, _queue(line, texts)) if part)


def _queue(line: Line, texts: Texts) -> str:
    if not line.division.show_wait_time or not line.waiting:
        return ""
    parts = [texts.word("menu_waiting", count=line.waiting), wait_in_words(line.wait, texts, "menu")]
    return f"({', '.join(part for part in parts if part)})"
