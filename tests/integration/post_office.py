"""An organisation's mailbox under test: its host, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from ramah.messaging.collecting import collect_one
from ramah.messaging.models import ChannelAccount, Conversation, Envelope, Inbound, MediaFile, RateBucket
from ramah.store import Database, utc_now
from tests.fakes.mail.host import MailHost
from tests.integration.conftest import Tenant


@dataclass
class Post:
    """An organisation's mailbox, its host, and the database behind both."""

    database: Database
    tenant: Tenant
    host: MailHost
    account_id: str

    def account(self) -> ChannelAccount:
        """The account as it is now."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return session.get_one(ChannelAccount, self.account_id)

    def texts(self) -> list[str]:
        """What was stored, in order."""
        with self.database.tenant_reading(self.tenant.id) as session:
            mails = select(Inbound.text).where(Inbound.channel_account_id == self.account_id)
            return list(session.scalars(mails.order_by(Inbound.id)))

    def count(self, kind: type[Envelope] | type[Inbound] | type[MediaFile] | type[Conversation]) -> int:
        """How many rows of a kind the mailbox has."""
        with self.database.tenant_reading(self.tenant.id) as session:
            rows = select(func.count()).select_from(kind).where(kind.channel_account_id == self.account_id)
            return session.scalars(rows).one()

    def be_due(self) -> None:
        """The mailbox is to be asked again now."""
        with self.database.every_organisation() as session:
            session.execute(update(RateBucket).values(free_at=utc_now() - timedelta(seconds=1)))

    def free_at(self) -> datetime:
        """When it is asked next."""
        with self.database.every_organisation_reading() as session:
            key = f"collect:{self.account_id}"
            return session.scalars(select(RateBucket.free_at).where(RateBucket.key == key)).one()

    def collect(self) -> None:
        """Ask until nothing is left to take."""
        self.be_due()
        while collect_one(self.database):
            pass
