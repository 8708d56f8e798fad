"""All that one booking turn must know of its organisation, read before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ramah.booking.availability import Visit, zone_of
from ramah.booking.catalogue import Catalogue
from ramah.booking.erp_registry import Taken, catalogue_of, erp_for, taken_or_unknown
from ramah.booking.facts import HOME, Shape
from ramah.integrations.erp.port import ServiceItem
from ramah.lib.errors import NotFound
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.people import ClosedDay, Contact, Organisation, Outlet
from ramah.store import Database, utc_now

Country = Literal["ID", "MY"]
MARGIN_DAYS = 7
"""Closed days are read a week beyond both ends of what can be booked: zones, and visits past midnight."""


@dataclass(frozen=True)
class Place:
    """Where a booking turn happens: whose conversation, and the language the dialogue settled on."""

    database: Database
    organisation_id: str
    conversation_id: str
    language: str | None = None


@dataclass(frozen=True)
class BookingContext:
    """A snapshot: organisation, outlets, contact, catalogue; ``taken`` asks the ERP for held times."""

    organisation: Organisation
    outlets: tuple[Outlet, ...]
    contact: Contact
    conversation: Conversation
    channel: str
    catalogue: Catalogue
    taken: Taken
    language: str
    now: datetime

    def outlet(self, code: str | None) -> Outlet | None:
        """The outlet of this code."""
        return next((outlet for outlet in self.outlets if outlet.code == code), None)

    @property
    def country(self) -> Country:
        """Where the customer probably is: by number, else by language, else the organisation's country."""
        return self.country_by(None)

    def country_by(self, told: str | None) -> Country:
        """The same, where a number told in this booking counts before the contact's own."""
        phone = told or self.contact.phone or ""
        guesses = ({"+62": "ID", "+60": "MY"}.get(phone[:3]), {"ms": "MY", "id": "ID"}.get(self.language))
        served = {outlet.country for outlet in self.outlets}
        chosen = next((guess for guess in guesses if guess in served), self.organisation.country)
        return cast("Country", chosen)

    def country_of(self, outlet: Outlet | None) -> Country:
        """The country that prices and addresses follow."""
        return cast("Country", outlet.country) if outlet else self.country

    def local_now(self, outlet: Outlet | None) -> datetime:
        """The present moment where the visit will be."""
        return self.now.astimezone(zone_of(outlet or self.outlets[0]))

    @property
    def home_country_zone_outlet(self) -> Outlet:
        """An outlet of the customer's country, for its zone while none is chosen."""
        return next((outlet for outlet in self.outlets if outlet.country == self.country), self.outlets[0])

    def shape(self, service: ServiceItem | None) -> Shape:
        """What must be asked for this service."""
        profile = self.organisation.profile
        return Shape(
            asks_vehicle=bool(profile.get("asks_vehicle", True)),
            offers_subscription=bool(self.catalogue.plans) and (service is None or service.subscribable),
            home=any(outlet.crews for outlet in self.outlets) and (service is None or service.home_service),
            outlet=any(outlet.bays for outlet in self.outlets),
        )

    def visit(self, service: ServiceItem, outlet: Outlet, place: str) -> Visit:
        """How long it takes, and how many may overlap at that place."""
        return Visit(service.minutes, outlet.crews if place == HOME else outlet.bays)


def load_context(
    database: Database, organisation_id: str, conversation_id: str, language: str | None
) -> BookingContext:
    """Read the snapshot. Raises NotFound for an unknown conversation, and what the ERP raises."""
    with database.tenant_reading(organisation_id) as session:
        organisation, conversation, contact, account = _rows(session, organisation_id, conversation_id)
        outlets = _outlets(session, organisation)
        session.expunge_all()
    erp = erp_for(database, organisation)
    return BookingContext(
        organisation=organisation,
        outlets=outlets,
        contact=contact,
        conversation=conversation,
        channel=account.kind,
        catalogue=catalogue_of(database, organisation),
        taken=taken_or_unknown(database, organisation_id, erp),
        language=language or conversation.language or organisation.language,
        now=utc_now(),
    )


def _outlets(session: Session, organisation: Organisation) -> tuple[Outlet, ...]:
    """The active outlets; of their closed days only those that a booking can meet, for there are many."""
    today = utc_now().date()
    until = today + timedelta(days=organisation.booking_horizon_days + MARGIN_DAYS)
    near = ClosedDay.day.between(today - timedelta(days=MARGIN_DAYS), until)
    statement = select(Outlet).where(Outlet.active).order_by(Outlet.name)
    return tuple(session.scalars(statement.options(selectinload(Outlet.closed_days.and_(near)))).all())


def _rows(
    session: Session, organisation_id: str, conversation_id: str
) -> tuple[Organisation, Conversation, Contact, ChannelAccount]:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound(f"no conversation {conversation_id}")
    return (
        session.get_one(Organisation, organisation_id),
        conversation,
        session.get_one(Contact, conversation.contact_id),
        session.get_one(ChannelAccount, conversation.channel_account_id),
    )
