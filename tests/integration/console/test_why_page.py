"""Why did it say that: the page of one turn, its story, who may see it; and the incidents behind what failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import delete, select

from ramah.lib.spans import note, span
from ramah.messaging.engine_client import EngineError, EngineTurn, FailedTurn, Replayed, TurnRequest
from ramah.messaging.inbox import accept
from ramah.messaging.models import Inbound, TurnTrace
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe import Incident
from ramah.people import Staff
from ramah.people.account_models import AuditEntry
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, text_message
from tests.integration.console.contents import rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

TEXT = "mau cuci mobil besok <b>ya</b>"
UNDERSTOOD = {
    "text": TEXT,
    "intent": {"name": "book_service", "confidence": 0.91},
    "ranking": [{"name": "book_service", "confidence": 0.91}, {"name": "ask_price", "confidence": 0.06}],
    "entities": [
        {"entity": "field", "value": "car", "start": 9, "end": 14, "extractor": "RegexEntityExtractor"},
        {"entity": "language", "value": "id", "start": 0, "end": 30, "extractor": "LanguageIdentifier"},
    ],
    "language": {"name": "id", "probability": 0.99},
}
EXPLAINED = {
    "normalised": "mau cuci mobil besok",
    "decisions": [
        {"action": "booking_form", "policy": "RulePolicy", "rule": "A booking begins", "file": "data/booking/rules.yml"}
    ],
    "responses": [{"response": "utter_ask_service", "template": "Layanan apa, {name}?", "variables": {"name": "Ani"}}],
    "slots": {"requested_slot": {"before": None, "after": "service"}},
}


def explain(request: TurnRequest) -> EngineTurn:
    with span("engine turn"):
        note("run LinearIntentClassifier")
    body = {"replies": [{"text": "Layanan apa, Ani?"}], "understood": UNDERSTOOD, "explained": EXPLAINED}
    return EngineTurn.model_validate({**body, "did": [{"action": "booking_form"}], "language": "id"})


@pytest.fixture
def turn(database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner) -> int:
    """A turn that was explained and kept; gives its number."""
    engine.answer = explain
    stored = accept(database, kilap.whatsapp, text_message(TEXT))
    runner.run_one()
    assert stored.inbound_id is not None
    return stored.inbound_id


@pytest.fixture
def supervisor(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who supervises."""
    yield from member(console, database, kilap, "supervisor")


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice, who administers."""
    yield from member(console, database, kilap, "admin")


def member(console: ServedConsole, database: Database, tenant: Tenant, role: str) -> Iterator[StaffMember]:
    with database.tenant(tenant.id) as session:
        session.get_one(Staff, tenant.alice).roles = [role]
    one = logged_in(console, database, tenant.id, tenant.alice)
    with closing(one.client):
        yield one


def test_it_shows_what_was_understood_decided_remembered_and_said(supervisor: StaffMember, turn: int) -> None:
    page = supervisor.get(f"/console/why/{turn}").text
    for shown in (
        "book_service",
        "0.91",
        "ask_price",
        "RegexEntityExtractor",
        "A booking begins",
        "data/booking/rules.yml",
        "<ins>service</ins>",
        "Layanan apa, {name}?",
        "run LinearIntentClassifier",
        "mau cuci mobil besok",
    ):
        assert shown in page, shown
    assert "<b>ya</b>" not in page


def test_the_story_can_be_run_by_rasa_test(supervisor: StaffMember, turn: int) -> None:
    page = supervisor.get(f"/console/why/{turn}").text
    assert "mau cuci [mobil]{&#34;entity&#34;: &#34;field&#34;, &#34;value&#34;: &#34;car&#34;} besok" in page
    assert "- action: booking_form\n      - active_loop: booking_form\n      - slot_was_set:" in page


def test_over_the_thread_it_comes_without_the_frame(supervisor: StaffMember, turn: int) -> None:
    part = supervisor.client.get(f"/console/why/{turn}", headers={"hx-request": "true"}).text
    assert part.lstrip().startswith("<article") and "<html" not in part


def test_a_turn_that_was_not_kept_says_so_and_shows_what_is_known(
    supervisor: StaffMember, database: Database, kilap: Tenant, turn: int
) -> None:
    with database.tenant(kilap.id) as session:
        session.execute(delete(TurnTrace))
    page = supervisor.get(f"/console/why/{turn}").text
    assert "was not kept" in page and "book_service" in page


def test_bubbles_lead_to_it_for_those_who_may_see_it(
    supervisor: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, turn: int
) -> None:
    with database.tenant_reading(kilap.id) as session:
        conversation_id = session.scalars(select(TurnTrace.conversation_id)).one()
    link = f'href="/console/why/{turn}"'
    assert supervisor.get(f"/console/conversations/{conversation_id}").text.count(link) == 2
    assert link not in bob.get(f"/console/conversations/{conversation_id}").text
    assert bob.get(f"/console/why/{turn}").status_code == 403


def test_a_turn_of_others_is_not_there(supervisor: StaffMember, database: Database, stranger: Tenant) -> None:
    theirs = accept(database, stranger.whatsapp, text_message("halo"))
    assert supervisor.get(f"/console/why/{theirs.inbound_id}").status_code == 404


def test_a_failure_leads_to_its_incident_and_back(
    admin: StaffMember, database: Database, kilap: Tenant, engine: ScriptedEngine, runner: TurnRunner
) -> None:
    engine.failure = EngineError("the action raised KeyError", "action_failed", permanent=True)
    stored = accept(database, kilap.whatsapp, text_message("halo"))
    runner.run_one()
    (incident,) = rows_of(database, Incident)
    assert f"/console/incidents/{incident.id}" in admin.get(f"/console/why/{stored.inbound_id}").text
    assert incident.place in admin.get("/console/incidents").text
    assert f"/console/why/{stored.inbound_id}" in admin.get(f"/console/incidents/{incident.id}").text
    assert admin.post(f"/console/incidents/{incident.id}", {"state": "fixed"}).status_code == 303
    (marked,) = rows_of(database, Incident)
    assert marked.state == "fixed"
    assert [one.action for one in rows_of(database, AuditEntry)] == ["incident.marked"]
    assert incident.place not in admin.get("/console/incidents").text
    assert incident.place in admin.get("/console/incidents?show=all").text


def test_an_incident_is_marked_as_nothing_else(admin: StaffMember) -> None:
    assert admin.post("/console/incidents/x", {"state": "gone"}).status_code == 400
    assert admin.post("/console/incidents/x", {"state": "seen"}).status_code == 404


class EngineOfToday:
    """An engine that understands the message otherwise by now."""

    def __init__(self, problem: EngineError | None = None, **answer: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        self.failed: list[FailedTurn | None] = []
        self.problem = problem
        seen = {**UNDERSTOOD, "ranking": [{"name": "ask_price", "confidence": 0.55}]}
        self.answer = {"replies": [{"text": "Harganya ..."}], "understood": seen, **answer}

    def replay(self, conversation_id: str, message_id: str, failed: FailedTurn | None = None) -> Replayed:
        """Remember and answer."""
        self.asked.append((conversation_id, message_id))
        self.failed.append(failed)
        if self.problem:
            raise self.problem
        return Replayed.model_validate(self.answer)

    def close(self) -> None:
        """Nothing to close."""


ERP_BOOKS = {
    "id": "00f067aa0ba902b7",
    "name": "erp book",
    "process": "actions",
    "start": 1,
    "micros": 9,
    "facts": {"system": "frappe", "answer": "BookingReceipt"},
}
TODAY: dict[str, Any] = {
    "explained": {
        "decisions": [{"action": "action_submit_booking", "rule": "A booking ends"}],
        "slots": {"requested_slot": {"before": None, "after": "plan"}},
    },
    "spans": [ERP_BOOKS],
    "withheld": [
        {"system": "erp", "operation": "book", "about": "wash <b>x</b>"},
        {"system": "llm", "operation": "POST"},
    ],
    "written": [
        {"verb": "insert", "table": "erp_bookings", "rows": 1},
        {"verb": "update", "table": "drafts", "rows": 2},
    ],
}


def test_a_replay_stands_beside_what_was_and_marks_what_differs(
    supervisor: StaffMember, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EngineOfToday(**TODAY)
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: engine)
    page = supervisor.post(f"/console/why/{turn}/replay").text
    assert (
        page.index("<h4>Then") < page.index("Layanan apa, Ani?") < page.index("<h4>Today") < page.index("Harganya ...")
    )
    for aspect in ("intents", "decisions", "slots", "calls", "replies"):
        assert page.count(f'data-differs="{aspect}"') == 2, aspect
    assert 'data-differs="entities"' not in page
    assert "Today it goes another way" in page
    assert [asked[1] for asked in engine.asked] == [str(turn)]
    assert engine.failed == [None]


def test_the_replay_of_a_turn_that_failed_is_told_what_was_said(
    supervisor: StaffMember, turn: int, database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EngineOfToday(**TODAY)
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: engine)
    with database.tenant(kilap.id) as session:
        session.scalars(select(TurnTrace)).one().failed = True
        received_at = session.get_one(Inbound, turn).received_at
    assert supervisor.post(f"/console/why/{turn}/replay").status_code == 200
    (failed,) = engine.failed
    assert failed == FailedTurn(text=TEXT, payload=None, channel="whatsapp", moment=received_at.timestamp())


def test_a_replay_says_what_it_would_have_done(
    supervisor: StaffMember, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: EngineOfToday(**TODAY))
    page = supervisor.post(f"/console/why/{turn}/replay").text
    assert "It would have asked the ERP to book: wash &lt;b&gt;x&lt;/b&gt;" in page
    assert "It would have asked the language model." in page
    assert "<code>erp_bookings</code> +1" in page and "<code>drafts</code> 2 changed" in page


def test_a_replay_that_goes_the_same_way_says_so(
    supervisor: StaffMember, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    same: dict[str, Any] = {
        "understood": UNDERSTOOD,
        "explained": EXPLAINED,
        "replies": [{"text": "Layanan apa, Ani?"}],
    }
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: EngineOfToday(**same))
    page = supervisor.post(f"/console/why/{turn}/replay").text
    assert "Today it goes the same way" in page and "data-differs" not in page


def test_a_turn_that_fails_today_names_the_line(
    supervisor: StaffMember, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = EngineError("no", "action_failed", permanent=True, place="ramah.booking.made.listing:status:52")
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: EngineOfToday(failure))
    page = supervisor.post(f"/console/why/{turn}/replay").text
    assert "Today this turn fails." in page and "ramah.booking.made.listing:status:52" in page


@pytest.mark.parametrize(("kind", "said"), [("bad_request", "nothing to replay"), ("unreachable", "try again")])
def test_a_replay_that_cannot_be_says_why(
    supervisor: StaffMember, turn: int, monkeypatch: pytest.MonkeyPatch, kind: str, said: str
) -> None:
    engine = EngineOfToday(EngineError("no", kind))
    monkeypatch.setattr("console.why.views.EngineClient", lambda config: engine)
    assert said in supervisor.post(f"/console/why/{turn}/replay").text
