"""A language model beside the booking form: it may propose, late or broken it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from ramah.booking.proposing import consulting
from ramah.integrations.http import Breakers
from ramah.integrations.llm import ChatModel, LlmAccess
from ramah.observe import Incident
from ramah.people import Organisation
from ramah.settings import Settings
from tests.fakes.llm import FakeLlm
from tests.fakes.llm.server import Fault
from tests.integration.booking.customer import Customer

CHOSEN = {"field": "service", "quote": "paling lengkap", "choice": "full-detailing"}


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    """A model that answers."""
    with FakeLlm() as running:
        yield running


@pytest.fixture
def person(customer: Customer, fake: FakeLlm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customer]:
    """Somebody whose choice of service is asked, at an organisation that lets a model be asked."""
    access = LlmAccess(base_url=fake.base_url, key=SecretStr(fake.key), model="small", timeout=2.0)
    with closing(ChatModel(access, Breakers())) as model:
        monkeypatch.setattr(consulting, "chat_model", lambda: model)
        monkeypatch.setattr(consulting, "settings", lambda: Settings(_env_file=None, llm_budget=3))  # type: ignore[call-arg]
        allow(customer, {"asks_vehicle": True, "llm": True})
        customer.says("mau booking", "book_service")
        yield customer


def allow(customer: Customer, profile: dict[str, object]) -> None:
    """What the organisation's administrator has set."""
    with customer.place.database.tenant(customer.place.organisation_id) as session:
        session.execute(
            update(Organisation).where(Organisation.id == customer.place.organisation_id).values(profile=profile)
        )


def lost(customer: Customer) -> None:
    """The service is asked, and nothing can be made of the answer."""
    assert customer.expected == "service"
    customer.says("yang paling lengkap luar dalem pokoknya")


def test_a_yes_sets_the_fact_with_its_source(person: Customer, fake: FakeLlm) -> None:
    fake.proposes(CHOSEN, {"field": "city", "quote": "Atlantis", "choice": None})
    lost(person)
    assert person.facts == {}
    asked = person.question()
    assert asked.response == "utter_ask_proposal"
    person.taps(asked.variables["number"], "proposal")
    assert person.row().fields["service"]["source"] == "llm+customer"
    assert (person.facts["service"], person.expected) == ("full-detailing", "booking_kind")


def test_what_it_is_told_holds_no_facts_of_the_customer(person: Customer, fake: FakeLlm) -> None:
    lost(person)
    assert person.place.conversation_id not in fake.told
    assert "yang paling lengkap" in fake.told


@pytest.mark.parametrize("fault", ["unauthorized", "throttled", "error", "hang", "page", "unknown"])
def test_a_failing_model_changes_nothing_and_is_an_incident(person: Customer, fake: FakeLlm, fault: Fault) -> None:
    fake.faults += [fault, fault]
    before = person.facts
    lost(person)
    assert (person.facts, person.question().response) == (before, "utter_ask_service_again")
    with person.place.database.tenant_reading(person.place.organisation_id) as session:
        assert list(session.scalars(select(Incident.operation))) == ["booking:proposal"]


def test_no_more_is_asked_than_the_budget_allows(person: Customer, fake: FakeLlm) -> None:
    for _ in range(5):
        lost(person)
    assert len(fake.requests) == 3


def test_an_organisation_that_does_not_allow_it_sends_nothing(person: Customer, fake: FakeLlm) -> None:
    allow(person, {"asks_vehicle": True})
    lost(person)
    assert fake.requests == []


def test_a_message_that_was_understood_costs_nothing(person: Customer, fake: FakeLlm) -> None:
    person.says("cuci premium")
    assert fake.requests == []
