"""Bills and slips for the console's tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import select

from ramah.billing.embedded import NewBill, issue_bill
from ramah.billing.models import Bill, Proof
from ramah.billing.proofs import take_slip
from ramah.booking.context import Place
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.media.uploads import Upload, receive_upload
from ramah.messaging.models import Inbound
from ramah.store import Database
from tests.fakes.disk.files import picture
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant

PHOTO = picture("JPEG", colour="blue")
PHONE = "62811000001"
_numbers = count(1)


@dataclass
class Slips:
    """What customers of the first organisation sent."""

    database: Database
    tenant: Tenant
    storage: MoodyStorage

    def bill(self, number: int, amount: int = 150_000) -> str:
        """Issue INV-2026-<number> for the number of the tests' conversation; returns its id."""
        reference = f"INV-2026-{number:04}"
        new = NewBill(reference, "secret of kilap", amount, "IDR", date(2026, 12, 1), phone=f"+{PHONE}")
        return issue_bill(self.database, self.tenant.id, new)

    def send(self, content: bytes = PHOTO, said: str = "") -> str:
        """A slip in the WhatsApp chat; returns the proof's id."""
        sender = Sender(platform_id=PHONE, phone=f"+{PHONE}")
        message = Incoming(external_id=f"s-{next(_numbers)}", sender=sender, kind=IncomingKind.MEDIA, text=said)
        upload = Upload(content, "bukti.jpg", 10_000_000)
        accepted = receive_upload(self.database, self.storage, self.tenant.whatsapp, message, upload)
        place = Place(self.database, self.tenant.id, accepted.conversation_id, "id")
        take_slip(place, accepted.inbound_id or 0, expected=True)
        return self.proofs()[-1].id

    def proofs(self) -> list[Proof]:
        """All proofs, the oldest first."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return list(session.scalars(select(Proof).order_by(Proof.created_at)))

    def status(self, bill_id: str) -> str:
        """A bill's status."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return session.get_one(Bill, bill_id).status

    def told(self) -> list[str]:
        """The responses that the bot shall say by itself."""
        with self.database.tenant_reading(self.tenant.id) as session:
            said = session.scalars(select(Inbound).where(Inbound.kind == "say").order_by(Inbound.id))
            return [row.raw["response"] for row in said]
