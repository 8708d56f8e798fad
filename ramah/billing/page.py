"""The public page of a bill: what it shows, and the slip that is sent there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ramah.billing.bills import UNPAID, BillView
from ramah.billing.debtor import bill_words, debtor_of
from ramah.billing.embedded import BILLS
from ramah.billing.links import PaymentLink
from ramah.billing.models import BillStatus
from ramah.billing.paying import PaymentAccount, account_of
from ramah.billing.proofs import Received, Reception, new_proof, receive
from ramah.billing.settling import name_bill
from ramah.billing.slips import may_be_slip
from ramah.billing.telling import tell
from ramah.integrations.storage import Storage
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.conversations import organisation_of
from ramah.messaging.media.uploads import Upload, store_upload
from ramah.messaging.models import MediaFile
from ramah.store import Database


@dataclass(frozen=True)
class BillPage:
    """A bill as its holder sees it. ``due`` and ``amount`` are worded in ``language``."""

    business: str
    language: str
    reference: str
    description: str
    amount: str
    due: str
    unpaid: bool
    claimed: bool
    account: PaymentAccount


def open_page(database: Database, link: PaymentLink, language: str | None) -> BillPage:
    """Read the bill of a link. Raises NotFound for one that is gone."""
    organisation_id = organisation_of(database, link.conversation_id)
    with database.tenant_reading(organisation_id) as session:
        debtor = debtor_of(session, link.conversation_id, language)
        bill = _bill(session, link)
        words = bill_words(bill, debtor.language)
        return BillPage(
            business=debtor.organisation.name,
            language=debtor.language,
            reference=bill.reference,
            description=bill.description,
            amount=words["amount"],
            due=words["due"],
            unpaid=bill.status in UNPAID,
            claimed=bill.status is BillStatus.CLAIMED,
            account=account_of(debtor.organisation),
        )


def send_slip(database: Database, storage: Storage, link: PaymentLink, upload: Upload) -> Reception:
    """Take a slip that was uploaded on the bill's page; the customer is told of it in the chat as well.

    Raises FileRefused, StorageError, BadInput (no picture and no PDF), NotFound and Refused (paid already)."""
    organisation_id = organisation_of(database, link.conversation_id)
    with database.tenant_reading(organisation_id) as session:
        if _bill(session, link).status not in UNPAID:
            raise Refused("This bill is paid already.")
    media_id = store_upload(database, storage, organisation_id, link.conversation_id, upload)
    with database.tenant(organisation_id) as session:
        return _take(session, link, media_id)


def _take(session: Session, link: PaymentLink, media_id: str) -> Reception:
    file = session.get_one(MediaFile, media_id)
    if not may_be_slip(file):
        raise BadInput("Send a photo or a PDF of the receipt.")
    debtor, bill = debtor_of(session, link.conversation_id), _bill(session, link)
    proof = new_proof(debtor, file, f"page-{media_id}")
    received = receive(session, debtor, proof, file)
    if received.repeated:
        return received
    # The link is the right, also for who has another number by now.
    name_bill(session, debtor, proof, bill)
    tell(session, proof, "utter_page_proof_received")
    return Reception(Received.MATCHED, bill_words(bill, debtor.language))


def _bill(session: Session, link: PaymentLink) -> BillView:
    bill = BILLS.find(session, link.bill_id)
    if bill is None:
        raise NotFound("This bill does not exist any more.")
    return bill
