"""The car-care demo organisation as values: its catalogue and outlets, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from ramah.booking.catalogue import Catalogue
from ramah.booking.reading import ReadingContext
from ramah.demo.loader import FOLDER
from ramah.integrations.erp.document import VehicleSize
from ramah.integrations.erp.port import PlanItem, ServiceItem, ServicePrice
from ramah.people import ClosedDay, OpeningHours, Outlet

JAKARTA, KUALA_LUMPUR = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Kuala_Lumpur")
MONDAY = date(2026, 11, 23)
MONDAY_MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=JAKARTA)
SIZES = (VehicleSize.SMALL, VehicleSize.MEDIUM, VehicleSize.LARGE)

Span = tuple[str, str]


@cache
def organisation(file: str = "kilap_auto") -> Mapping[str, Any]:
    """The organisation's file."""
    data: Mapping[str, Any] = YAML(typ="safe").load((FOLDER / f"{file}.yml").read_text(encoding="utf-8"))
    return data


@cache
def catalogue(file: str = "kilap_auto") -> Catalogue:
    """Its services and plans."""
    data = organisation(file)
    return Catalogue(
        tuple(_service(item) for item in data["services"]),
        tuple(PlanItem.model_validate(item) for item in data["plans"]),
    )


def _service(item: Mapping[str, Any]) -> ServiceItem:
    known = {name: item[name] for name in ("code", "names", "descriptions", "aliases", "minutes")}
    flags = {name: item[name] for name in ("home_service", "subscribable") if name in item}
    return ServiceItem(**known, **flags, prices=_prices(item["prices"]))


def _prices(prices: Mapping[Any, list[int]]) -> tuple[ServicePrice, ...]:
    return tuple(
        ServicePrice(size=size, currency=currency, amount_minor=amount)
        for currency, amounts in prices.items()
        for size, amount in zip(SIZES if len(amounts) == len(SIZES) else [VehicleSize.ANY], amounts, strict=True)
    )


def make_outlet(
    hours: Mapping[int, list[Span]], *, zone: str = "Asia/Jakarta", holidays: Any = (), **more: Any
) -> Outlet:
    """An outlet with these spans by weekday (0 is Monday) and these (day, reason) holidays."""
    return Outlet(
        timezone=zone,
        slot_minutes=more.pop("slot_minutes", 60),
        hours=[
            OpeningHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
            for weekday, spans in hours.items()
            for opens, closes in spans
        ],
        closed_days=[ClosedDay(day=day, reason=reason) for day, reason in holidays],
        **more,
    )


@cache
def outlets() -> tuple[Outlet, ...]:
    """Its outlets with their hours."""
    data = organisation()
    return tuple(_outlet(item, item.get("hours") or data["hours"]) for item in data["outlets"])


def outlet(code: str) -> Outlet:
    """One of its outlets."""
    return next(one for one in outlets() if one.code == code)


def _outlet(item: Mapping[str, Any], spans: list[Mapping[str, Any]]) -> Outlet:
    hours: dict[int, list[Span]] = {}
    for span in spans:
        for weekday in span["days"]:
            hours.setdefault(weekday, []).append((span["opens"], span["closes"]))
    plain = {name: item[name] for name in ("code", "name", "street", "city", "country", "areas", "bays", "crews")}
    return make_outlet(hours, zone=item["timezone"], **plain)


def reading_context(country: Any = "ID") -> ReadingContext:
    """What the reader leans on, on Monday morning."""
    zone = JAKARTA if country == "ID" else KUALA_LUMPUR
    return ReadingContext(catalogue(), outlets(), country, MONDAY_MORNING.astimezone(zone))
