"""Moving between folders: which draft a message is for, before it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView, new_draft
from ramah.booking.extract.choice import STEPS as CHOICE_STEPS
from ramah.booking.extract.choice import find_choice
from ramah.booking.facts import PERSON
from ramah.booking.folder_words import named_drafts, names_another, switch_in, wants_all, wants_another
from ramah.booking.folders import Folders, carried, with_pending
from ramah.booking.heard import Heard, Notice
from ramah.booking.known import KnownCustomer
from ramah.booking.labels import label, resume_words
from ramah.booking.taps import FOLDER

GO_ON, DROP, DROP_ALL, ANOTHER, LATER = "go", "drop", "drop_all", "new", "later"
"""What the buttons of the list of unfinished bookings do."""


@dataclass(frozen=True)
class Moved:
    """The folders after a move, what to say of it, and whether the message holds nothing more to be read.

    ``opened`` says that a new draft is being filled, ``moved`` that another one is than before."""

    folders: Folders
    notices: tuple[Notice, ...] = ()
    opened: bool = False
    moved: bool = False
    is_done: bool = False


def move(folders: Folders, heard: Heard, context: BookingContext, known: KnownCustomer) -> Moved:
    """The folders with the one in front that this message is for; opens the first."""
    if heard.tap is not None and heard.tap.step == FOLDER:
        return _by_button(folders, heard.tap.draft, heard.tap.value, context, known)
    current = folders.current
    if current is None:
        return _without_current(folders, heard, context, known)
    quoted = folders.that_took(heard.replied_to) if heard.replied_to else None
    if quoted is not None and quoted.id != current.id:
        return _quoted(folders, quoted, context)
    if (current.asked.get("pending") or {}).get("kind") == "which" and heard.tap is None:
        named = named_drafts(heard.text, folders, context)
        if len(named) == 1:
            return _switched(folders, named[0], context)
    if wants_another(heard) and _has_begun(current) and not _answers(heard, current):
        return _another(folders, context, known)
    if heard.intent == "cancel" and folders.parked:
        dropped = _dropped_by_words(folders, heard, context)
        if dropped is not None:
            return dropped
    switch = switch_in(heard, folders, context)
    if switch is None:
        return Moved(folders)
    if len(switch.candidates) > 1:
        asking = with_pending(current, {"kind": "which"})
        return Moved(folders.kept(asking), is_done=True)
    return _switched(folders, switch.candidates[0], context)


def _without_current(folders: Folders, heard: Heard, context: BookingContext, known: KnownCustomer) -> Moved:
    tapped = folders.tagged(heard.tap.draft) if heard.tap else None
    if tapped is not None and tapped.is_open:
        return Moved(folders.filling(tapped), (_going_on(tapped, context),), moved=True)
    if heard.intent == "affirm" and folders.parked:
        # Yes to the offer to go on: with the one that it names, else with the latest.
        named = named_drafts(heard.text, folders, context)
        return _switched(folders, named[0] if len(named) == 1 else folders.parked[-1], context)
    switch = None if wants_another(heard) else switch_in(heard, folders, context)
    if switch is not None and len(switch.candidates) == 1:
        return _switched(folders, switch.candidates[0], context)
    return _open(folders, context, known, None)


def _has_begun(draft: DraftView) -> bool:
    """Whether anything of the visit itself was told; without that, a further booking is still this one."""
    told = draft.asked.get("answered", {})
    return "service" in draft.facts or any(name in draft.facts and name not in PERSON for name in told)


def _answers(heard: Heard, draft: DraftView) -> bool:
    """Whether the message is the choice that was just asked: "sekali dulu deh" puts nothing off."""
    step = str(draft.asked.get("step"))
    return step in CHOICE_STEPS and not names_another(heard) and find_choice(heard.text, step) is not None


def _by_button(folders: Folders, tag: str, value: str, context: BookingContext, known: KnownCustomer) -> Moved:
    draft = folders.tagged(tag)
    if value == ANOTHER:
        return _another(folders, context, known)
    if draft is None or not draft.is_open:
        gone = Notice("utter_button_was_for", {"step": "booking"})
        kept = Moved(folders, (gone,), is_done=True)
        return kept if folders.current else replace(_open(folders, context, known, None), notices=(gone,))
    if value == DROP and not draft.current:
        return Moved(folders.without(draft), (_dropped(draft, context),), is_done=True)
    if draft.current:
        # The list's button of the one in hand: go on with it.
        return Moved(folders.kept(with_pending(draft, None)), is_done=True)
    return _switched(folders, draft, context)


def _switched(folders: Folders, draft: DraftView, context: BookingContext) -> Moved:
    before = folders.current
    if before is not None:
        folders = folders.kept(with_pending(before, None))
    notice = _going_on(draft, context)
    return Moved(folders.filling(with_pending(draft, None)), (notice,), moved=True, is_done=True)


def _quoted(folders: Folders, draft: DraftView, context: BookingContext) -> Moved:
    """An old bubble is answered: its draft comes to the front, and the message is read as its answer."""
    if not draft.is_open:
        words = {"label": label(draft, context), "reference": draft.reference}
        return Moved(folders, (Notice("utter_booking_is_closed", words),), is_done=True)
    return Moved(folders.filling(draft), (_going_on(draft, context),), moved=True)


def _another(folders: Folders, context: BookingContext, known: KnownCustomer) -> Moved:
    current = folders.current
    if current is None:
        return _open(folders, context, known, None)
    parked = Notice("utter_parked", {"label": label(current, context)})
    opened = _open(folders.kept(with_pending(current, None)), context, known, current)
    return replace(opened, notices=(parked,))


def _open(folders: Folders, context: BookingContext, known: KnownCustomer, beside: DraftView | None) -> Moved:
    beside = beside or (folders.parked[-1] if folders.parked else None)
    fresh = new_draft(context.conversation.id, context.contact.id, carried(beside, known.facts))
    return Moved(folders.filling(fresh), opened=True, moved=beside is not None)


def _dropped_by_words(folders: Folders, heard: Heard, context: BookingContext) -> Moved | None:
    """ "Batalin yang innova" drops that one; a bare "batal" and "batal semua" are left to the rules."""
    named = named_drafts(heard.text, folders, context)
    if wants_all(heard) or len(named) != 1 or named[0].current:
        return None
    return Moved(folders.without(named[0]), (_dropped(named[0], context),), is_done=True)


def _dropped(draft: DraftView, context: BookingContext) -> Notice:
    return Notice("utter_dropped_one", {"label": label(draft, context)})


def _going_on(draft: DraftView, context: BookingContext) -> Notice:
    return Notice("utter_switched", resume_words(draft, context))
