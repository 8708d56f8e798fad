"""The queue of slips: who sees it, who decides, and that the second is told."""

from __future__ import annotations

import re

import httpx
import pytest

from ramah.people import Staff
from ramah.store import Database
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything
from tests.integration.console.served import ServedConsole
from tests.integration.console.slips import PHONE, PHOTO, Slips
from tests.integration.console.visitors import StaffMember

QUEUE = "/console/payments"
READS = [QUEUE, f"{QUEUE}/count"]


@pytest.fixture
def slips(console: ServedConsole, database: Database, kilap: Tenant) -> Slips:
    """Slips in the console's own store."""
    storage = MoodyStorage()
    console.app.ctx.media_storage = storage
    return Slips(database, kilap, storage)


def promote(database: Database, tenant: Tenant, staff_id: str, role: str = "supervisor") -> None:
    with database.tenant(tenant.id) as session:
        session.get_one(Staff, staff_id).roles = ["agent", role]


@pytest.fixture
def supervisor(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    """Alice, who may decide."""
    promote(database, kilap, alice.id)
    return alice


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_the_queue_without_logging_in(anybody: httpx.Client, path: str) -> None:
    assert anybody.get(path).status_code == 302
    assert anybody.get(path, headers={"hx-request": "true"}).status_code == 401


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_nobody_decides_without_logging_in_or_without_the_csrf_token(
    anybody: httpx.Client, supervisor: StaffMember, bob: StaffMember, slips: Slips, act: str
) -> None:
    slips.bill(1)
    path = f"{QUEUE}/{slips.send()}/{act}"
    before = everything(slips.database)
    assert anybody.post(path, data={"reason": "no"}).status_code == 401
    for token in ("", "wrong", bob.csrf):
        answer = supervisor.client.post(path, data={"reason": "no"}, headers={"x-csrf-token": token})
        assert answer.status_code == 403
    assert everything(slips.database) == before


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_an_outsider_sees_and_decides_nothing(
    charlie: StaffMember, slips: Slips, stranger: Tenant, database: Database, act: str
) -> None:
    slips.bill(1)
    proof_id = slips.send()
    promote(database, stranger, charlie.id, "admin")
    before = everything(database)
    assert charlie.post(f"{QUEUE}/{proof_id}/{act}", {"reason": "no"}).status_code == 404
    assert everything(database) == before
    page = charlie.get(QUEUE)
    assert page.status_code == 200
    assert "secret of kilap" not in page.text and PHONE not in page.text and proof_id not in page.text
    assert charlie.get(f"{QUEUE}/count").text == ""


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_an_agent_sees_the_queue_but_does_not_decide(bob: StaffMember, slips: Slips, act: str) -> None:
    slips.bill(1)
    proof_id = slips.send()
    page = bob.get(QUEUE)
    assert "INV-2026-0001" in page.text and f'action="{QUEUE}' not in page.text
    assert bob.get(f"{QUEUE}/count").text == "1"
    assert bob.post(f"{QUEUE}/{proof_id}/{act}", {"reason": "no"}).status_code == 403
    assert slips.proofs()[0].status == "waiting"


def test_the_queue_shows_the_picture_the_bill_and_what_was_read(supervisor: StaffMember, slips: Slips) -> None:
    slips.bill(1, 150_000), slips.bill(2, 200_000)
    slips.send(said="INV-2026-0002 Rp150.000 <b>")
    page = supervisor.get(QUEUE).text
    for shown in ("INV-2026-0002", "Rp200,000", "Rp150,000", "The amount is not that of the bill", "&lt;b&gt;"):
        assert shown in page
    (address,) = re.findall(r'<img src="(/media/[^"]+)"', page)
    assert supervisor.get(address).content == PHOTO


def test_a_supervisor_approves_and_the_page_says_so(supervisor: StaffMember, slips: Slips) -> None:
    bill_id = slips.bill(1)
    answer = supervisor.post(f"{QUEUE}/{slips.send()}/approve", {"bill": bill_id})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{QUEUE}?done=approved")
    assert (slips.status(bill_id), slips.told()) == ("paid", ["utter_proof_approved_bill"])
    page = supervisor.get(answer.headers["location"]).text
    assert "Approved; the customer is told." in page and "No slip waits" in page and "Alice" in page


def test_a_supervisor_rejects_with_a_reason(supervisor: StaffMember, slips: Slips) -> None:
    bill_id = slips.bill(1)
    path = f"{QUEUE}/{slips.send()}/reject"
    assert supervisor.post(path, {"reason": " "}).status_code == 400
    assert supervisor.post(path, {"reason": "fotonya buram"}).status_code == 303
    assert (slips.status(bill_id), slips.told()) == ("open", ["utter_proof_rejected_bill"])
    assert "fotonya buram" in supervisor.get(QUEUE).text


def test_the_second_is_told_that_somebody_was_faster(
    supervisor: StaffMember, bob: StaffMember, database: Database, kilap: Tenant, slips: Slips
) -> None:
    promote(database, kilap, bob.id, "admin")
    slips.bill(1)
    proof_id = slips.send()
    assert bob.post(f"{QUEUE}/{proof_id}/approve").status_code == 303
    answer = supervisor.post(f"{QUEUE}/{proof_id}/reject", {"reason": "no"})
    assert (answer.status_code, answer.json()["message"]) == (409, "Bob has approved this slip already.")
    assert slips.told() == ["utter_proof_approved_bill"]


def test_a_slip_without_a_bill_asks_for_one(supervisor: StaffMember, slips: Slips) -> None:
    first, _second = slips.bill(1), slips.bill(2)
    proof_id = slips.send()
    assert "No bill found; choose one" in supervisor.get(QUEUE).text
    assert supervisor.post(f"{QUEUE}/{proof_id}/approve").status_code == 400
    assert supervisor.post(f"{QUEUE}/{proof_id}/approve", {"bill": first}).status_code == 303
    assert slips.status(first) == "paid"


def test_the_inbox_leads_to_the_queue(bob: StaffMember) -> None:
    assert f'href="{QUEUE}"' in bob.get("/console").text
