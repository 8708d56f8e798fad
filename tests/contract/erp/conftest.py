"""The adapters under the contract. Another one is one builder and one line in ``BUILDERS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from ramah.booking.embedded.adapter import EmbeddedErp
from ramah.booking.embedded.models import Booking, ErpCustomer, Subscription
from ramah.booking.embedded.visits import note_progress
from ramah.cli.tables import metadata
from ramah.demo.loader import FOLDER, load_file
from ramah.integrations.erp.frappe import FrappeAccess, FrappeErp
from ramah.integrations.erp.port import BookingStatus
from ramah.integrations.http import Breakers, HttpLimits
from ramah.people import Organisation
from ramah.store import Base, Database
from tests.contract.erp.harness import ErpUnderTest
from tests.fakes.frappe import FakeFrappe

QUICK = HttpLimits(read=2.0, total=6.0, place_wait=6.0, wait_initial=0.001, wait_max=0.01, wait_jitter=0.001)


def access_to(fake: FakeFrappe, limits: HttpLimits = QUICK) -> FrappeAccess:
    """Access to the fake site; small pages, so that paging always happens."""
    return FrappeAccess(
        base_url=fake.base_url,
        api_key=SecretStr(fake.api_key),
        api_secret=SecretStr(fake.api_secret),
        company="Kilap Auto",
        companies={"MYR": "Kilap Auto Malaysia"},
        site_timezone=fake.site_timezone,
        page_size=7,
        limits=limits,
    )


@contextmanager
def frappe(site_timezone: str) -> Iterator[ErpUnderTest]:
    """The Frappe adapter on a fake site."""
    with (
        FakeFrappe(site_timezone=site_timezone) as fake,
        closing(FrappeErp(access_to(fake), Breakers())) as erp,
    ):
        yield ErpUnderTest(
            erp=erp,
            count_customers=lambda: fake.count("Customer"),
            count_visits=lambda: fake.count("Sales Order"),
            count_subscriptions=lambda: fake.count("Subscription"),
            note_progress=lambda *progress: note_on_order(fake, *progress),
        )


def note_on_order(
    fake: FakeFrappe, booking_id: str, status: BookingStatus, note: str | None, ready_at: datetime | None
) -> None:
    """What staff set on the order of a booking."""
    [order] = [one for one in fake.documents("Sales Order") if one["custom_external_ref"] == booking_id]
    ready = ready_at and ready_at.astimezone(ZoneInfo(fake.site_timezone)).strftime("%Y-%m-%d %H:%M:%S")
    body = {"custom_visit_status": status.value, "custom_status_note": note, "custom_ready_at": ready}
    fake.store.update("Sales Order", order["name"], body)


@cache
def demo_database() -> bytes:
    """An SQLite file with the car-care demo organisation, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        with closing(Database(f"sqlite:///{path}")) as database:
            metadata().create_all(database.engine)
            load_file(database, FOLDER / "kilap_auto.yml", this_year=2030)
        return path.read_bytes()


@contextmanager
def embedded() -> Iterator[ErpUnderTest]:
    """The embedded ERP on SQLite."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "erp.db"
        path.write_bytes(demo_database())
        with closing(Database(f"sqlite:///{path}")) as database:
            with database.every_organisation_reading() as session:
                organisation_id = session.scalars(select(Organisation.id)).one()

            def count(table: type[Base]) -> int:
                with database.tenant_reading(organisation_id) as reading:
                    return reading.scalar(select(func.count()).select_from(table)) or 0

            def note(booking_id: str, status: BookingStatus, text: str | None, ready_at: datetime | None) -> None:
                with database.tenant(organisation_id) as session:
                    note_progress(session, booking_id, status, note=text, ready_at=ready_at)

            yield ErpUnderTest(
                erp=EmbeddedErp(database, organisation_id),
                count_customers=lambda: count(ErpCustomer),
                count_visits=lambda: count(Booking),
                count_subscriptions=lambda: count(Subscription),
                note_progress=note,
                outlet_code="JKT",
            )


BUILDERS: dict[str, Callable[[], AbstractContextManager[ErpUnderTest]]] = {
    "embedded": embedded,
    "frappe_in_kuala_lumpur": partial(frappe, "Asia/Kuala_Lumpur"),
    "frappe_in_new_york": partial(frappe, "America/New_York"),
}


@pytest.fixture(params=sorted(BUILDERS))
def subject(request: pytest.FixtureRequest) -> Iterator[ErpUnderTest]:
    """Each adapter in turn."""
    with BUILDERS[request.param]() as built:
        yield built


@pytest.fixture
def fake() -> Iterator[FakeFrappe]:
    """A fake Frappe site, for what only Frappe does."""
    with FakeFrappe() as running:
        yield running


@pytest.fixture
def site(fake: FakeFrappe) -> Iterator[ErpUnderTest]:
    """The adapter on the site of ``fake``."""
    with closing(FrappeErp(access_to(fake), Breakers())) as erp:
        yield ErpUnderTest(
            erp=erp,
            count_customers=lambda: fake.count("Customer"),
            count_visits=lambda: fake.count("Sales Order"),
            count_subscriptions=lambda: fake.count("Subscription"),
            note_progress=lambda *progress: note_on_order(fake, *progress),
        )
