"""Answers about bookings that are made: the list, and how far one of them is."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.booking.context import Place
from ramah.booking.heard import Notice
from ramah.booking.made.naming import local_start, name_booking
from ramah.booking.made.owned import with_tag
from ramah.booking.made.picking import Desk, open_desk
from ramah.booking.made.said import Said
from ramah.booking.made.telling import choices_of, line, lines, status_notices, words_of
from ramah.channels.content import Choice
from ramah.integrations.erp.port import BookingStatus, BookingSummary

MOST_PAST = 3
MOST_TOLD = 3

Bookings = tuple[BookingSummary, ...]


@dataclass(frozen=True)
class Reply:
    """One thing to say, with choices that come from data."""

    notice: Notice
    choices: tuple[Choice, ...] = ()


def my_bookings(place: Place) -> list[Reply]:
    """The customer's bookings: what is coming, then what was lately."""
    desk = open_desk(place, "booking:list")
    if desk is None:
        return [Reply(Notice("utter_bookings_unreachable"))]
    context, upcoming = desk.context, desk.owned.upcoming(desk.context.now)
    replies = _waiting(desk)
    if len(upcoming) == 1:
        words = {**words_of(upcoming[0], context), "line": line(upcoming[0], context)}
        can_change = bool(desk.owned.changeable(context.now))
        replies.append(Reply(Notice("utter_my_booking" if can_change else "utter_my_booking_begun", words)))
    elif upcoming:
        words = {"count": str(len(upcoming)), "list": lines(upcoming, context)}
        replies.append(Reply(Notice("utter_my_bookings", words), choices_of(upcoming, context)))
    past = tuple(one for one in desk.owned.bookings if one not in upcoming)[:MOST_PAST]
    if past:
        replies.append(Reply(Notice("utter_my_past_bookings", {"list": lines(past, context)})))
    return replies or [Reply(_none(desk))]


def status(place: Place, said: Said) -> list[Reply]:
    """How far a booking is: the one that was tapped or named, else those that the question can mean."""
    desk = open_desk(place, "booking:status")
    if desk is None:
        return [Reply(Notice("utter_bookings_unreachable"))]
    if said.is_tap:
        tapped = with_tag(desk.owned.bookings, said.booking)
        return _told((tapped,), desk) if tapped else [Reply(Notice("utter_change_button_gone"))]
    named = name_booking(said.text, desk.owned.bookings, desk.context)
    if named.unknown_reference:
        return [Reply(Notice("utter_reference_not_found", {"reference": named.unknown_reference}))]
    if named.was_named:
        return _told(named.fitting[:MOST_TOLD], desk)
    return _of_now(desk)


def late_tap(place: Place, said: Said) -> list[Reply]:
    """A button of a change that is over: nothing happens, and the booking is told as it is now."""
    return [Reply(Notice("utter_change_button_late")), *status(place, said)]


def _of_now(desk: Desk) -> list[Reply]:
    """What "is it done?" can mean: under way, else of today, else to come, else what was last."""
    relevant = _relevant(desk)
    if not relevant:
        return [*_waiting(desk)] or [Reply(_none(desk))]
    if len(relevant) > MOST_TOLD:
        question = Notice("utter_ask_which_made", {"count": str(len(relevant))})
        return [Reply(question, choices_of(relevant, desk.context))]
    return _told(relevant, desk)


def _relevant(desk: Desk) -> Bookings:
    bookings, context = desk.owned.bookings, desk.context
    under_way = tuple(one for one in bookings if one.status is BookingStatus.IN_PROGRESS)
    today = tuple(one for one in bookings if _is_today(one, desk) and one.status is not BookingStatus.CANCELLED)
    return under_way or today or desk.owned.upcoming(context.now) or bookings[:1]


def _is_today(booking: BookingSummary, desk: Desk) -> bool:
    start = local_start(booking, desk.context)
    return start.date() == desk.context.now.astimezone(start.tzinfo).date()


def _told(bookings: Bookings, desk: Desk) -> list[Reply]:
    return [Reply(notice) for one in bookings for notice in status_notices(one, desk.context)]


def _waiting(desk: Desk) -> list[Reply]:
    return [Reply(Notice("utter_booking_waiting", {"reference": one})) for one in desk.owned.waiting[:MOST_TOLD]]


def _none(desk: Desk) -> Notice:
    return Notice("utter_no_upcoming_bookings" if desk.owned.is_known else "utter_bookings_unknown")
