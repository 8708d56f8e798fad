"""Services and subscription rhythms out of Item, Price List, Item Price and Subscription Plan."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Literal

from ramah.integrations.erp.document import VehicleSize
from ramah.integrations.erp.frappe.client import Filter, FrappeClient, Row
from ramah.integrations.erp.frappe.errors import plain
from ramah.integrations.erp.frappe.mapping import minor
from ramah.integrations.erp.frappe.settings import Currency, FrappeAccess
from ramah.integrations.erp.port import PlanItem, ServiceItem, ServicePrice

LANGUAGES = ("id", "ms", "en")
INTERVALS: dict[str, Literal["week", "month"]] = {"Week": "week", "Month": "month"}
BY_POSITION = "custom_position asc, name asc"


class ItemRow(Row):
    """An Item that is a service, with Ramah's custom fields."""

    item_name: str
    description: str | None = None
    custom_minutes: int
    custom_name_id: str | None = None
    custom_name_ms: str | None = None
    custom_name_en: str | None = None
    custom_description_id: str | None = None
    custom_description_ms: str | None = None
    custom_description_en: str | None = None
    custom_aliases: str | None = None
    custom_home_service: bool = False
    custom_subscribable: bool = False


class PriceListRow(Row):
    """A selling Price List for one car size. ERPNext allows one price per item and list, so sizes are lists."""

    currency: Currency
    custom_vehicle_size: VehicleSize


class PriceRow(Row):
    """An Item Price."""

    item_code: str
    price_list: str
    price_list_rate: Decimal
    valid_from: date | None = None
    valid_upto: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the price holds on that day."""
        return (self.valid_from or day) <= day <= (self.valid_upto or day)


class PlanRow(Row):
    """A Subscription Plan that is offered as a rhythm."""

    billing_interval: Literal["Week", "Month"]
    billing_interval_count: int
    custom_name_id: str | None = None
    custom_name_ms: str | None = None
    custom_name_en: str | None = None
    custom_discount_percent: int = 0


def read_services(client: FrappeClient, access: FrappeAccess, today: date) -> list[ServiceItem]:
    """All enabled services of the item group with the prices that hold today."""
    filters: list[Filter] = [
        ["item_group", "=", access.item_group],
        ["disabled", "=", 0],
        ["is_sales_item", "=", 1],
        ["custom_minutes", ">", 0],
    ]
    items = client.rows("Item", ItemRow, filters, order_by=BY_POSITION)
    prices = _prices(client, today)
    return [_service(item, prices[item.name]) for item in items]


def read_plans(client: FrappeClient) -> list[PlanItem]:
    """The rhythms that are offered (``custom_offered``); plans made for single bookings are not."""
    rows = client.rows("Subscription Plan", PlanRow, [["custom_offered", "=", 1]], order_by=BY_POSITION)
    return [_plan(row) for row in rows]


def _prices(client: FrappeClient, today: date) -> defaultdict[str, tuple[ServicePrice, ...]]:
    lists = client.rows(
        "Price List", PriceListRow, [["enabled", "=", 1], ["selling", "=", 1], ["custom_vehicle_size", "is", "set"]]
    )
    by_list = {one.name: one for one in lists}
    if not by_list:
        return defaultdict(tuple)
    rows = client.rows("Item Price", PriceRow, [["price_list", "in", list(by_list)]])
    valid = sorted((row for row in rows if row.valid_on(today)), key=lambda row: row.valid_from or date.min)
    newest = {(row.item_code, row.price_list): row for row in valid}  # a later price replaces an earlier one
    found: defaultdict[str, tuple[ServicePrice, ...]] = defaultdict(tuple)
    for row in newest.values():
        found[row.item_code] += (_price(row, by_list[row.price_list]),)
    return found


def _price(row: PriceRow, price_list: PriceListRow) -> ServicePrice:
    return ServicePrice(
        size=price_list.custom_vehicle_size,
        currency=price_list.currency,
        amount_minor=minor(row.price_list_rate, price_list.currency),
    )


def _service(item: ItemRow, prices: tuple[ServicePrice, ...]) -> ServiceItem:
    described = {code: getattr(item, f"custom_description_{code}") or item.description for code in LANGUAGES}
    return ServiceItem(
        code=item.name,
        names=_names(item, item.item_name),
        descriptions={code: plain(text) for code, text in described.items() if text},
        aliases=tuple(line.strip() for line in (item.custom_aliases or "").splitlines() if line.strip()),
        minutes=item.custom_minutes,
        home_service=item.custom_home_service,
        subscribable=item.custom_subscribable,
        prices=tuple(sorted(prices, key=lambda price: (price.currency, price.amount_minor))),
    )


def _plan(row: PlanRow) -> PlanItem:
    return PlanItem(
        code=row.name,
        names=_names(row, row.name),
        interval=INTERVALS[row.billing_interval],
        interval_count=row.billing_interval_count,
        discount_percent=row.custom_discount_percent,
    )


def _names(row: ItemRow | PlanRow, otherwise: str) -> dict[str, str]:
    return {code: getattr(row, f"custom_name_{code}") or otherwise for code in LANGUAGES}
