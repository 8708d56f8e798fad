"""The system page: for administrators, in words, and true: who was killed is said to be silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import update

from console.system import looking, presenters
from ramah.messaging.providers import Purpose
from ramah.observe.beats import Heart, signs
from ramah.observe.models import ProcessBeat
from ramah.observe.readiness import LEFT_ALONE, NO_REDIS, Readiness
from ramah.people import Staff
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, defaults
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who administers."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = ["admin"]
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


def lives(database: Database, kind: str, found: Readiness | None = None) -> Heart:
    heart = Heart(database, kind, 8091, lambda: found or Readiness())
    heart.beat()
    return heart


def fall_silent(database: Database, kind: str) -> None:
    """What a kill looks like from outside: the process writes no more."""
    with database.every_organisation() as session:
        past = utc_now() - timedelta(seconds=20)
        session.execute(update(ProcessBeat).where(ProcessBeat.kind == kind).values(beat_at=past))


def test_only_administrators_see_it(alice: StaffMember, admin: StaffMember) -> None:
    with closing(httpx.Client(base_url=str(alice.client.base_url))) as anybody:
        assert anybody.get("/console/system").status_code == 302
    assert admin.get("/console/system").status_code == 200


def test_colleagues_are_refused(alice: StaffMember) -> None:
    assert alice.get("/console/system").status_code == 403


def test_a_process_that_was_killed_is_said_to_be_silent_and_missed(admin: StaffMember, database: Database) -> None:
    lives(database, "worker")
    page = admin.get("/console/system").text
    assert "worker@" in page and "No worker runs" not in page
    fall_silent(database, "worker")
    page = admin.get("/console/system").text
    assert "Silent" in page and "No worker runs: nobody is answered" in page


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_errand_whose_host_is_left_alone_is_told_in_words_of_its_own(purpose: Purpose) -> None:
    told = presenters._in_words(f"{LEFT_ALONE}whatsapp {purpose}", str)
    assert told == presenters.ERRANDS[purpose] != presenters.A_CHANNEL


def test_a_process_that_cannot_work_says_why_in_words(admin: StaffMember, database: Database) -> None:
    lives(database, "worker", Readiness([], [NO_REDIS, f"{LEFT_ALONE}erp", f"{LEFT_ALONE}whatsapp"]))
    lives(database, "actions", Readiness(["turns-0 has not come round"]))
    page = admin.get("/console/system").text
    for words in (
        "Redis does not answer",
        "The ERP does not answer",
        "channel&#39;s provider",
        "One of its tasks hangs",
    ):
        assert words in page


def test_one_that_stops_in_good_order_is_not_missed_for_long(database: Database) -> None:
    heart = lives(database, "worker")
    heart.start()
    heart.stop()
    with database.every_organisation_reading() as session:
        assert signs(session) == []


def test_the_engine_is_asked_itself(httpserver: HTTPServer) -> None:
    address: Settings = defaults(engine_url=httpserver.url_for("").rstrip("/"))
    httpserver.expect_ordered_request(looking.ENGINE_HEALTH).respond_with_json({"ready": True, "model": "m1"})
    refusal = {"failure": {"kind": "not_ready", "operation": "start", "detail": "-", "permanent": False}}
    httpserver.expect_ordered_request(looking.ENGINE_HEALTH).respond_with_json(refusal, status=503)
    said = [looking.ask_engine(address), looking.ask_engine(address)]
    assert [(one.ready, one.model) for one in said if one] == [(True, "m1"), (False, None)]
    assert looking.ask_engine(defaults(engine_url="http://127.0.0.1:1")) is None
