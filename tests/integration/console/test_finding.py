"""What the command bar finds."""

from __future__ import annotations

import pytest

from tests.integration.console.visitors import StaffMember


def test_it_finds_a_conversation_by_a_few_letters(alice: StaffMember, conversation_id: str) -> None:
    found = alice.get("/console/find", params={"q": "secret of"}).json()["found"]
    assert [one["path"] for one in found] == [f"/console/conversations/{conversation_id}"]
    assert found[0]["detail"] == "secret of kilap"


@pytest.mark.parametrize("words", ["", "s", " s ", "nothing like it", "%"])
def test_it_finds_nothing_by_too_little(alice: StaffMember, conversation_id: str, words: str) -> None:
    assert conversation_id
    assert alice.get("/console/find", params={"q": words}).json() == {"found": []}


def test_another_organisation_finds_nothing(charlie: StaffMember, conversation_id: str) -> None:
    assert conversation_id
    assert charlie.get("/console/find", params={"q": "secret"}).json() == {"found": []}
