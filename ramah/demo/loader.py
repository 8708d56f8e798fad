"""Loads an organisation from its YAML file. Repeating it refreshes the data and doubles nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import holidays
from ruamel.yaml import YAML
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ramah.billing.embedded import NewBill, issue_in
from ramah.booking.embedded.models import Plan, Price, Service
from ramah.demo.offers import load_offers
from ramah.integrations.erp.document import VehicleSize
from ramah.lib.errors import BadInput
from ramah.messaging.accounts import connect_account
from ramah.people import ClosedDay, OpeningHours, Organisation, Outlet, Staff
from ramah.people.passwords import hash_password
from ramah.store import Database, utc_now

FOLDER = Path(__file__).parent / "organisations"
DEMO_PASSWORD = "ramah-demo"  # noqa: S105 - printed at start; the demo refuses to run in production
DEMO_SECRETS = {"access_token": "demo-access-token", "app_secret": "demo-app-secret", "verify_token": "demo-verify"}
YEARS_OF_HOLIDAYS = 2
HOLIDAY_LANGUAGES = {"ID": "id", "MY": "ms_MY"}
SIZES = (VehicleSize.SMALL, VehicleSize.MEDIUM, VehicleSize.LARGE)

Data = Mapping[str, Any]


def load_all(database: Database, this_year: int) -> list[str]:
    """Load every organisation of the folder; returns their names."""
    return [load_file(database, path, this_year) for path in sorted(FOLDER.glob("*.yml"))]


def load_file(database: Database, path: Path, this_year: int) -> str:
    """Load one organisation. Raises BadInput when a part is missing."""
    data = _read(path.read_text(encoding="utf-8"))
    try:
        organisation_id = _organisation(database, data)
        with database.tenant(organisation_id) as session:
            _staff(session, data["staff"])
            _channels(session, data["channels"])
            _outlets(session, data, this_year)
            _plans(session, data.get("plans", []))
            _services(session, data["services"])
            _bills(session, data.get("bills", []))
            load_offers(session, data.get("offers", []), utc_now().date())
    except KeyError as error:
        raise BadInput(f"{path.name}: {error} is missing") from error
    return str(data["name"])


@lru_cache(maxsize=8)
def _read(text: str) -> Data:
    found: Data = YAML(typ="safe").load(text)
    return found


def _organisation(database: Database, data: Data) -> str:
    with database.every_organisation() as session:
        row = session.scalar(select(Organisation).where(Organisation.slug == data["slug"]))
        if row is None:
            row = Organisation(slug=data["slug"])
            session.add(row)
        for name in ("name", "country", "timezone", "language", "assistant_name", "booking_horizon_days", "profile"):
            setattr(row, name, data[name])
        session.flush()
        return row.id


def _staff(session: Session, people: list[Data]) -> None:
    for person in people:
        row = session.scalar(select(Staff).where(Staff.email == person["email"]))
        if row is None:
            row = Staff(email=person["email"], password_hash=hash_password(DEMO_PASSWORD))
            session.add(row)
        row.name, row.roles, row.language = person["name"], list(person["roles"]), person["language"]


def _channels(session: Session, channels: list[Data]) -> None:
    for channel in channels:
        secrets = DEMO_SECRETS if channel.get("demo_secrets") else {}
        connect_account(
            session,
            channel["kind"],
            channel["name"],
            str(channel["external_id"]),
            secrets,
            public_key=channel["public_key"],
            options=channel.get("options"),
        )


def _outlets(session: Session, data: Data, this_year: int) -> None:
    for item in data["outlets"]:
        row = session.scalar(select(Outlet).where(Outlet.code == item["code"]))
        if row is None:
            row = Outlet(code=item["code"])
            session.add(row)
        for name in ("name", "street", "city", "country", "timezone", "phone", "map_url", "areas", "bays", "crews"):
            setattr(row, name, item.get(name))
        session.flush()
        _hours(session, row, item.get("hours") or data["hours"])
        _closed_days(session, row, item["holidays"], this_year)


def _hours(session: Session, outlet: Outlet, spans: list[Data]) -> None:
    session.execute(delete(OpeningHours).where(OpeningHours.outlet_id == outlet.id))
    for span in spans:
        for weekday in span["days"]:
            session.add(
                OpeningHours(
                    outlet_id=outlet.id,
                    weekday=weekday,
                    opens=time.fromisoformat(span["opens"]),
                    closes=time.fromisoformat(span["closes"]),
                )
            )


def _closed_days(session: Session, outlet: Outlet, where: Data, this_year: int) -> None:
    session.execute(delete(ClosedDay).where(ClosedDay.outlet_id == outlet.id))
    years = range(this_year, this_year + YEARS_OF_HOLIDAYS)
    found: Mapping[date, str] = holidays.country_holidays(
        where["country"], subdiv=where.get("subdivision"), years=years, language=HOLIDAY_LANGUAGES[where["country"]]
    )
    for day, reason in sorted(found.items()):
        session.add(ClosedDay(outlet_id=outlet.id, day=day, reason=reason[:140]))


def _plans(session: Session, plans: list[Data]) -> None:
    for position, item in enumerate(plans):
        row = session.scalar(select(Plan).where(Plan.code == item["code"]))
        if row is None:
            row = Plan(code=item["code"])
            session.add(row)
        row.position = position
        for name in ("names", "interval", "interval_count", "discount_percent"):
            setattr(row, name, item[name])


def _services(session: Session, services: list[Data]) -> None:
    for position, item in enumerate(services):
        row = session.scalar(select(Service).where(Service.code == item["code"]))
        if row is None:
            row = Service(code=item["code"])
            session.add(row)
        row.position, row.aliases = position, list(item["aliases"])
        row.names, row.descriptions, row.minutes = item["names"], item["descriptions"], item["minutes"]
        row.home_service, row.subscribable = item.get("home_service", True), item.get("subscribable", True)
        session.flush()
        _prices(session, row, item["prices"])


def _prices(session: Session, service: Service, prices: Mapping[str, list[int]]) -> None:
    session.execute(delete(Price).where(Price.service_id == service.id))
    for currency, amounts in prices.items():
        sizes = SIZES if len(amounts) == len(SIZES) else (VehicleSize.ANY,)
        for size, amount in zip(sizes, amounts, strict=True):
            session.add(Price(service_id=service.id, size=size.value, currency=currency, amount_minor=amount))


def _bills(session: Session, bills: list[Data]) -> None:
    """Bills of a number; ``due_in_days`` counts from the first loading."""
    today = utc_now().date()
    for item in bills:
        due_on = today + timedelta(days=item["due_in_days"])
        described = {name: item[name] for name in ("reference", "phone", "description", "amount_minor", "currency")}
        issue_in(session, NewBill(due_on=due_on, **described))
