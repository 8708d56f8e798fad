"""The list by filter: who answers, how lively it is, labels, colleague, mood, mentions, snoozed; saved filters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ramah.desk.assigning import assign
from ramah.desk.handover import close, mark_read, take_over
from ramah.desk.inbox_list import counts, list_page
from ramah.desk.labels import make_label, put_label
from ramah.desk.list_filters import Filter
from ramah.desk.notes import write_note
from ramah.desk.people import Operator
from ramah.desk.saved_filters import delete_filter, save_filter, saved_filters
from ramah.desk.snoozing import snooze
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message


def talk(database: Database, tenant: Tenant, number: int) -> str:
    message = text_message("halo", key=str(number), who=f"628110002{number:02}")
    return accept(database, tenant.whatsapp, message).conversation_id


def shown(database: Database, tenant: Tenant, **wanted: str) -> set[str]:
    with database.tenant_reading(tenant.id) as session:
        page = list_page(session, tenant.alice, Filter(**wanted), None)
    return {item.conversation.id for item in page.items}


def test_each_open_conversation_is_active_idle_or_human_handled(database: Database, kilap: Tenant) -> None:
    fresh, old, held, ended = (talk(database, kilap, number) for number in range(4))
    take_over(database, kilap.id, held, kilap.bob)
    close(database, kilap.id, ended, kilap.bob)
    with database.tenant(kilap.id) as session:
        session.get_one(Conversation, old).last_activity_at = utc_now() - timedelta(minutes=31)
    assert shown(database, kilap, chosen="active") == {fresh}
    assert shown(database, kilap, chosen="idle") == {old}
    assert shown(database, kilap, chosen="human") == {held} == shown(database, kilap, assigned=kilap.bob)
    assert shown(database, kilap, chosen="closed") == {ended}
    assert shown(database, kilap) == {fresh, old, held}


def test_the_requirements_names_of_the_filters_are_understood() -> None:
    asked = {"filter": "human_handled", "mood": "anger", "stage": "nonsense"}
    assert Filter.of(lambda name: asked.get(name, "")) == Filter(chosen="human", mood="anger")
    assert Filter.of(lambda name: {"filter": "queue"}.get(name, "")).chosen == "waiting"


def test_labels_narrow_the_list_and_stand_in_its_rows(database: Database, kilap: Tenant) -> None:
    one, other = talk(database, kilap, 1), talk(database, kilap, 2)
    vip, late = make_label(database, kilap.id, "VIP"), make_label(database, kilap.id, "late")
    assert make_label(database, kilap.id, " vip ") == vip
    for label in (vip, late):
        assert put_label(database, kilap.id, one, kilap.alice, label.id, on=True)
    assert not put_label(database, kilap.id, one, kilap.alice, vip.id, on=True)
    assert shown(database, kilap, label=vip.id) == {one}
    with database.tenant_reading(kilap.id) as session:
        rows = {item.conversation.id: item for item in list_page(session, kilap.alice, Filter(), None).items}
    assert [label.name for label in rows[one].labels] == ["late", "VIP"]
    assert rows[other].labels == ()
    assert put_label(database, kilap.id, one, kilap.alice, vip.id, on=False)
    assert shown(database, kilap, label=vip.id) == set()


def test_a_label_of_another_organisation_is_not_found(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    theirs = make_label(database, stranger.id, "VIP")
    with pytest.raises(NotFound):
        put_label(database, kilap.id, talk(database, kilap, 1), kilap.alice, theirs.id, on=True)
    with pytest.raises(BadInput):
        make_label(database, kilap.id, " ")


def test_a_snoozed_conversation_stands_only_under_its_filter_until_the_customer_writes(
    database: Database, kilap: Tenant
) -> None:
    one = talk(database, kilap, 1)
    assert snooze(database, kilap.id, one, kilap.alice)
    assert shown(database, kilap) == set() and shown(database, kilap, chosen="snoozed") == {one}
    accept(database, kilap.whatsapp, text_message("masih ada?", key="again", who="62811000201"))
    assert shown(database, kilap) == {one} and shown(database, kilap, chosen="snoozed") == set()


def test_a_mention_is_counted_until_the_person_opens_the_conversation(database: Database, kilap: Tenant) -> None:
    one = talk(database, kilap, 1)
    for _ in range(2):
        write_note(database, kilap.id, one, kilap.bob, "@Alice tolong cek ya", "same-key")
    assert shown(database, kilap, chosen="mentions") == {one}
    with database.tenant_reading(kilap.id) as session:
        assert counts(session, kilap.alice)["mentions"] == 1 and counts(session, kilap.bob)["mentions"] == 0
    mark_read(database, kilap.id, one, kilap.alice)
    with database.tenant_reading(kilap.id) as session:
        assert counts(session, kilap.alice)["mentions"] == 0
    assert shown(database, kilap, chosen="mentions") == {one}


def test_a_shared_filter_is_seen_by_colleagues_and_deleted_only_by_its_owner(database: Database, kilap: Tenant) -> None:
    shared = save_filter(database, kilap.id, kilap.alice, "Marah", Filter(mood="anger"), shared=True)
    save_filter(database, kilap.id, kilap.alice, "Punyaku", Filter(chosen="mine"), shared=False)
    with database.tenant_reading(kilap.id) as session:
        (found,) = saved_filters(session, kilap.bob)
        assert len(saved_filters(session, kilap.alice)) == 2
    assert (found.name, dict(found.query), found.own) == ("Marah", {"mood": "anger"}, False)
    with pytest.raises(NotFound):
        delete_filter(database, kilap.id, kilap.bob, shared)
    assert save_filter(database, kilap.id, kilap.alice, "Marah", Filter(mood="fear"), shared=False) == shared


def test_assigning_fills_the_colleagues_list(database: Database, kilap: Tenant) -> None:
    one = talk(database, kilap, 1)
    assert assign(database, kilap.id, one, Operator(kilap.bob), kilap.alice)
    assert shown(database, kilap, chosen="mine") == {one}
