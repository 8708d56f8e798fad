"""The queue's pages and JSON: who may what, what is shown, and what a change does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ramah.messaging.conversations import locked
from ramah.messaging.divisions.presence import heard_from
from ramah.messaging.divisions.waiting import new_wait, put_into
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, Division, HandledBy, QueueSettings, StaffPresence
from ramah.people import Organisation, Staff
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.contents import conversation_of, everything, rows_of
from tests.integration.console.visitors import StaffMember

ANYBODY_OF_STAFF = {
    ("GET", "/console/queue"),
    ("GET", "/console/queue/panel"),
    ("GET", "/console/queue/count"),
    ("GET", "/api/app/divisions"),
    ("GET", "/api/app/queue"),
    ("POST", "/console/queue/next"),
    ("POST", "/console/queue/presence"),
    ("POST", "/console/queue/{conversation}/move"),
    ("POST", "/api/app/queue/{conversation}/move"),
    ("POST", "/api/app/presence"),
}
MANAGERS_ONLY = {
    ("GET", "/console/queue/settings"),
    ("GET", "/api/app/queue/settings"),
    ("POST", "/console/queue/{conversation}/assign"),
    ("POST", "/console/queue/settings/divisions"),
    ("POST", "/console/queue/settings/divisions/order"),
    ("POST", "/console/queue/settings/divisions/{division}"),
    ("POST", "/console/queue/settings/divisions/{division}/delete"),
    ("GET", "/console/queue/settings/divisions/{division}/hours"),
    ("POST", "/console/queue/settings/divisions/{division}/hours"),
    ("POST", "/console/queue/settings/divisions/{division}/hours/default"),
    ("POST", "/console/queue/settings/general"),
    ("POST", "/console/queue/settings/texts"),
    ("POST", "/console/queue/settings/preview"),
    ("POST", "/console/queue/settings/people/{staff}/capacity"),
    ("POST", "/api/app/divisions"),
    ("PUT", "/api/app/divisions/order"),
    ("PUT", "/api/app/divisions/{division}"),
    ("DELETE", "/api/app/divisions/{division}"),
    ("PUT", "/api/app/divisions/{division}/agents"),
    ("PUT", "/api/app/queue/settings"),
    ("POST", "/api/app/queue/{conversation}/assign"),
}
EVERY = sorted(ANYBODY_OF_STAFF | MANAGERS_ONLY)
NAMING_A_ROW = [one for one in EVERY if "{" in one[1]]


@pytest.fixture
def waiting(database: Database, kilap: Tenant) -> dict[str, str]:
    """Two divisions, and one customer who waits in the first; the ids of all."""
    conversation_id = accept(database, kilap.whatsapp, text_message("secret of kilap")).conversation_id
    with database.tenant(kilap.id) as session:
        session.get_one(Organisation, kilap.id).queue_mode = "queue"
        billing = Division(name="Billing", description="Pembayaran", keyword_triggers=["tagihan"], position=0)
        support = Division(name="Support", position=1)
        session.add_all([billing, support, QueueSettings(texts={}, capacity=1)])
        session.flush()
        conversation = locked(session, conversation_id)
        conversation.handled_by = HandledBy.QUEUE
        put_into(session, conversation, new_wait(session, conversation), billing.id)
        return {"conversation": conversation_id, "division": billing.id, "other": support.id, "staff": kilap.bob}


@pytest.fixture
def manager(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    """Alice, who may manage the queue."""
    promote(database, kilap, alice.id)
    return alice


def promote(database: Database, tenant: Tenant, staff_id: str) -> None:
    with database.tenant(tenant.id) as session:
        session.get_one(Staff, staff_id).roles = ["supervisor"]


def ask(who: StaffMember, method: str, path: str, body: Any = None, **form: Any) -> httpx.Response:
    headers = {"x-csrf-token": who.csrf, "accept": "application/json"}
    if form:
        return who.client.request(method, path, data=form, headers=headers)
    return who.client.request(method, path, json=body, headers=headers)


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_nobody_is_let_in_without_logging_in(
    anybody: httpx.Client, waiting: dict[str, str], database: Database, method: str, path: str
) -> None:
    before = everything(database)
    assert anybody.request(method, path.format(**waiting)).status_code in (302, 401)
    assert everything(database) == before


@pytest.mark.parametrize(("method", "path"), [one for one in EVERY if one[0] != "GET"])
def test_nothing_changes_without_the_csrf_token(
    manager: StaffMember, bob: StaffMember, waiting: dict[str, str], database: Database, method: str, path: str
) -> None:
    before = everything(database)
    for token in ("", "wrong", bob.csrf):
        answer = manager.client.request(method, path.format(**waiting), headers={"x-csrf-token": token}, json={})
        assert answer.status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize(("method", "path"), sorted(MANAGERS_ONLY))
def test_an_agent_manages_nothing(
    bob: StaffMember, waiting: dict[str, str], database: Database, method: str, path: str
) -> None:
    before = everything(database)
    assert ask(bob, method, path.format(**waiting), {}).status_code == 403
    assert everything(database) == before


@pytest.mark.parametrize(("method", "path"), NAMING_A_ROW)
def test_another_organisation_finds_none_of_our_rows(
    charlie: StaffMember,
    stranger: Tenant,
    waiting: dict[str, str],
    database: Database,
    method: str,
    path: str,
) -> None:
    promote(database, stranger, charlie.id)
    with database.tenant(stranger.id) as session:
        session.add_all([QueueSettings(texts={}), theirs := Division(name="Theirs")])
        session.flush()
        own = theirs.id
    before = everything(database)
    bodies: dict[str, dict[str, Any]] = {
        "agents": {"ids": []},
        "assign": {"staff_id": stranger.alice},
        "move": {"division_id": own},
    }
    last = path.rsplit("/", 1)[-1]
    if path.startswith("/api"):
        answer = ask(charlie, method, path.format(**waiting), bodies.get(last, {"name": "Mine"}))
    else:
        answer = ask(charlie, method, path.format(**waiting), name="Mine", **bodies.get(last, {}))
    assert answer.status_code == 404
    assert everything(database) == before


@pytest.mark.parametrize(
    "path", ["/console/queue", "/console/queue/panel", "/api/app/queue", "/console/queue/settings"]
)
def test_another_organisation_sees_nothing_of_ours(
    charlie: StaffMember, stranger: Tenant, waiting: dict[str, str], database: Database, path: str
) -> None:
    promote(database, stranger, charlie.id)
    page = charlie.get(path)
    assert page.status_code == 200
    for ours in ("secret of kilap", "62811000001", "Billing", waiting["division"]):
        assert ours not in page.text


def test_an_agent_sees_who_waits_and_no_settings(bob: StaffMember, waiting: dict[str, str]) -> None:
    page = bob.get("/console/queue").text
    assert "secret of kilap" in page and "Billing" in page
    assert "/console/queue/settings" not in page and "/assign" not in page
    assert bob.get("/console/queue/count").text == "1"


def test_taking_the_next_opens_the_conversation(bob: StaffMember, waiting: dict[str, str], database: Database) -> None:
    answer = bob.post("/console/queue/next")
    assert answer.headers["hx-redirect"] == f"/console/conversations/{waiting['conversation']}"
    assert conversation_of(database, waiting["conversation"]).staff_id == bob.id
    assert bob.post("/console/queue/next").headers.get("hx-redirect") is None


def test_moving_keeps_the_turn_and_tells_the_customer(
    bob: StaffMember, waiting: dict[str, str], database: Database
) -> None:
    before = conversation_of(database, waiting["conversation"]).queued_at
    assert bob.post(f"/console/queue/{waiting['conversation']}/move", {"division_id": waiting["other"]}).is_success
    moved = conversation_of(database, waiting["conversation"])
    assert (moved.division_id, moved.queued_at) == (waiting["other"], before)
    assert moved.preview == "Percakapan ini kami teruskan ke tim Support. Anda di antrian ke 1."


def test_a_supervisor_gives_a_customer_to_somebody_with_room(
    manager: StaffMember, waiting: dict[str, str], database: Database
) -> None:
    path = f"/console/queue/{waiting['conversation']}/assign"
    assert manager.post(path, {"staff_id": waiting["staff"]}).is_success
    assert conversation_of(database, waiting["conversation"]).staff_id == waiting["staff"]
    again = manager.post(path, {"staff_id": manager.id})
    assert (again.status_code, again.json()["message"]) == (409, "Bob has this conversation")


def test_nobody_is_given_more_than_they_have_room_for(
    manager: StaffMember, waiting: dict[str, str], database: Database, kilap: Tenant
) -> None:
    with database.tenant(kilap.id) as session:
        session.add(StaffPresence(staff_id=waiting["staff"], capacity=0))
    answer = manager.post(f"/console/queue/{waiting['conversation']}/assign", {"staff_id": waiting["staff"]})
    assert (answer.status_code, answer.json()["message"]) == (409, "Bob has no room for another customer")
    assert conversation_of(database, waiting["conversation"]).handled_by == HandledBy.QUEUE


def test_who_comes_back_is_given_who_waits(bob: StaffMember, waiting: dict[str, str], database: Database) -> None:
    assert "Away" in bob.post("/console/queue/presence", {"presence": "away"}).text
    assert ask(bob, "POST", "/api/app/presence", {"active": True}).json() == {"presence": "away"}
    assert conversation_of(database, waiting["conversation"]).staff_id is None
    assert ask(bob, "POST", "/api/app/presence", {"away": False}).json() == {"presence": "online"}
    assert conversation_of(database, waiting["conversation"]).staff_id == bob.id


def test_a_division_is_added_changed_ordered_and_deleted(
    manager: StaffMember, waiting: dict[str, str], database: Database, kilap: Tenant
) -> None:
    form = {"name": "Umum", "description": "Lainnya", "keywords": "umum, lain , 3", "is_active": "1"}
    assert manager.post("/console/queue/settings/divisions", {**form, "agents": kilap.bob}).status_code == 303
    added = next(row for row in rows_of(database, Division) if row.name == "Umum")
    assert (added.keyword_triggers, added.position, added.show_wait_time) == (["umum", "lain", "3"], 2, False)
    order = [added.id, waiting["other"], waiting["division"]]
    assert ask(manager, "POST", "/console/queue/settings/divisions/order", ids=order).status_code == 303
    listed = manager.get("/api/app/divisions").json()["divisions"]
    assert [one["name"] for one in listed] == ["Umum", "Support", "Billing"]
    assert manager.post(f"/console/queue/settings/divisions/{waiting['division']}/delete").status_code == 303
    assert conversation_of(database, waiting["conversation"]).division_id is None
    assert len(rows_of(database, Division)) == 2


def test_the_json_does_the_same(manager: StaffMember, waiting: dict[str, str], database: Database) -> None:
    made = ask(manager, "POST", "/api/app/divisions", {"name": "Umum", "keyword_triggers": ["umum"]})
    assert made.status_code == 201
    path = f"/api/app/divisions/{made.json()['id']}"
    assert ask(manager, "PUT", path, {"name": "Lainnya", "is_active": False}).status_code == 204
    assert ask(manager, "PUT", f"{path}/agents", {"ids": [waiting["staff"]]}).status_code == 204
    people = {one["id"]: one for one in manager.get("/api/app/queue").json()["people"]}
    assert people[waiting["staff"]]["division_ids"] == [made.json()["id"]]
    assert ask(manager, "DELETE", path).status_code == 204
    assert ask(manager, "PUT", "/api/app/queue/settings", {"capacity": 5, "mode": "choose"}).status_code == 204
    settings = manager.get("/api/app/queue/settings").json()
    assert (settings["capacity"], settings["mode"], settings["check_queue_keyword"]) == (5, "choose", "#")


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/api/app/divisions", {"name": " "}, "name: String should have at least 1 character"),
        ("POST", "/api/app/divisions", {"name": "billing"}, "there is a division 'billing' already"),
        ("POST", "/api/app/divisions", [], "Input should be a valid dictionary or instance of DivisionForm"),
        ("PUT", "/api/app/divisions/order", {"ids": []}, "the divisions have changed meanwhile; load the page again"),
        ("PUT", "/api/app/queue/settings", {"capacity": 0}, "capacity: Input should be greater than or equal to 1"),
        ("PUT", "/api/app/queue/settings", {"texts": {"fr": {}}}, "there are no texts in 'fr'"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(
    manager: StaffMember, waiting: dict[str, str], method: str, path: str, body: object, said: str
) -> None:
    answer = ask(manager, method, path, body)
    assert (answer.status_code, answer.json()["message"]) == (400, said)


def test_own_texts_are_kept_and_previewed(manager: StaffMember, waiting: dict[str, str], database: Database) -> None:
    form = {"language": "id", "text-welcome_message": "Halo kak, mau ke tim mana?"}
    seen = manager.post("/console/queue/settings/preview", form).text
    assert "Halo kak, mau ke tim mana?" in seen and "1. Billing - Pembayaran" in seen
    assert rows_of(database, QueueSettings)[0].texts == {}
    assert manager.post("/console/queue/settings/texts", form).status_code == 303
    assert rows_of(database, QueueSettings)[0].texts == {"id": {"welcome_message": "Halo kak, mau ke tim mana?"}}
    page = manager.get("/console/queue/settings?language=id").text
    assert "Halo kak, mau ke tim mana?" in page


def test_a_text_with_a_value_that_there_is_not_is_refused(manager: StaffMember, waiting: dict[str, str]) -> None:
    answer = manager.post("/console/queue/settings/texts", {"language": "id", "text-welcome_message": "Hai {nama}"})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("{nama} is no value that a text may have")


def test_the_panel_costs_the_same_however_many_wait(
    bob: StaffMember, waiting: dict[str, str], database: Database, kilap: Tenant
) -> None:
    from ramah.desk.queue.panel import read_panel
    from tests.integration.console.contents import counted_queries, many_conversations

    heard_from(database, kilap.id, kilap.bob, active=True)

    def cost() -> list[str]:
        with counted_queries(database) as seen, database.tenant_reading(kilap.id) as session:
            read_panel(session, kilap.id)
        return seen

    before = cost()
    many_conversations(database, kilap, 60, HandledBy.QUEUE, division_id=waiting["division"])
    after = cost()
    assert len(after) == len(before) <= 8, (before, after)
    assert len(rows_of(database, Conversation)) == 61
