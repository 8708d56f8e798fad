"""A turn at the booking form is tried again: it goes as it went, and nothing of it stays or gets out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import update

from actions import sandbox, wiring
from actions.sandbox import Trial, Tried, try_out
from ramah.booking import erp_registry
from ramah.booking.drafts import step_back
from ramah.booking.models import DraftStatus
from ramah.integrations.erp.frappe import FrappeAccess, FrappeErp
from ramah.integrations.http import Breakers
from ramah.people import Organisation
from ramah.store import Database
from tests.fakes.frappe import FakeFrappe
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import at_the_summary
from tests.integration.booking.replaying import about_to, executor, nothing_stays, then_calls


@pytest.fixture
def budi(demo_on_each_backend: Database, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """Somebody who is about to book, on each database; the actions use the same one."""
    for module in (wiring, sandbox):
        monkeypatch.setattr(module, "database", lambda: demo_on_each_backend)
    return Door(demo_on_each_backend, clock, "webchat", "kilap-auto").enter("visitor-1", "id")


@pytest.fixture
def site(budi: Customer) -> Iterator[FakeFrappe]:
    """A Frappe site that Budi's organisation books in."""
    with FakeFrappe(site_timezone="Asia/Jakarta") as fake:
        access = FrappeAccess(
            base_url=fake.base_url,
            api_key=SecretStr(fake.api_key),
            api_secret=SecretStr(fake.api_secret),
            company="Kilap Auto",
            companies={"MYR": "Kilap Auto Malaysia"},
            site_timezone=fake.site_timezone,
        )
        with closing(FrappeErp(access, Breakers())) as adapter:
            erp_registry._adapters[budi.place.organisation_id, ""] = adapter
            with budi.place.database.every_organisation() as session:
                ours = Organisation.id == budi.place.organisation_id
                session.execute(update(Organisation).where(ours).values(erp_kind="frappe", erp_access=None))
            yield fake
        del erp_registry._adapters[budi.place.organisation_id, ""]
        erp_registry._catalogues.pop((budi.place.organisation_id, ""), None)


def tried(trial: Trial) -> Tried:
    return try_out(executor(), trial)


def confirming(customer: Customer) -> tuple[Trial, Tried]:
    """The turn in which a booking is confirmed, tried to its end."""
    trial = about_to(customer, taps="yes")
    validated = tried(trial)
    ending = then_calls(trial, "action_submit_booking", validated.answer["events"])
    return ending, tried(ending)


def responses(found: Tried) -> list[str]:
    return [one["response"] for one in found.answer["responses"] if one.get("response")]


def slots(found: Tried) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in found.answer["events"] if one["event"] == "slot"}


def test_a_confirmation_is_answered_and_no_row_of_any_table_changes(budi: Customer) -> None:
    at_the_summary(budi)
    with nothing_stays(budi.place.database):
        _, found = confirming(budi)
    assert responses(found)[0] == "utter_booking_confirmed"
    assert [(one["system"], one["operation"]) for one in found.withheld] == [("erp", "book")]
    assert {"verb": "insert", "table": "erp_bookings", "rows": 1} in found.written
    assert budi.row().status == DraftStatus.OPEN


def test_the_erp_gets_no_call_that_changes_anything(budi: Customer, site: FakeFrappe) -> None:
    at_the_summary(budi)
    with nothing_stays(budi.place.database):
        _, found = confirming(budi)
    assert responses(found)[0] == "utter_booking_confirmed"
    assert [one["operation"] for one in found.withheld] == ["book"]
    assert found.withheld[0]["about"] == "premium-wash, JKT, 2026-11-24 10:00"
    assert {one.method for one in site.requests} == {"GET"}
    assert not site.documents("Sales Order") and not site.documents("Customer")


def test_a_turn_that_booked_is_tried_as_if_it_had_not(budi: Customer) -> None:
    at_the_summary(budi)
    trial, before = confirming(budi)
    budi.taps("yes")
    budi.submits()
    assert budi.row().status == DraftStatus.BOOKED
    with nothing_stays(budi.place.database):
        found = tried(trial)
    assert responses(found) == responses(before)
    assert [one["operation"] for one in found.withheld] == ["book"]
    assert {"verb": "insert", "table": "erp_bookings", "rows": 1} in found.written


def test_an_answer_that_was_corrected_since_is_as_it_was(budi: Customer) -> None:
    budi.says("mau cuci premium dong kak")
    trial = about_to(budi, says="sekali aja")
    before = slots(tried(trial))
    assert before["requested_slot"] == "first_name"
    budi.says("sekali aja", kind="one_time")
    budi.says("nama saya Budi Santoso")
    budi.says("eh salah, nama saya Andi Wijaya", "correct", field="name")
    with nothing_stays(budi.place.database):
        assert slots(tried(trial)) == before


def test_a_step_back_is_taken_back_first(budi: Customer) -> None:
    budi.says("mau cuci premium dong kak")
    budi.says("sekali aja", kind="one_time")
    trial = about_to(budi, says="balik")
    trial.calls[0]["next_action"] = "action_go_back"
    place = budi.place
    forgotten = step_back(place.database, place.organisation_id, place.conversation_id, trial.message_id)
    assert "booking_kind" in forgotten
    with nothing_stays(place.database):
        assert set(slots(tried(trial))) == set(forgotten)


def test_the_first_message_begins_a_draft_again_that_a_later_call_finds(budi: Customer) -> None:
    trial = about_to(budi, says="mau cuci premium dong kak")
    budi.says("mau cuci premium dong kak")
    with nothing_stays(budi.place.database):
        begun = tried(trial)
        asked = tried(then_calls(trial, "action_ask_booking_form_booking_kind", begun.answer["events"]))
    assert slots(begun)["service"] == "premium-wash"
    assert slots(begun)["draft_id"] not in (None, budi.draft_id)
    (question,) = asked.answer["responses"]
    assert str(slots(begun)["draft_id"])[:8] in str(question)


def test_tomorrow_is_the_tomorrow_of_then(budi: Customer) -> None:
    at_the_summary(budi)
    trial = about_to(budi, says="eh ganti, besok jam 3 sore aja")
    now = slots(tried(trial))
    budi.clock.shift(60 * 60 * 24 * 9)
    assert slots(tried(trial)) == now
    assert now["appointment_date"] == "2026-11-24"
