"""The page of labels, and one's own filters in the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import select

from ramah.desk.label_book import label_uses
from ramah.desk.labels import make_label, put_label
from ramah.desk.list_filters import Filter
from ramah.desk.saved_filters import save_filter, saved_filters
from ramah.messaging.inbox import accept
from ramah.people import Staff
from ramah.people.account_models import AuditEntry
from ramah.store import Database
from tests.databases import backends
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

PAGE = "/console/labels"
BOTH = pytest.mark.parametrize("database", backends(), indirect=True)


@pytest.fixture
def boss(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Bob, who supervises."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.bob).roles = ["supervisor"]
    member = logged_in(console, database, kilap.id, kilap.bob)
    with closing(member.client):
        yield member


def uses(database: Database, kilap: Tenant) -> dict[str, int]:
    with database.tenant_reading(kilap.id) as session:
        return {one.label.name: one.uses for one in label_uses(session)}


def labelled(database: Database, kilap: Tenant, label_id: str, *keys: str) -> None:
    for key in keys:
        message = text_message("halo", key, who=f"62811{key:0>6}")
        conversation_id = accept(database, kilap.whatsapp, message).conversation_id
        put_label(database, kilap.id, conversation_id, kilap.alice, label_id, on=True)


def test_a_label_is_made_renamed_coloured_and_deleted(boss: StaffMember, database: Database, kilap: Tenant) -> None:
    assert boss.post(PAGE, {"name": " Penting  sekali ", "colour": "red"}).status_code == 303
    with database.tenant_reading(kilap.id) as session:
        (made,) = label_uses(session)
    assert (made.label.name, made.label.colour, made.uses) == ("Penting sekali", "red", 0)
    assert boss.post(f"{PAGE}/{made.label.id}", {"name": "Penting", "colour": "blue"}).status_code == 303
    labelled(database, kilap, made.label.id, "1", "2")
    assert "on 2 conversations" in boss.get(PAGE).text
    assert boss.post(f"{PAGE}/{made.label.id}/delete").status_code == 303
    assert uses(database, kilap) == {}
    with database.tenant_reading(kilap.id) as session:
        noted = session.execute(select(AuditEntry.action, AuditEntry.staff_id).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in noted] == [(f"label.{act}", kilap.bob) for act in ("made", "changed", "deleted")]


@pytest.mark.parametrize(("name", "colour"), [("", "red"), ("x" * 41, "red"), ("penting", "red"), ("Baru", "pink")])
def test_a_name_that_is_taken_or_none_and_an_unknown_colour_are_refused(
    boss: StaffMember, database: Database, kilap: Tenant, name: str, colour: str
) -> None:
    make_label(database, kilap.id, "Penting")
    other = make_label(database, kilap.id, "Lain")
    assert boss.post(f"{PAGE}/{other.id}", {"name": name, "colour": colour}).status_code == 400
    assert set(uses(database, kilap)) == {"Penting", "Lain"}


@BOTH
def test_two_labels_become_one_on_conversations_and_in_filters(
    boss: StaffMember, database: Database, kilap: Tenant
) -> None:
    gone, stays = (make_label(database, kilap.id, name) for name in ("VIP", "Penting"))
    labelled(database, kilap, gone.id, "1", "2")
    labelled(database, kilap, stays.id, "2", "3")
    save_filter(database, kilap.id, kilap.alice, "Penting saja", Filter(label=gone.id), shared=False)
    assert boss.post(f"{PAGE}/{gone.id}/merge", {"into": gone.id}).status_code == 400
    assert boss.post(f"{PAGE}/{gone.id}/merge", {"into": stays.id}).status_code == 303
    assert uses(database, kilap) == {"Penting": 3}
    with database.tenant_reading(kilap.id) as session:
        assert saved_filters(session, kilap.alice)[0].query == {"label": stays.id}
    assert boss.post(f"{PAGE}/{gone.id}/merge", {"into": stays.id}).status_code == 404
    assert boss.post(f"{PAGE}/{stays.id}/delete").status_code == 303
    with database.tenant_reading(kilap.id) as session:
        assert saved_filters(session, kilap.alice)[0].query == {}


def test_labels_of_others_do_not_exist_and_agents_do_not_manage_them(
    alice: StaffMember, boss: StaffMember, database: Database, stranger: Tenant
) -> None:
    theirs = make_label(database, stranger.id, "Rahasia")
    assert "Rahasia" not in boss.get(PAGE).text and alice.get(PAGE).status_code == 403
    answers = [
        boss.post(f"{PAGE}/{theirs.id}", {"name": "X", "colour": "red"}),
        boss.post(f"{PAGE}/{theirs.id}/delete"),
    ]
    assert [one.status_code for one in answers] == [404, 404]


def test_filters_of_ones_own_are_renamed_shared_and_deleted(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant
) -> None:
    mine = save_filter(database, kilap.id, kilap.alice, "Marah", Filter(mood="anger"), shared=False)
    save_filter(database, kilap.id, kilap.alice, "Baru", Filter(chosen="unread"), shared=False)
    shown = alice.get("/console/filters").text
    assert 'value="Marah"' in shown and 'value="Baru"' in shown
    changed = alice.post(f"/console/filters/{mine}", {"name": "Sangat marah", "shared": "yes"})
    assert 'value="Sangat marah"' in changed.text and 'hx-swap-oob="innerHTML"' in changed.text
    assert "name already" in alice.post(f"/console/filters/{mine}", {"name": "Baru"}).text
    assert "1 to 60" in alice.post(f"/console/filters/{mine}", {"name": " "}).text
    assert "Sangat marah" in bob.get("/console").text and "Sangat marah" not in bob.get("/console/filters").text
    assert bob.post(f"/console/filters/{mine}", {"name": "Punya Bob"}).status_code == 404
    assert 'value="Sangat marah"' not in alice.post(f"/console/filters/{mine}/delete").text
