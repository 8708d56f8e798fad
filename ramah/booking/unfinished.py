"""Unfinished bookings from outside: listed, called off, offered again, and what a button of an old one was for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.drafts import DraftView
from ramah.booking.folder_rows import load_folders, save_folders
from ramah.booking.folder_words import named_drafts, wants_all
from ramah.booking.folders import Folders
from ramah.booking.heard import Heard
from ramah.booking.known import KnownCustomer
from ramah.booking.labels import label, labels, resume_words
from ramah.booking.moving import ANOTHER, LATER
from ramah.booking.questions import Asking, folder_choices
from ramah.booking.taps import FOLDER
from ramah.channels.content import Choice


@dataclass(frozen=True)
class Unfinished:
    """The unfinished bookings: one line each, their names, and a button for each."""

    lines: str = ""
    names: str = ""
    choices: tuple[Choice, ...] = ()
    count: int = 0
    label: str = ""


@dataclass(frozen=True)
class Dropped:
    """What was called off (names, none where nothing was open) and what is left. ``current`` says that one of those
    left is being filled."""

    names: str
    left: Unfinished
    is_filling: bool = False


class Pointed(StrEnum):
    """What a button outside the form points at."""

    OPEN = "open"
    CLOSED = "closed"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class LateTap:
    """A tap while no form is active: what it points at, and variables of what is said of it."""

    pointed: Pointed
    variables: Mapping[str, str]


def unfinished(place: Place) -> Unfinished:
    """The unfinished bookings of a conversation, oldest first."""
    context, folders = _load(place)
    return _listed(folders, context)


def drop(place: Place, heard: Heard) -> Dropped:
    """Call off what the message means: all, the one that it names, else the one being filled or the only one.

    Where several wait and none is named, nothing is dropped."""
    context, folders = _load(place)
    dropped = _meant(folders, heard, context)
    names = labels(folders, context)
    left = folders.without(*dropped)
    save_folders(place.database, place.organisation_id, folders, left, "said", {})
    text = ", ".join(names[draft.id] for draft in dropped)
    return Dropped(text, _listed(left, context), left.current is not None)


def late_tap(place: Place, heard: Heard) -> LateTap:
    """What the button of a message was for. An open booking is taken up again by the form."""
    tap = heard.tap
    context, folders = _load(place, finished=True)
    owner = folders.tagged(tap.draft) if tap else None
    words = {"step": tap.step.replace("_", " ") if tap else "", "label": "", "reference": ""}
    if tap is None or owner is None:
        is_new = tap is not None and (tap.step, tap.value) == (FOLDER, ANOTHER)
        return LateTap(Pointed.OPEN if is_new else Pointed.UNKNOWN, words)
    words |= {"label": label(owner, context), "reference": owner.reference}
    if (tap.step, tap.value) == (FOLDER, LATER):
        return LateTap(Pointed.LATER, words)
    return LateTap(Pointed.OPEN if owner.is_open else Pointed.CLOSED, words)


def _meant(folders: Folders, heard: Heard, context: BookingContext) -> tuple[DraftView, ...]:
    if wants_all(heard):
        return folders.open
    named = named_drafts(heard.text, folders, context) if len(folders.open) > 1 else ()
    if len(named) == 1:
        return named
    if folders.current is not None:
        return (folders.current,)
    return folders.open if len(folders.open) == 1 else ()


def _listed(folders: Folders, context: BookingContext) -> Unfinished:
    if not folders.open:
        return Unfinished()
    named = labels(folders, context)
    lines = [f"{number}. {_line(draft, named, context)}" for number, draft in enumerate(folders.open, 1)]
    asking = Asking(folders.current or folders.open[-1], context, KnownCustomer({}), folders)
    latest = named[folders.open[-1].id]
    names = ", ".join(named[draft.id] for draft in folders.open)
    return Unfinished("\n".join(lines), names, folder_choices(asking), len(folders.open), latest)


def _line(draft: DraftView, named: Mapping[str, str], context: BookingContext) -> str:
    words = resume_words(draft, context)
    return f"*{named[draft.id]}* ({words['missing']})"


def _load(place: Place, *, finished: bool = False) -> tuple[BookingContext, Folders]:
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    with place.database.tenant_reading(place.organisation_id) as session:
        return context, load_folders(session, place.conversation_id, finished=finished)
