"""The demo organisations: two of them, complete, and loading again doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ramah.booking.catalogue import Catalogue
from ramah.booking.embedded.models import Plan, Price, Service
from ramah.booking.erp_registry import catalogue_of
from ramah.demo.loader import FOLDER, load_all, load_file
from ramah.lib.errors import BadInput
from ramah.messaging.models import ChannelAccount
from ramah.people import ClosedDay, OpeningHours, Organisation, Outlet, Staff
from ramah.store import Base, Database
from tests.integration.booking.conftest import THIS_YEAR

TABLES: tuple[type[Base], ...] = (
    Organisation,
    Outlet,
    OpeningHours,
    ClosedDay,
    Staff,
    ChannelAccount,
    Service,
    Price,
    Plan,
)
FRIDAY = 4


def organisation(database: Database, slug: str) -> Organisation:
    with database.every_organisation_reading() as session:
        return session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def outlets(database: Database, slug: str) -> dict[str, Outlet]:
    with database.tenant_reading(organisation(database, slug).id) as session:
        return {outlet.code: outlet for outlet in session.scalars(select(Outlet))}


@pytest.fixture
def catalogue(demo: Database) -> Callable[[str], Catalogue]:
    return lambda slug: catalogue_of(demo, organisation(demo, slug))


def counted(database: Database) -> dict[str, int]:
    with database.every_organisation_reading() as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_loading_again_doubles_nothing(demo_on_each_backend: Database) -> None:
    before = counted(demo_on_each_backend)
    assert load_all(demo_on_each_backend, THIS_YEAR) == ["Bersih Bonda", "Kilap Auto"]
    assert counted(demo_on_each_backend) == before
    assert before["organisations"] == 2
    assert all(before.values())


def test_loading_again_refreshes_what_was_changed(demo: Database) -> None:
    with demo.tenant(organisation(demo, "kilap-auto").id) as session:
        service = session.scalars(select(Service).where(Service.code == "basic-wash")).one()
        service.minutes = 5
        session.scalars(select(Outlet).where(Outlet.code == "JKT")).one().bays = 99
    load_all(demo, THIS_YEAR)
    with demo.tenant_reading(organisation(demo, "kilap-auto").id) as session:
        assert session.scalar(select(Service.minutes).where(Service.code == "basic-wash")) == 45
    assert outlets(demo, "kilap-auto")["JKT"].bays == 3


def test_kilap_auto_has_its_five_outlets_in_two_zones(demo: Database) -> None:
    assert {code: outlet.timezone for code, outlet in outlets(demo, "kilap-auto").items()} == {
        "JKT": "Asia/Jakarta",
        "BDG": "Asia/Jakarta",
        "SBY": "Asia/Jakarta",
        "KUL": "Asia/Kuala_Lumpur",
        "JHB": "Asia/Kuala_Lumpur",
    }


def test_kilap_auto_offers_its_eight_services_and_three_rhythms(catalogue: Callable[[str], Catalogue]) -> None:
    kilap = catalogue("kilap-auto")
    assert [service.code for service in kilap.services] == [
        "basic-wash",
        "premium-wash",
        "interior-detailing",
        "full-detailing",
        "nano-coating",
        "engine-bay",
        "periodic-service",
        "ac-cleaning",
    ]
    assert [(plan.code, plan.interval, plan.interval_count) for plan in kilap.plans] == [
        ("weekly", "week", 1),
        ("fortnightly", "week", 2),
        ("monthly", "month", 1),
    ]


def test_every_service_has_words_in_three_languages(catalogue: Callable[[str], Catalogue]) -> None:
    for slug in ("kilap-auto", "bersih-bonda"):
        for service in catalogue(slug).services:
            for texts in (service.names, service.descriptions):
                assert set(texts) == {"id", "ms", "en"}
                assert all(texts.values())


def test_every_service_of_kilap_auto_costs_more_for_a_larger_car_in_both_countries(
    catalogue: Callable[[str], Catalogue],
) -> None:
    kilap = catalogue("kilap-auto")
    for service in kilap.services:
        for country in ("ID", "MY"):
            prices = [kilap.price(service, country, size) for size in ("small", "medium", "large")]
            amounts = [price.amount_minor for price in prices if price]
            assert len(amounts) == 3
            assert amounts == sorted(set(amounts))


def test_bersih_bonda_is_another_business_altogether(demo: Database, catalogue: Callable[[str], Catalogue]) -> None:
    bonda = organisation(demo, "bersih-bonda")
    assert (bonda.country, bonda.language, bonda.profile["asks_vehicle"]) == ("MY", "ms", False)
    assert all(outlet.bays == 0 and outlet.crews > 0 for outlet in outlets(demo, "bersih-bonda").values())
    for service in catalogue("bersih-bonda").services:
        assert [(price.size, price.currency) for price in service.prices] == [("any", "MYR")]


def test_outlets_are_open_from_eight_to_eight_every_day(demo: Database) -> None:
    for code, outlet in outlets(demo, "kilap-auto").items():
        hours = [(span.weekday, span.opens, span.closes) for span in outlet.hours if span.weekday != FRIDAY]
        assert hours == [(day, time(8), time(20)) for day in range(7) if day != FRIDAY], code


def test_johor_bahru_is_closed_on_fridays_from_twelve_to_three(demo: Database) -> None:
    fridays = {
        code: [(span.opens.hour, span.closes.hour) for span in outlet.hours if span.weekday == FRIDAY]
        for code, outlet in outlets(demo, "kilap-auto").items()
    }
    assert fridays.pop("JHB") == [(8, 12), (15, 20)]
    assert all(spans == [(8, 20)] for spans in fridays.values())


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize(
    ("country", "days"), [("ID", [(1, 1), (8, 17), (12, 25)]), ("MY", [(5, 1), (8, 31), (9, 16), (12, 25)])]
)
def test_public_holidays_of_this_and_the_next_year_are_closed(
    demo: Database, year: int, country: str, days: list[tuple[int, int]]
) -> None:
    everywhere = {**outlets(demo, "kilap-auto"), **outlets(demo, "bersih-bonda")}
    for outlet in everywhere.values():
        if outlet.country == country:
            closed = {one.day: one.reason for one in outlet.closed_days}
            assert all(closed.get(date(year, month, day)) for month, day in days), outlet.code


def test_states_have_holidays_of_their_own(demo: Database) -> None:
    everywhere = {**outlets(demo, "kilap-auto"), **outlets(demo, "bersih-bonda")}
    days = {code: {one.day for one in outlet.closed_days} for code, outlet in everywhere.items()}
    assert days["JHB"] != days["KUL"] != days["PEN"]
    assert days["JKT"] == days["BDG"] == days["SBY"]


def test_a_file_without_a_part_is_refused_by_name(demo: Database, tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    text = (FOLDER / "bersih_bonda.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("staff:", "people:"), encoding="utf-8")
    before = counted(demo)
    with pytest.raises(BadInput, match=r"broken\.yml.*staff"):
        load_file(demo, path, THIS_YEAR)
    assert counted(demo) == before
