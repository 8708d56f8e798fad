"""What somebody who wants to pay is shown: their bills, a link, or where to transfer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from ramah.billing.bills import BillView
from ramah.billing.choices import BillChoice, bill_choices
from ramah.billing.debtor import Debtor, bill_words, debtor_of
from ramah.billing.links import PaymentLink, payment_link
from ramah.booking.context import Place
from ramah.people import Organisation
from ramah.settings import Settings


class PaymentAccount(BaseModel):
    """Where the organisation wants its money, from ``profile.payment``. ``qris`` is the text of its QR code."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bank: str = ""
    account_number: str = ""
    account_name: str = ""
    qris: str = ""

    @property
    def takes_transfers(self) -> bool:
        """Whether there is an account to transfer to."""
        return bool(self.bank and self.account_number)


class Shown(StrEnum):
    """What came of the wish to pay."""

    BILL = "bill"
    SEVERAL = "several"
    NOTHING = "nothing"
    NOTHING_BUT_ACCOUNT = "nothing_but_account"
    GONE = "gone"  # the bill that was chosen is not theirs or not open any more


@dataclass(frozen=True)
class Payment:
    """The answer, with its variables and buttons."""

    shown: Shown
    variables: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[BillChoice, ...] = ()


def account_of(organisation: Organisation) -> PaymentAccount:
    """Where to transfer to, as an administrator wrote it into the profile; empty where nobody did."""
    return PaymentAccount.model_validate(organisation.profile.get("payment") or {})


def show_bills(place: Place, config: Settings, bill_id: str | None = None) -> Payment:
    """The own unpaid bills: one with its link, several as buttons. ``bill_id`` is what a button named."""
    with place.database.tenant_reading(place.organisation_id) as session:
        debtor = debtor_of(session, place.conversation_id, place.language)
        session.expunge_all()
    if bill_id:
        chosen = debtor.bill(bill_id)
        return _one(debtor, chosen, config) if chosen else Payment(Shown.GONE)
    if len(debtor.bills) > 1:
        choices = bill_choices(debtor.bills, debtor.language)
        return Payment(Shown.SEVERAL, {"count": str(len(debtor.bills))}, choices)
    return _one(debtor, debtor.bills[0], config) if debtor.bills else _nothing(debtor)


def _one(debtor: Debtor, bill: BillView, config: Settings) -> Payment:
    link = payment_link(config, PaymentLink(bill.id, debtor.conversation.id))
    return Payment(Shown.BILL, {**bill_words(bill, debtor.language), "link": link})


def _nothing(debtor: Debtor) -> Payment:
    account = account_of(debtor.organisation)
    if not account.takes_transfers:
        return Payment(Shown.NOTHING)
    words = {"bank": account.bank, "account_number": account.account_number, "account_name": account.account_name}
    return Payment(Shown.NOTHING_BUT_ACCOUNT, words)
