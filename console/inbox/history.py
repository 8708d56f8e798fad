"""The thread's own history in words: who took over, gave it on, put it aside, labelled it."""

from __future__ import annotations

from datetime import datetime

from console.translations import Marked, mark, translator
from ramah.messaging.thread import Line

NOTES: dict[str, Marked] = {
    "taken_over": mark("{name} took over"),
    "released": mark("{name} gave it back to the bot"),
    "left": mark("{name} put it back into the queue: whoever had it has left"),
    "queue_assigned": mark("The queue gave it to {name}"),
    "queue_reassigned": mark("Back to the queue: nobody had answered"),
    "queue_moved": mark("{name} moved it to another division"),
    "closed": mark("{name} closed it"),
    "blocked": mark("{name} blocked the customer"),
    "reopened": mark("{name} opened it again"),
    "answered_elsewhere": mark("{name} answered outside this console; the bot is silent"),
    "not_delivered": mark("A message of {name} did not arrive"),
    "assigned": mark("{name} gave it to {text}"),
    "snoozed": mark("{name} put it aside until the customer writes"),
    "snoozed_until": mark("{name} put it aside until {moment}"),
    "woken": mark("{name} took it back into the list"),
    "awake": mark("Its time has come: it is back in the list"),
    "labelled": mark("{name} added the label {text}"),
    "unlabelled": mark("{name} took off the label {text}"),
    "scheduled": mark("{name} planned a message for {moment}"),
    "schedule_cancelled": mark("{name} cancelled a planned message"),
    "schedule_answered": mark("A planned message was not sent: the customer wrote first"),
    "schedule_refused": mark("A planned message of {name} could not be sent: {text}"),
    "learned": mark("{name} wrote down: {text}"),
}
SOMEBODY = mark("Somebody")
MOMENTS = ("snoozed_until", "scheduled")


def what_happened(line: Line, language: str) -> str:
    """What happened, in the reader's language; the moment it names is put in by the page, in the reader's zone."""
    said = translator(language)
    words = said(NOTES.get(line.kind, mark(line.kind)))
    return words.format(name=line.author_name or said(SOMEBODY), text=line.text, moment="").strip()


def moment_named(line: Line) -> datetime | None:
    """The moment that a line is about; None for most."""
    return datetime.fromisoformat(line.text) if line.author == "note" and line.kind in MOMENTS else None
