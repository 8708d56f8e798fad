"""Who sees which bills, and what is given to pay them."""

from __future__ import annotations

from datetime import date

import pytest

from ramah.billing.bills import UNPAID
from ramah.billing.embedded import NewBill, issue_bill
from ramah.billing.links import PaymentLink, read_token
from ramah.billing.paying import Shown, show_bills
from ramah.booking.context import Place
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.lib.errors import BadInput
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation
from ramah.people import Contact, Organisation
from ramah.store import Database
from tests.integration.billing.conftest import BUDI, SARI, Payments
from tests.integration.conftest import Tenant, defaults

CONFIG = defaults(public_url="https://ramah.example")


def on_the_web(database: Database, tenant: Tenant, typed_phone: str | None = None) -> Place:
    """A visitor of the web chat, who proves no number and may have typed one."""
    said = Incoming(external_id="v-1", sender=Sender(platform_id="visitor"), kind=IncomingKind.TEXT, text="halo")
    conversation_id = accept(database, tenant.webchat, said).conversation_id
    with database.tenant(tenant.id) as session:
        contact = session.get_one(Contact, session.get_one(Conversation, conversation_id).contact_id)
        contact.phone = typed_phone
    return Place(database, tenant.id, conversation_id, "id")


def test_one_bill_is_shown_with_a_link_that_opens_it(payments: Payments) -> None:
    bill_id, place = payments.bill(1, 350_000), payments.place()
    shown = show_bills(place, CONFIG)
    link = shown.variables["link"]
    assert shown.shown is Shown.BILL
    assert dict(shown.variables) == {
        "reference": "INV-2026-0001",
        "description": "Cuci Premium",
        "amount": "Rp350.000",
        "due": "Selasa, 1 Desember 2026",
        "link": link,
    }
    assert read_token(CONFIG, link.rpartition("/")[2]) == PaymentLink(bill_id, place.conversation_id)


def test_several_bills_become_buttons_and_a_button_gives_the_link(payments: Payments) -> None:
    first, _second = payments.bill(1, 350_000), payments.bill(2, 200_000)
    place = payments.place()
    shown = show_bills(place, CONFIG)
    assert (shown.shown, shown.variables["count"]) == (Shown.SEVERAL, "2")
    assert [choice.title for choice in shown.choices] == ["Rp350.000 INV-2026-0001", "Rp200.000 INV-2026-0002"]
    assert shown.choices[0].payload == f'/choose_bill{{"bill":"{first}"}}'
    assert show_bills(place, CONFIG, first).variables["reference"] == "INV-2026-0001"


def test_a_bill_of_somebody_else_is_not_shown_whoever_names_it(payments: Payments) -> None:
    theirs = payments.bill(1, phone=BUDI)
    place = payments.place(SARI)
    assert show_bills(place, CONFIG).shown is Shown.NOTHING
    assert show_bills(place, CONFIG, theirs).shown is Shown.GONE


def test_a_number_that_was_only_typed_shows_nothing(database: Database, kilap: Tenant, payments: Payments) -> None:
    payments.bill(1)
    assert show_bills(on_the_web(database, kilap, f"+{SARI}"), CONFIG).shown is Shown.NOTHING


def test_a_bill_of_the_own_contact_needs_no_number(database: Database, kilap: Tenant) -> None:
    place = on_the_web(database, kilap)
    with database.tenant_reading(kilap.id) as session:
        contact_id = session.get_one(Conversation, place.conversation_id).contact_id
    new = NewBill("INV-1", "Poles", 90_000, "IDR", date(2026, 12, 1), contact_id=contact_id)
    issue_bill(database, kilap.id, new)
    assert show_bills(place, CONFIG).variables["reference"] == "INV-1"


def test_without_a_bill_the_account_of_the_profile_is_told(payments: Payments) -> None:
    with payments.database.every_organisation() as session:
        account = {"bank": "BCA", "account_number": "5270", "account_name": "PT Kilap"}
        session.get_one(Organisation, payments.tenant.id).profile = {"payment": account}
    shown = show_bills(payments.place(), CONFIG)
    assert (shown.shown, dict(shown.variables)) == (Shown.NOTHING_BUT_ACCOUNT, account)


def test_a_bill_is_issued_once_per_reference(payments: Payments) -> None:
    assert payments.bill(1, 100_000) == payments.bill(1, 999_000)
    assert show_bills(payments.place(), CONFIG).variables["amount"] == "Rp100.000"
    assert payments.status(payments.bill(1)) in UNPAID


@pytest.mark.parametrize(
    "wrong", [{"amount_minor": 0}, {"currency": "USD"}, {"phone": None}], ids=["amount", "currency", "nobody"]
)
def test_a_bill_that_nobody_could_pay_is_refused(payments: Payments, wrong: dict[str, object]) -> None:
    sound = {"amount_minor": 1, "currency": "IDR", "phone": "+62811", "due_on": date(2026, 12, 1)}
    with pytest.raises(BadInput):
        issue_bill(
            payments.database,
            payments.tenant.id,
            NewBill(reference="X-1", description="x", **{**sound, **wrong}),  # type: ignore[arg-type]
        )
