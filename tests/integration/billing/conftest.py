"""A customer with a proved number, bills, and files that they send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from sqlalchemy import select

from ramah.billing.embedded import NewBill, issue_bill
from ramah.billing.models import Bill, Proof
from ramah.billing.proofs import Reception, take_slip
from ramah.booking.context import Place
from ramah.channels.content import Incoming, IncomingKind, MediaKind, RemoteMedia, Sender
from ramah.messaging.inbox import accept
from ramah.messaging.media.uploads import Upload, receive_upload
from ramah.messaging.models import Inbound, MediaFile, MediaStatus
from ramah.store import Database
from tests.fakes.disk.files import picture
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant

PHOTO = picture("JPEG", colour="blue")
SARI = "6281100000100"
BUDI = "6281100000200"
_numbers = count(1)


@dataclass
class Payments:
    """What tests of payments do: issue bills, send files, look."""

    database: Database
    tenant: Tenant
    storage: MoodyStorage

    def place(self, who: str = SARI) -> Place:
        """The conversation of a person on WhatsApp, whose number the channel proves."""
        sender = Sender(platform_id=who, phone=f"+{who}")
        said = Incoming(external_id=f"w-{next(_numbers)}", sender=sender, kind=IncomingKind.TEXT, text="halo")
        conversation = accept(self.database, self.tenant.whatsapp, said).conversation_id
        return Place(self.database, self.tenant.id, conversation, "id")

    def bill(self, number: int, amount: int = 150_000, phone: str = SARI) -> str:
        """Issue INV-2026-<number>; returns its id."""
        new = NewBill(f"INV-2026-{number:04}", "Cuci Premium", amount, "IDR", date(2026, 12, 1), phone=f"+{phone}")
        return issue_bill(self.database, self.tenant.id, new)

    def file(self, content: bytes = PHOTO, said: str = "", who: str = SARI, name: str = "bukti.jpg") -> int:
        """A file that is stored already; returns the number of its message."""
        message = Incoming(
            external_id=f"f-{next(_numbers)}",
            sender=Sender(platform_id=who, phone=f"+{who}"),
            kind=IncomingKind.MEDIA,
            text=said,
        )
        upload = Upload(content, name, 10_000_000)
        accepted = receive_upload(self.database, self.storage, self.tenant.whatsapp, message, upload)
        assert accepted.inbound_id is not None
        return accepted.inbound_id

    def file_on_its_way(self, said: str = "", mime_type: str = "image/jpeg", sha256: str | None = None) -> int:
        """A file that is not fetched yet."""
        kind = MediaKind.IMAGE if mime_type.startswith("image/") else MediaKind.DOCUMENT
        message = Incoming(
            external_id=f"f-{next(_numbers)}",
            sender=Sender(platform_id=SARI, phone=f"+{SARI}"),
            kind=IncomingKind.MEDIA,
            text=said,
            media=(RemoteMedia(kind=kind, reference="r", mime_type=mime_type, sha256=sha256),),
        )
        accepted = accept(self.database, self.tenant.whatsapp, message)
        assert accepted.inbound_id is not None
        return accepted.inbound_id

    def settle_file(self, inbound_id: int, status: MediaStatus, sha256: str | None = None) -> None:
        """What the fetching worker would write."""
        with self.database.tenant(self.tenant.id) as session:
            row = session.scalars(select(MediaFile).where(MediaFile.inbound_id == inbound_id)).one()
            row.status, row.sha256 = status, sha256

    def take(self, inbound_id: int, who: str = SARI, *, expected: bool = False) -> Reception:
        """What the dialogue does with a file."""
        return take_slip(self.place(who), inbound_id, expected=expected)

    def sends(self, content: bytes = PHOTO, said: str = "", who: str = SARI, name: str = "bukti.jpg") -> Reception:
        """Send a file and take it."""
        return self.take(self.file(content, said, who, name), who)

    def proofs(self) -> list[Proof]:
        """All proofs, the oldest first."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return list(session.scalars(select(Proof).order_by(Proof.created_at, Proof.source)))

    def status(self, bill_id: str) -> str:
        """A bill's status."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return session.get_one(Bill, bill_id).status

    def told(self) -> list[tuple[str, dict[str, str]]]:
        """What the bot shall say by itself, in order."""
        with self.database.tenant_reading(self.tenant.id) as session:
            rows = session.scalars(select(Inbound).where(Inbound.kind == "say").order_by(Inbound.id))
            return [(row.raw["response"], row.raw["variables"]) for row in rows]


@pytest.fixture
def storage() -> MoodyStorage:
    """The media store."""
    return MoodyStorage()


@pytest.fixture
def payments(database: Database, kilap: Tenant, storage: MoodyStorage) -> Payments:
    """The bench."""
    return Payments(database, kilap, storage)
