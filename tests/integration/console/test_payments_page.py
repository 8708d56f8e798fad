"""The public page of a bill: the signed link is the right, and a slip sent there reaches the queue and the chat."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from ramah.billing.links import PaymentLink, payment_token
from ramah.billing.models import Bill
from ramah.people import Organisation
from ramah.store import Database, utc_now
from tests.fakes.disk.files import EXE
from tests.fakes.disk.slips import pdf_slip
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.contents import everything
from tests.integration.console.served import ServedConsole
from tests.integration.console.slips import PHOTO, Slips

CONFIG = settings_with()
ACCOUNT = {"bank": "BCA", "account_number": "5270 1234", "account_name": "PT Kilap <i>", "qris": "00020101021126"}


@pytest.fixture
def slips(console: ServedConsole, database: Database, kilap: Tenant) -> Slips:
    """Slips in the console's own store."""
    storage = MoodyStorage()
    console.app.ctx.media_storage = storage
    with database.every_organisation() as session:
        session.get_one(Organisation, kilap.id).profile = {"payment": ACCOUNT}
    return Slips(database, kilap, storage)


def address(bill_id: str, conversation_id: str, days: float = 1) -> str:
    return "/pay/" + payment_token(CONFIG, PaymentLink(bill_id, conversation_id), utc_now() + timedelta(days=days))


def upload(client: httpx.Client, path: str, content: bytes = PHOTO, name: str = "bukti.jpg") -> httpx.Response:
    return client.post(path, files={"file": (name, content)})


def test_the_holder_of_a_link_sees_the_bill_and_where_to_pay(
    anybody: httpx.Client, slips: Slips, conversation_id: str
) -> None:
    path = address(slips.bill(1, 350_000), conversation_id)
    page = anybody.get(path)
    assert page.status_code == 200
    for shown in ("INV-2026-0001", "Rp350.000", "1 Desember 2026", "5270 1234", "PT Kilap &lt;i&gt;", "data:image/png"):
        assert shown in page.text
    assert "Transfer to" in anybody.get(path + "?lang=en").text
    assert "Hantar resit" in anybody.get(path + "?lang=ms").text


def test_a_forged_or_old_link_is_not_found_and_takes_nothing(
    anybody: httpx.Client, slips: Slips, conversation_id: str
) -> None:
    bill_id = slips.bill(1)
    good = address(bill_id, conversation_id)
    changed = good[:-1] + ("1" if good.endswith("0") else "0")
    for path in (changed, address(bill_id, conversation_id, days=-1), "/pay/x", "/pay/..."):
        before = everything(slips.database)
        assert anybody.get(path).status_code == 404
        assert upload(anybody, path).status_code == 404
        assert everything(slips.database) == before


def test_a_link_shows_no_bill_of_another_organisation(
    anybody: httpx.Client, slips: Slips, database: Database, stranger: Tenant, conversation_id: str
) -> None:
    foreign = Slips(database, stranger, slips.storage).bill(7)
    assert anybody.get(address(foreign, conversation_id)).status_code == 404
    assert upload(anybody, address(foreign, conversation_id)).status_code == 404


def test_a_slip_that_is_sent_there_waits_for_a_person_and_is_told_in_the_chat(
    anybody: httpx.Client, slips: Slips, conversation_id: str
) -> None:
    first, second = slips.bill(1), slips.bill(2)
    answer = upload(anybody, address(second, conversation_id))
    assert answer.status_code == 200 and "sudah kami terima" in answer.text
    (proof,) = slips.proofs()
    assert (proof.bill_id, proof.certainty, proof.status) == (second, "chosen", "waiting")
    assert (slips.status(first), slips.status(second)) == ("open", "claimed")
    assert slips.told() == ["utter_page_proof_received_bill"]


def test_the_same_slip_again_is_recognised(anybody: httpx.Client, slips: Slips, conversation_id: str) -> None:
    path = address(slips.bill(1), conversation_id)
    upload(anybody, path)
    assert "masih dicek" in upload(anybody, path).text
    assert [proof.status for proof in slips.proofs()] == ["waiting", "repeated"]
    assert len(slips.told()) == 1


def test_a_pdf_waits_for_the_worker_and_keeps_its_bill(
    anybody: httpx.Client, slips: Slips, conversation_id: str
) -> None:
    bill_id = slips.bill(1)
    assert upload(anybody, address(bill_id, conversation_id), pdf_slip("Rp 1"), "b.pdf").status_code == 200
    (proof,) = slips.proofs()
    assert (proof.status, proof.bill_id, proof.certainty) == ("reading", bill_id, "chosen")


@pytest.mark.parametrize(("content", "name"), [(EXE, "a.exe"), (b"hello", "a.txt"), (b"", "a.jpg")])
def test_what_is_no_picture_and_no_pdf_is_not_taken(
    anybody: httpx.Client, slips: Slips, conversation_id: str, content: bytes, name: str
) -> None:
    answer = upload(anybody, address(slips.bill(1), conversation_id), content, name)
    assert answer.status_code == 415 and 'role="alert"' in answer.text
    assert slips.proofs() == []


def test_a_paid_bill_says_so_and_takes_no_slip(anybody: httpx.Client, slips: Slips, conversation_id: str) -> None:
    bill_id = slips.bill(1)
    with slips.database.tenant(slips.tenant.id) as session:
        session.get_one(Bill, bill_id).status = "paid"
    path = address(bill_id, conversation_id)
    assert "sudah selesai" in anybody.get(path).text and "<form" not in anybody.get(path).text
    assert upload(anybody, path).status_code == 409
    assert slips.proofs() == []
