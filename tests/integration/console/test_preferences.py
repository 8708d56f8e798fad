"""A person's own settings: kept for them alone, and what the scripts of an open page are told."""

from __future__ import annotations

import httpx
import pytest

from ramah.desk.handover import mark_read, take_over
from ramah.messaging.inbox import accept
from ramah.people.preferences import Signs
from ramah.store import Database
from tests.databases import backends
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.event_stream import event_stream
from tests.integration.console.visitors import StaffMember

PAGE = "/console/preferences"
ALL = {"desktop": True, "sound": True, "message": True, "waiting": True, "mention": True}


def signs(member: StaffMember) -> dict[str, bool]:
    found: dict[str, bool] = member.get("/console/signs").json()["signs"]
    return found


def test_everybody_begins_with_sounds_and_without_notifications_of_the_computer(alice: StaffMember) -> None:
    assert signs(alice) == {**ALL, "desktop": False}


@pytest.mark.parametrize("database", backends(), indirect=True)
def test_what_a_person_chose_is_theirs_alone(alice: StaffMember, bob: StaffMember, charlie: StaffMember) -> None:
    chosen = {"language": "id", "desktop": "1", "mention": "1"}
    for _ in range(2):
        answer = alice.post(PAGE, chosen)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved")
    assert signs(alice) == {**dict.fromkeys(ALL, False), "desktop": True, "mention": True}
    assert signs(bob) == signs(charlie) == {**ALL, "desktop": False}


def test_the_chosen_language_is_that_of_every_page(alice: StaffMember, bob: StaffMember) -> None:
    alice.post(PAGE, {"language": "ms"})
    assert "Peti masuk" in alice.get("/console").text and 'lang="ms"' in alice.get("/console/payments").text
    assert "Inbox" in bob.get("/console").text


def test_an_error_is_told_in_the_language_of_the_reader(alice: StaffMember) -> None:
    alice.post(PAGE, {"language": "id"})
    told = alice.get("/console/conversations/none", headers={"hx-request": "true"}).json()
    assert told == {"error": "Halaman ini tidak ada", "message": "Percakapan itu tidak ada."}


def test_a_language_that_is_not_spoken_here_changes_nothing(alice: StaffMember) -> None:
    assert alice.post(PAGE, {"language": "fr", "desktop": "1"}).status_code == 400
    assert signs(alice)["desktop"] is False


def test_only_staff_change_their_settings(anybody: httpx.Client, alice: StaffMember) -> None:
    assert alice.client.post(PAGE, data={"language": "ms"}).status_code == 403  # without the token of the page
    assert anybody.post(PAGE, data={"language": "ms"}).status_code == 401
    assert Signs() == Signs(**signs(alice))


@pytest.mark.parametrize("database", backends(), indirect=True)
def test_the_counts_are_exact_through_a_conversation(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    def seen(member: StaffMember) -> dict[str, int]:
        counts: dict[str, int] = member.get("/console/signs").json()["counts"]
        return counts

    take_over(database, kilap.id, conversation_id, kilap.alice)
    mark_read(database, kilap.id, conversation_id)
    assert seen(alice) == {"waiting": 0, "mine": 1, "unread": 0, "mentions": 0}
    accept(database, kilap.whatsapp, text_message("still there?", key="2"))
    assert seen(alice)["unread"] == 1 and seen(bob) == {"waiting": 0, "mine": 0, "unread": 0, "mentions": 0}
    mark_read(database, kilap.id, conversation_id)
    assert seen(alice)["unread"] == 0


def test_a_message_in_an_own_conversation_is_news_to_its_holder_and_to_nobody_else(
    alice: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, conversation_id: str
) -> None:
    take_over(database, kilap.id, conversation_id, kilap.alice)
    with event_stream(alice.client, "/console/live") as mine, event_stream(bob.client, "/console/live") as other:
        mine.until("ready"), other.until("ready")
        accept(database, kilap.whatsapp, text_message("hello", key="2"))
        told = mine.until("signal")
        assert (told[-1].data["kind"], told[-1].data["id"]) == ("message", conversation_id)
        assert mine.until("counts", unread=1)
        mark_read(database, kilap.id, conversation_id)
        read = mine.until("conversation")[-1]
        assert mine.until("counts", unread=0)
        assert "signal" not in [one.name for one in other.until("conversation", seq=read.data["seq"])]
