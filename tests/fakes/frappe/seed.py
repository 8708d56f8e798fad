"""The catalogue of the fake site's organisation: two companies, eight services, three sizes, three rhythms."""

from __future__ import annotations

from typing import Any

from tests.fakes.frappe.store import Store

MASTERS: dict[str, tuple[str, ...]] = {
    "Company": ("Kilap Auto", "Kilap Auto Malaysia"),
    "Currency": ("IDR", "MYR"),
    "Country": ("Indonesia", "Malaysia", "Singapore"),
    "Customer Group": ("Individual",),
    "Territory": ("All Territories",),
    "Language": ("id", "ms", "en"),
    "Item Group": ("Services", "Products"),
    "UOM": ("Nos",),
}
SIZES = {"small": 100, "medium": 125, "large": 160}  # per cent of the small car's price
SERVICES: tuple[tuple[str, str, str, str, int, bool, int, int], ...] = (
    # code, id, ms, en, minutes, at home, rupiah, sen
    ("basic-wash", "Cuci biasa", "Basuh biasa", "Basic wash", 45, True, 60_000, 2_500),
    ("premium-wash", "Cuci premium", "Basuh premium", "Premium wash", 75, True, 120_000, 4_990),
    ("interior-detailing", "Salon interior", "Detailing dalaman", "Interior detailing", 150, True, 450_000, 18_000),
    ("full-detailing", "Salon lengkap", "Detailing penuh", "Full detailing", 300, True, 1_100_000, 45_000),
    ("nano-coating", "Coating nano", "Salutan nano", "Nano coating", 420, False, 3_500_000, 128_000),
    ("engine-bay", "Cuci ruang mesin", "Cuci ruang enjin", "Engine-bay cleaning", 60, True, 200_000, 8_000),
    ("periodic-service", "Servis berkala", "Servis berkala", "Periodic service", 120, False, 650_000, 23_000),
    ("ac-cleaning", "Cuci AC", "Cuci aircond", "AC cleaning", 90, False, 350_000, 13_500),
)
PLANS = (
    ("weekly", "Setiap minggu", "Setiap minggu", "Every week", "Week", 1, 15),
    ("fortnightly", "Dua minggu sekali", "Dua minggu sekali", "Every two weeks", "Week", 2, 10),
    ("monthly", "Setiap bulan", "Setiap bulan", "Every month", "Month", 1, 5),
)


def seed(store: Store) -> None:
    """Fill an empty site."""
    for doctype, names in MASTERS.items():
        key = doctype.lower().replace(" ", "_") + "_name"
        for name in names:
            store.insert(doctype, {key: name})
    for currency in ("IDR", "MYR"):
        for size in SIZES:
            store.insert("Price List", price_list(currency, size))
    for position, service in enumerate(SERVICES):
        _seed_service(store, position, service)
    for position, plan in enumerate(PLANS):
        store.insert("Subscription Plan", rhythm(position, plan))
    store.insert("Item", {"item_code": "wax", "item_name": "Wax", "item_group": "Products", "stock_uom": "Nos"})


def price_list(currency: str, size: str) -> dict[str, Any]:
    """A selling price list for one car size."""
    name = f"{size.title()} car {currency}"
    return {"price_list_name": name, "currency": currency, "selling": 1, "custom_vehicle_size": size}


def rhythm(position: int, plan: tuple[str, str, str, str, str, int, int]) -> dict[str, Any]:
    """A Subscription Plan that is offered."""
    code, indonesian, malay, english, interval, count, discount = plan
    return {
        "plan_name": code,
        "item": "basic-wash",
        "price_determination": "Fixed Rate",
        "billing_interval": interval,
        "billing_interval_count": count,
        "custom_offered": 1,
        "custom_discount_percent": discount,
        "custom_position": position,
        "custom_name_id": indonesian,
        "custom_name_ms": malay,
        "custom_name_en": english,
    }


def _seed_service(store: Store, position: int, service: tuple[str, str, str, str, int, bool, int, int]) -> None:
    code, indonesian, malay, english, minutes, at_home, rupiah, sen = service
    item = {"item_code": code, "item_name": english, "item_group": "Services", "stock_uom": "Nos"}
    item |= {"description": f"<div><p>{english} &amp; a clean car</p></div>", "custom_aliases": f"{code}\n{malay}"}
    item |= {"custom_name_id": indonesian, "custom_name_ms": malay, "custom_name_en": english}
    flags = {"custom_minutes": minutes, "custom_home_service": at_home, "custom_subscribable": 1}
    store.insert("Item", {**item, **flags, "custom_position": position})
    for size, percent in SIZES.items():
        rates = {"IDR": rupiah * percent / 100, "MYR": sen * percent / 10_000}
        for currency, rate in rates.items():
            price = {"item_code": code, "price_list": f"{size.title()} car {currency}", "price_list_rate": rate}
            store.insert("Item Price", price)
