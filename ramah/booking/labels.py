"""How a draft is called, so that customer and assistant mean the same one: its service and its car or date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ramah.booking.catalogue import in_language
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import STEPS, missing_steps
from ramah.booking.field_names import field_list, field_name, value_name
from ramah.booking.folders import Folders
from ramah.booking.heard import Tap
from ramah.booking.known import KnownCustomer
from ramah.booking.taps import PROPOSAL, proposed_by
from ramah.lib.wording import short_date


def label(draft: DraftView, context: BookingContext) -> str:
    """``Cuci Premium · Avanza``; with the date where no car is named, with the reference where nothing is."""
    service = context.catalogue.service(draft.facts.get("service"))
    name = in_language(service.names, context.language) if service else ""
    car, day = draft.facts.get("car_model", ""), draft.facts.get("appointment_date")
    second = car or (short_date(date.fromisoformat(day), context.language) if day else "")
    return " · ".join(part for part in (name, second) if part) or draft.reference


def labels(folders: Folders, context: BookingContext) -> dict[str, str]:
    """The label of each open draft by its id; where two would be called the same, the reference is added."""
    found = {draft.id: label(draft, context) for draft in folders.open}
    same = {text for text in found.values() if list(found.values()).count(text) > 1}
    references = {draft.id: draft.reference for draft in folders.open}
    return {one: f"{text} · {references[one]}" if text in same else text for one, text in found.items()}


def resume_words(draft: DraftView, context: BookingContext) -> dict[str, str]:
    """Variables of the responses that take a booking up again: what it is, and what is still missing."""
    facts = draft.facts
    day = facts.get("appointment_date")
    when = [short_date(date.fromisoformat(day), context.language) if day else "", facts.get("appointment_time", "")]
    shape = context.shape(context.catalogue.service(facts.get("service")))
    parts = (label(draft, context), facts.get("car_plate", ""), " ".join(part for part in when if part))
    shown = [part for part in parts if part and (part == parts[0] or part not in parts[0])]
    missing = field_list(missing_steps(facts, shape), context.language)
    return {
        "draft": draft.tag,
        "label": parts[0],
        "line": " · ".join(shown),
        "missing": missing or field_name("confirmation", context.language),
    }


def tap_words(tap: Tap, draft: DraftView, context: BookingContext, known: KnownCustomer) -> dict[str, str]:
    """Variables of the question whether a late tap is meant."""
    return {
        "label": label(draft, context),
        "reference": draft.reference,
        "field": _field_of(tap, draft, context),
        "value": proposal_values(tap, draft, context) or _shown(tap, context, known),
        "stale_draft": tap.draft,
        "stale_step": tap.step,
        "stale_value": tap.value,
    }


def _field_of(tap: Tap, draft: DraftView, context: BookingContext) -> str:
    if tap.step == PROPOSAL:
        return field_list(_told(proposed_by(tap, draft)), context.language)
    return field_name(tap.value if tap.step == "change" else tap.step, context.language)


def proposal_values(tap: Tap, draft: DraftView, context: BookingContext) -> str:
    """What was proposed, for people: the values alone, separated by commas; empty for any other tap."""
    facts = proposed_by(tap, draft)
    nothing = KnownCustomer({})
    return ", ".join(_shown(Tap(tap.draft, name, facts[name]), context, nothing) for name in _told(facts))


def _told(facts: Mapping[str, str]) -> list[str]:
    """The steps among them, without what another one says already."""
    implied = {"booking_kind": "plan", "place": "outlet"}
    return [name for name in STEPS if name in facts and implied.get(name) not in facts]


def _shown(tap: Tap, context: BookingContext, known: KnownCustomer) -> str:
    """What stood on the button."""
    service, plan = context.catalogue.service(tap.value), context.catalogue.plan(tap.value)
    outlet = context.outlet(tap.value)
    if tap.step == "service" and service:
        return in_language(service.names, context.language)
    if tap.step == "plan" and plan:
        return in_language(plan.names, context.language)
    if tap.step == "outlet" and outlet:
        return outlet.name
    if tap.step == "appointment_date":
        return short_date(date.fromisoformat(tap.value), context.language)
    if tap.step == "street" and tap.value.isdecimal() and int(tap.value) < len(known.addresses):
        return known.addresses[int(tap.value)].street
    if tap.step == "change":
        return field_name(tap.value, context.language)
    return value_name(tap.value, context.language) or tap.value
