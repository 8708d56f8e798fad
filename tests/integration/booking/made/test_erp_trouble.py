"""An ERP that does not answer: the wish is kept, tried again, told once, and never lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from ramah.booking import erp_registry
from ramah.booking.embedded.adapter import EmbeddedErp
from ramah.booking.made.changes import Changed
from ramah.booking.made.listing import my_bookings, status
from ramah.booking.made.retries import retry_change
from ramah.booking.made.said import Said
from ramah.integrations.erp.document import BookingDocument, BookingReceipt
from ramah.integrations.erp.port import BookingStatus, BookingSummary
from ramah.integrations.errors import IntegrationError, Rejected, Unavailable, UncertainWrite
from ramah.messaging.models import HandledBy
from ramah.observe import Incident
from ramah.store import Database
from tests.integration.booking.customer import Door
from tests.integration.booking.made.conftest import JAKARTA, TOMORROW_TEN
from tests.integration.booking.made.owner import Owner, book, owner
from tests.integration.booking.moody_erp import ProcessDied

PATIENCE = timedelta(hours=6)
MINUTE = timedelta(minutes=1)
THURSDAY_THREE = datetime(2026, 11, 26, 15, tzinfo=JAKARTA)


@dataclass
class Weather:
    """What the next calls meet, in order: reads, and writes before and after they happened."""

    reading: list[BaseException] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    written: int = 0


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Weather:
    """The ERP's weather from now on; as long as nothing is set it is fine."""
    now = Weather()

    class StormyErp(EmbeddedErp):
        def bookings_of(self, phone: str) -> list[BookingSummary]:
            if now.reading:
                raise now.reading.pop(0)
            return super().bookings_of(phone)

        def move(self, booking_id: str, starts_at: datetime, capacity: int) -> BookingReceipt:
            if now.before:
                raise now.before.pop(0)
            return self._after(super().move(booking_id, starts_at, capacity))

        def cancel(self, booking_id: str, reason: str) -> BookingReceipt:
            if now.before:
                raise now.before.pop(0)
            return self._after(super().cancel(booking_id, reason))

        def _after(self, receipt: BookingReceipt) -> BookingReceipt:
            now.written += not receipt.repeated
            if now.after:
                raise now.after.pop(0)
            return receipt

    monkeypatch.setattr(erp_registry, "EmbeddedErp", StormyErp)
    return now


@pytest.fixture
def confirmed(budi: Owner, tomorrow: BookingDocument, weather: Weather) -> Owner:
    """Budi has said yes to Thursday at three."""
    budi.moves().says("pindah ke Kamis jam 3 sore", "reschedule")
    budi.says("ya", "affirm")
    return budi


def starts(budi: Owner) -> list[datetime]:
    return [one.starts_at for one in budi.in_erp()]


def said(budi: Owner) -> list[str]:
    return [str(one.raw["response"]) for one in budi.to_be_said()]


def test_a_move_that_gets_no_answer_is_kept_and_made_later(confirmed: Owner, weather: Weather) -> None:
    weather.before.append(Unavailable("down"))
    assert confirmed.submits().result is Changed.PENDING
    assert starts(confirmed) == [TOMORROW_TEN]
    confirmed.clock.shift(MINUTE)
    assert retry_change(confirmed.place.database, PATIENCE)
    assert starts(confirmed) == [THURSDAY_THREE]
    assert said(confirmed) == ["utter_moved_later"]
    [told] = confirmed.to_be_said()
    assert told.raw["variables"]["time"] == "15:00"
    assert not retry_change(confirmed.place.database, PATIENCE)


@pytest.mark.parametrize("loss", [UncertainWrite("silence"), Unavailable("502")])
def test_a_lost_answer_moves_once(confirmed: Owner, weather: Weather, loss: IntegrationError) -> None:
    weather.after.append(loss)
    assert confirmed.submits().result is Changed.PENDING
    confirmed.clock.shift(MINUTE)
    assert retry_change(confirmed.place.database, PATIENCE)
    assert (weather.written, said(confirmed)) == (1, ["utter_moved_later"])


def test_a_cancellation_that_gets_no_answer_is_kept_with_its_reason(
    budi: Owner, tomorrow: BookingDocument, weather: Weather
) -> None:
    budi.calls_off().says("batalkan booking saya karena hujan", "cancel_booking")
    budi.says("ya", "affirm")
    weather.before.append(Unavailable("down"))
    assert budi.submits().result is Changed.PENDING
    budi.clock.shift(MINUTE)
    assert retry_change(budi.place.database, PATIENCE)
    assert [(one.status, one.status_note) for one in budi.in_erp()] == [(BookingStatus.CANCELLED, "hujan")]
    assert said(budi) == ["utter_cancelled_later"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_leaves_the_wish_to_the_worker(confirmed: Owner, weather: Weather, moment: str) -> None:
    getattr(weather, moment).append(ProcessDied())
    with pytest.raises(ProcessDied):
        confirmed.submits()
    assert not retry_change(confirmed.place.database, PATIENCE)
    confirmed.clock.shift(MINUTE)
    assert retry_change(confirmed.place.database, PATIENCE)
    assert (starts(confirmed), weather.written) == ([THURSDAY_THREE], 1)
    # Nobody was told to wait, so nobody is told that the waiting is over.
    assert said(confirmed) == []


def test_an_erp_that_falls_silent_at_the_yes_still_keeps_the_wish(
    budi: Owner, tomorrow: BookingDocument, weather: Weather
) -> None:
    budi.moves().says("pindah ke Kamis jam 3 sore", "reschedule")
    weather.reading += [Unavailable("down")] * 2
    weather.before.append(Unavailable("down"))
    assert budi.says("ya", "affirm").step is None
    assert budi.submits().result is Changed.PENDING
    budi.clock.shift(MINUTE)
    assert retry_change(budi.place.database, PATIENCE)
    assert starts(budi) == [THURSDAY_THREE]


def test_a_later_wish_supersedes_one_that_waits(confirmed: Owner, weather: Weather) -> None:
    weather.before.append(Unavailable("down"))
    confirmed.submits()
    confirmed.moves().says("pindah ke Jumat jam 3 sore", "reschedule")
    confirmed.says("ya", "affirm")
    assert confirmed.submits().result is Changed.MOVED
    confirmed.clock.shift(MINUTE)
    assert not retry_change(confirmed.place.database, PATIENCE)
    assert starts(confirmed) == [THURSDAY_THREE + timedelta(days=1)]
    assert [one.status for one in confirmed.wishes()] == ["superseded", "done"]


def test_the_same_wish_again_while_it_waits_is_one(confirmed: Owner, weather: Weather) -> None:
    weather.before += [Unavailable("down")] * 2
    assert [confirmed.submits().result, confirmed.submits().result] == [Changed.PENDING, Changed.PENDING]
    assert len(confirmed.wishes()) == 1


def test_a_time_taken_while_it_waited_goes_to_a_person(confirmed: Owner, weather: Weather) -> None:
    weather.before.append(Unavailable("down"))
    confirmed.submits()
    for _ in range(3):
        book(confirmed.place, THURSDAY_THREE, is_own=False)
    confirmed.clock.shift(MINUTE)
    assert retry_change(confirmed.place.database, PATIENCE)
    assert said(confirmed) == ["utter_change_taken_later"]
    assert confirmed.conversation().handled_by == HandledBy.QUEUE
    assert TOMORROW_TEN in starts(confirmed)


def test_after_hours_without_an_erp_a_person_is_asked(confirmed: Owner, weather: Weather) -> None:
    weather.before += [Unavailable("down")] * 2
    confirmed.submits()
    confirmed.clock.shift(PATIENCE + MINUTE)
    assert retry_change(confirmed.place.database, PATIENCE)
    assert said(confirmed) == ["utter_change_failed"]
    assert confirmed.conversation().handover_reason == "change_failed"
    assert [one.status for one in confirmed.wishes()] == ["failed"]


def test_a_wish_whose_visit_begins_is_not_tried_for_ever(confirmed: Owner, weather: Weather) -> None:
    weather.before += [Unavailable("down")] * 2
    confirmed.submits()
    confirmed.clock.move_to(TOMORROW_TEN + MINUTE)
    assert retry_change(confirmed.place.database, timedelta(days=30))
    assert [one.status for one in confirmed.wishes()] == ["failed"]


def test_a_refusal_goes_to_a_person_at_once(confirmed: Owner, weather: Weather) -> None:
    weather.before.append(Rejected("blocked"))
    assert confirmed.submits().result is Changed.FAILED
    with confirmed.place.database.tenant_reading(confirmed.place.organisation_id) as session:
        assert set(session.scalars(select(Incident.operation))) == {"booking:change"}


def test_waits_grow_between_tries(confirmed: Owner, weather: Weather) -> None:
    weather.before += [Unavailable("down")] * 4
    confirmed.submits()
    waits = []
    for _ in range(3):
        confirmed.clock.shift(MINUTE)
        before = confirmed.wishes()[0].attempts
        assert retry_change(confirmed.place.database, PATIENCE)
        assert confirmed.wishes()[0].attempts == before + 1
        waits.append(confirmed.wishes()[0].next_try_at)
    assert all(waits)
    assert said(confirmed) == []


def test_bookings_that_cannot_be_read_are_said_so_and_a_wish_goes_to_a_person(
    budi: Owner, tomorrow: BookingDocument, weather: Weather
) -> None:
    weather.reading += [Unavailable("down")] * 4
    assert [one.notice.response for one in my_bookings(budi.place)] == ["utter_bookings_unreachable"]
    replies = status(budi.place, Said("udah selesai?", "service_update"))
    assert [one.notice.response for one in replies] == ["utter_bookings_unreachable"]
    turn = budi.moves().says("pindah ke Kamis", "reschedule")
    assert (turn.step, turn.handover) == (None, "reschedule")
    turn = budi.calls_off().says("batalkan booking saya", "cancel_booking")
    assert (turn.step, turn.handover) == (None, "cancel_booking")


def test_a_waiting_wish_is_finished_on_each_database(
    demo_on_each_backend: Database, clock: time_machine.Traveller, weather: Weather
) -> None:
    budi = owner(Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("visitor", "ms"))
    book(budi.place, TOMORROW_TEN)
    budi.calls_off().says("batalkan tempahan saya", "cancel_booking")
    budi.says("ya", "affirm")
    weather.after.append(UncertainWrite("silence"))
    assert budi.submits().result is Changed.PENDING
    clock.shift(MINUTE)
    assert retry_change(demo_on_each_backend, PATIENCE)
    assert [one.status for one in budi.in_erp()] == [BookingStatus.CANCELLED]
    assert (weather.written, said(budi)) == (1, ["utter_cancelled_later"])
