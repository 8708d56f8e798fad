"""Subscriptions: the standing order beside the first visit's Sales Order."""

from __future__ import annotations

from ramah.integrations.erp.document import BookingDocument, PlanPart
from ramah.integrations.erp.frappe.client import FrappeClient
from ramah.integrations.erp.frappe.mapping import major, plan_name
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.erp.frappe.writes import Written, create_once
from ramah.integrations.errors import Rejected

INTERVALS = {"week": "Week", "month": "Month"}


def write_subscription(
    client: FrappeClient, access: FrappeAccess, document: BookingDocument, customer: str, vehicle: str | None
) -> Written:
    """Find or create the Subscription of this booking, keyed by its id."""
    if document.plan is None:
        raise Rejected("a subscription needs a plan")
    body: dict[str, object] = {
        "party_type": "Customer",
        "party": customer,
        "company": access.company_for(document.price.currency),
        "start_date": document.plan.start_date.isoformat(),
        "submit_invoice": 0,
        "plans": [{"plan": _write_plan(client, document, document.plan), "qty": 1}],
        "custom_reference": document.reference,
        "custom_outlet": document.outlet_code,
        "custom_place": document.place,
        "custom_vehicle": vehicle,
        "custom_customer_notes": document.notes,
        "custom_booking_document": document.model_dump_json(),
    }
    return create_once(client, "Subscription", document.booking_id, body)


def _write_plan(client: FrappeClient, document: BookingDocument, plan: PlanPart) -> str:
    """ERPNext bills what the plan says, so each service, price and rhythm has its own, made when first sold."""
    body = {
        "item": document.service_code,
        "currency": document.price.currency,
        "price_determination": "Fixed Rate",
        "cost": major(document.price.amount_minor, document.price.currency),
        "billing_interval": INTERVALS[plan.interval],
        "billing_interval_count": plan.interval_count,
        "custom_offered": 0,
    }
    return create_once(client, "Subscription Plan", plan_name(document, plan), body, field="plan_name").name
