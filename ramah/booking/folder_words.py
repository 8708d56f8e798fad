"""Words with which customers move between their unfinished bookings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ramah.booking.catalogue import in_language, normal
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.extract.moment import find_dates
from ramah.booking.extract.vehicle import find_vehicle
from ramah.booking.folders import Folders
from ramah.booking.heard import Heard

ANOTHER_INTENT, SWITCH_INTENT = "another_booking", "switch_booking"

_ANOTHER = re.compile(
    r"\b(booking|bookingan|tempah|tempahan|order|pesan|pesanan|cuci|wash|servis|service|mobil|kereta|car|appointment)\b"
    r".{0,25}\b(satu lagi|1 lagi|lagi satu|satunya (juga|lagi)|yang satunya juga|another one|one more|lain juga)\b"
    r"|\b(satu lagi|1 lagi|lagi satu|one more|another|second)\b.{0,12}"
    r"\b(booking|tempahan|order|pesanan|appointment|wash|cuci|mobil|kereta|car)\b"
    r"|\b(booking|tempahan|pesanan) (baru|new)\b|\bnew booking\b|\btambah (satu )?(booking|tempahan|mobil|kereta)\b",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"\b(balik|kembali|pindah|lanjut|lanjutin|lanjutkan|sambung|terus(kan)?|tukar|back|switch|continue|resume|go on)\b"
    r".{0,14}\b(ke|yang|yg|yang satu|booking|tempahan|with|to|dengan|dgn|the)\b"
    r"|\b(yang|yg)\b.{1,30}\b(tadi|kemarin|kmrn|semalam|dulu|itu dulu)\b"
    r"|\b(yang|yg) (satunya|lain|lagi satu|sebelumnya|pertama|kedua)\b"
    r"|\bthe (other|first|second|previous|earlier) (one|booking)\b|\bthe .{1,25} (one|booking)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(semua|semuanya|all|everything|dua-duanya|kedua-duanya|both)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(pertama|first)\b", re.IGNORECASE)
_LATEST = re.compile(r"\b(kedua|second|terakhir|last|latest)\b", re.IGNORECASE)


def wants_another(heard: Heard) -> bool:
    """Whether a further booking is wanted, beside the one that is open."""
    if heard.tap is not None or heard.intent in ("correct", "deny", "cancel"):
        return False
    return heard.intent == ANOTHER_INTENT or names_another(heard)


def names_another(heard: Heard) -> bool:
    """Whether the words themselves speak of a further booking."""
    return bool(_ANOTHER.search(heard.text))


def wants_all(heard: Heard) -> bool:
    """Whether all bookings are meant."""
    return bool(_ALL.search(heard.text))


@dataclass(frozen=True)
class Switch:
    """Which drafts a message may mean; several where it does not say enough, none where it names none of them."""

    candidates: tuple[DraftView, ...]


def switch_in(heard: Heard, folders: Folders, context: BookingContext) -> Switch | None:
    """The switch that a message asks for, or None when it asks for none."""
    if heard.tap is not None or not folders.parked or heard.intent in ("correct", "cancel", "deny"):
        return None
    if heard.intent != SWITCH_INTENT and not _SWITCH.search(heard.text):
        return None
    named = named_drafts(heard.text, folders, context)
    parked = tuple(draft for draft in named if not draft.current)
    if named and not parked and heard.intent != SWITCH_INTENT:
        return None
    if heard.intent != SWITCH_INTENT and not parked:
        # "lanjut" and "the blue one" alone say nothing of another booking.
        return None
    return Switch(_by_order(heard.text, folders) or parked or folders.parked)


def named_drafts(text: str, folders: Folders, context: BookingContext) -> tuple[DraftView, ...]:
    """The open drafts whose car, plate, service or date a text names; of several, those it names most fully."""
    scores = {draft.id: _score(text, draft, context) for draft in folders.open}
    best = max(scores.values(), default=0)
    return tuple(draft for draft in folders.open if best and scores[draft.id] == best)


def _score(text: str, draft: DraftView, context: BookingContext) -> int:
    words, facts = f" {normal(text)} ", draft.facts
    car = find_vehicle(text, this_year=context.now.year)
    said = [facts.get("car_model", ""), facts.get("car_plate", ""), draft.reference]
    score = sum(2 for value in said if value and f" {normal(value)} " in words)
    if car and car.model and car.model == facts.get("car_model"):
        score = max(score, 2)
    days = [found.value.isoformat() for found in find_dates(text, context.local_now(None))]
    score += 2 * (facts.get("appointment_date") in days)
    return score + _service_score(words, text, facts.get("service"), context)


def _service_score(words: str, text: str, code: str | None, context: BookingContext) -> int:
    service = context.catalogue.service(code)
    if service is None:
        return 0
    found = context.catalogue.find_services(text)
    if [item.code for item in found] == [service.code]:
        return 2
    name_words = set(normal(in_language(service.names, context.language)).split())
    return int(service in found or any(f" {word} " in words for word in name_words if len(word) > 2))


def _by_order(text: str, folders: Folders) -> tuple[DraftView, ...]:
    if _FIRST.search(text):
        return (folders.open[0],)
    return (folders.open[-1],) if _LATEST.search(text) else ()
