"""Whose a booking is: a number that is merely typed shows nothing of others, in no answer."""

from __future__ import annotations

import pytest

from ramah.booking.made.listing import Reply, my_bookings, status
from ramah.booking.made.said import Said
from ramah.integrations.erp.document import BookingDocument
from tests.integration.booking.customer import Door
from tests.integration.booking.made.conftest import TOMORROW_TEN
from tests.integration.booking.made.owner import PHONE, Owner, book, owner, types_number


def said(replies: list[Reply]) -> list[str]:
    return [reply.notice.response for reply in replies]


def everything(replies: list[Reply]) -> str:
    return " ".join(str(reply) for reply in replies)


@pytest.fixture
def stranger(kilap_web: Door, tomorrow: BookingDocument) -> Owner:
    """Somebody else on the web chat who types Budi's number."""
    someone = owner(kilap_web.enter("visitor-2", "id"))
    types_number(someone.place, PHONE)
    return someone


def test_a_typed_number_shows_nothing_and_offers_a_person(stranger: Owner, tomorrow: BookingDocument) -> None:
    assert said(my_bookings(stranger.place)) == ["utter_bookings_unknown"]
    for words in ("mobil saya sudah selesai?", f"status {tomorrow.reference}", "booking avanza B 1234 XYZ"):
        replies = status(stranger.place, Said(words, "service_update"))
        assert tomorrow.service_code not in everything(replies)
        assert said(replies)[0] in ("utter_bookings_unknown", "utter_reference_not_found")


def test_a_typed_number_changes_nothing(stranger: Owner, tomorrow: BookingDocument) -> None:
    assert stranger.moves().says("pindah ke Kamis jam 3", "reschedule").step is None
    assert stranger.notices == ["utter_bookings_unknown"]
    stranger.moves().taps(tomorrow.booking_id, intent="reschedule")
    assert (stranger.turn.step, stranger.turn.facts) == (None, {})
    stranger.calls_off().taps(tomorrow.booking_id, intent="cancel_booking")
    assert (stranger.turn.step, stranger.turn.facts) == (None, {})


def test_a_made_up_tap_shows_nothing(stranger: Owner, tomorrow: BookingDocument) -> None:
    tap = Said(intent="choose_booking", booking=tomorrow.booking_id[-8:])
    assert said(status(stranger.place, tap)) == ["utter_change_button_gone"]


def test_a_stranger_with_an_own_booking_under_that_number_sees_only_that(
    stranger: Owner, tomorrow: BookingDocument
) -> None:
    own = book(stranger.place, TOMORROW_TEN.replace(hour=15))
    [reply] = my_bookings(stranger.place)
    assert reply.notice.variables["reference"] == own.reference
    stranger.moves().taps(tomorrow.booking_id, intent="reschedule")
    assert tomorrow.booking_id not in stranger.turn.facts.values()


def test_a_proved_number_shows_all_its_bookings(kilap_whatsapp: Door, tomorrow: BookingDocument) -> None:
    budi_on_whatsapp = owner(kilap_whatsapp.enter("6281234567890", "id", phone=PHONE))
    [reply] = my_bookings(budi_on_whatsapp.place)
    assert reply.notice.variables["reference"] == tomorrow.reference
    assert budi_on_whatsapp.moves().says("pindah ke Kamis jam 3 sore", "reschedule").step == "move_confirmation"


def test_another_organisation_shows_nothing(bonda_web: Door, tomorrow: BookingDocument) -> None:
    elsewhere = owner(bonda_web.enter("visitor-1", "id", phone=PHONE))
    assert said(my_bookings(elsewhere.place)) == ["utter_no_upcoming_bookings"]
