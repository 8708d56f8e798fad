"""The doctypes of an ERPNext site that Ramah uses, set up as docs/erp.md says."""

from __future__ import annotations

from tests.fakes.frappe.meta import DocType, Field

KEY = Field("custom_external_ref", unique=True)
NAMES = tuple(Field(f"custom_name_{code}") for code in ("id", "ms", "en"))
DESCRIPTIONS = tuple(Field(f"custom_description_{code}", "Text") for code in ("id", "ms", "en"))
VISIT = (
    KEY,
    Field("custom_reference"),
    Field("custom_outlet"),
    Field("custom_place"),
    Field("custom_vehicle", link="Customer Vehicle"),
    Field("custom_customer_notes", "Text", raw=True),
    Field("custom_booking_document", "Text", raw=True),
)


def simple(name: str, *fields: Field) -> DocType:
    """A doctype that is named by its one required field."""
    key = name.lower().replace(" ", "_") + "_name"
    return DocType(name, (Field(key, required=True), *fields), naming=f"field:{key}")


CHILDREN = (
    DocType("Contact Phone", (Field("phone", required=True), Field("is_primary_mobile_no", "Check"))),
    DocType("Dynamic Link", (Field("link_doctype", required=True), Field("link_name", required=True))),
    DocType(
        "Sales Order Item",
        (
            Field("item_code", required=True, link="Item"),
            Field("qty", "Int", required=True),
            Field("rate", "Currency"),
            Field("delivery_date", "Date"),
        ),
    ),
    DocType("Subscription Plan Detail", (Field("plan", required=True, link="Subscription Plan"), Field("qty", "Int"))),
)

PARTIES = (
    DocType(
        "Customer",
        (
            Field("customer_name", required=True),
            Field("customer_type"),
            Field("customer_group", link="Customer Group"),
            Field("territory", link="Territory"),
            Field("language", link="Language"),
            Field("customer_primary_contact", link="Contact"),
            KEY,
            Field("custom_first_name", raw=True),
            Field("custom_last_name", raw=True),
        ),
        naming="field:customer_name",
        suffix_duplicates=True,
    ),
    DocType(
        "Contact",
        (
            Field("first_name"),
            Field("last_name"),
            KEY,
            Field("phone_nos", "Table", child="Contact Phone"),
            Field("links", "Table", child="Dynamic Link"),
        ),
        naming="field:first_name",
        suffix_duplicates=True,
    ),
    DocType(
        "Address",
        (
            Field("address_title"),
            Field("address_type", required=True),
            Field("address_line1", required=True),
            Field("address_line2"),
            Field("city", required=True),
            Field("pincode"),
            Field("country", required=True, link="Country"),
            Field("phone"),
            KEY,
            Field("custom_unit"),
            Field("custom_neighbourhood"),
            Field("custom_district"),
            Field("custom_latitude", "Float"),
            Field("custom_longitude", "Float"),
            Field("custom_last_used", "Datetime"),
            Field("links", "Table", child="Dynamic Link"),
        ),
        naming="field:address_title",
        suffix_duplicates=True,
    ),
    DocType(
        "Customer Vehicle",
        (
            Field("customer", required=True, link="Customer"),
            Field("license_plate", required=True),
            Field("make", required=True, raw=True),
            Field("model", required=True, raw=True),
            Field("year", "Int"),
            Field("size"),
            Field("colour"),
            KEY,
            Field("custom_last_used", "Datetime"),
        ),
        naming="series",
        prefix="VEH-",
    ),
)

CATALOGUE = (
    DocType(
        "Item",
        (
            Field("item_code", required=True),
            Field("item_name"),
            Field("item_group", required=True, link="Item Group"),
            Field("stock_uom", required=True, link="UOM"),
            Field("is_sales_item", "Check", default=1),
            Field("disabled", "Check", default=0),
            Field("description", "Text"),
            Field("custom_minutes", "Int", default=0),
            Field("custom_aliases", "Text"),
            Field("custom_home_service", "Check", default=0),
            Field("custom_subscribable", "Check", default=0),
            Field("custom_position", "Int", default=0),
            *NAMES,
            *DESCRIPTIONS,
        ),
        naming="field:item_code",
    ),
    DocType(
        "Price List",
        (
            Field("price_list_name", required=True),
            Field("currency", required=True, link="Currency"),
            Field("enabled", "Check", default=1),
            Field("selling", "Check", default=0),
            Field("custom_vehicle_size"),
        ),
        naming="field:price_list_name",
    ),
    DocType(
        "Item Price",
        (
            Field("item_code", required=True, link="Item"),
            Field("price_list", required=True, link="Price List"),
            Field("price_list_rate", "Currency", required=True),
            Field("valid_from", "Date"),
            Field("valid_upto", "Date"),
        ),
    ),
    DocType(
        "Subscription Plan",
        (
            Field("plan_name", required=True),
            Field("item", required=True, link="Item"),
            Field("currency", link="Currency"),
            Field("price_determination", required=True),
            Field("cost", "Currency"),
            Field("billing_interval", required=True),
            Field("billing_interval_count", "Int", required=True),
            Field("custom_offered", "Check", default=0),
            Field("custom_discount_percent", "Int", default=0),
            Field("custom_position", "Int", default=0),
            *NAMES,
        ),
        naming="field:plan_name",
    ),
)

SALES = (
    DocType(
        "Sales Order",
        (
            Field("customer", required=True, link="Customer"),
            Field("company", required=True, link="Company"),
            Field("currency", link="Currency"),
            Field("order_type"),
            Field("transaction_date", "Date", required=True),
            Field("delivery_date", "Date", required=True, on_submit=True),
            Field("ignore_pricing_rule", "Check"),
            Field("shipping_address_name", link="Address"),
            Field("items", "Table", required=True, child="Sales Order Item", on_submit=True),
            Field("custom_kind"),
            Field("custom_starts_at", "Datetime", on_submit=True),
            Field("custom_visit_status", on_submit=True),
            Field("custom_status_note", "Text", on_submit=True),
            Field("custom_ready_at", "Datetime", on_submit=True),
            Field("custom_minutes", "Int"),
            Field("custom_channel"),
            Field("custom_subscription", link="Subscription"),
            *VISIT,
        ),
        naming="series",
        prefix="SAL-ORD-2026-",
        submittable=True,
    ),
    DocType(
        "Subscription",
        (
            Field("party_type", required=True),
            Field("party", required=True, link="Customer"),
            Field("company", link="Company"),
            Field("start_date", "Date"),
            Field("submit_invoice", "Check"),
            Field("plans", "Table", required=True, child="Subscription Plan Detail"),
            *VISIT,
        ),
        naming="series",
        prefix="ACC-SUB-2026-",
    ),
)

MASTERS = tuple(
    simple(name)
    for name in ("Company", "Currency", "Country", "Customer Group", "Territory", "Language", "Item Group", "UOM")
)

DOCTYPES = {one.name: one for one in (*CHILDREN, *PARTIES, *CATALOGUE, *SALES, *MASTERS)}
