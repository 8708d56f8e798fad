"""Whether what the assistant holds is what the customer meant: the summary as read, and the document in the ERP."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.customers.goals import HOME, Goal, stock
from benchmarks.customers.phrasebook import phrasebook
from ramah.cli.chat_seats import Bubble
from ramah.lib.wording import long_date

SERVICE_NAMES = "names"
_STREET_WORDS = {"jl": "jalan", "jln": "jalan", "no": "", "nomor": "", "nombor": ""}

SHORTEST_SENTENCE = 10
"""Letters; "Oke, Kak." may come twice."""
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")


def faults_of(reply: Sequence[Bubble], language: str) -> list[str]:
    """What no reply to one message may be: empty, twice the same sentence, or in another language."""
    faults = ["an empty reply" for one in reply if not (one.text.strip() or one.image_url)]
    sentences = Counter(sentence for one in reply for sentence in _sentences(one.text))
    faults += [f"said twice: {sentence}" for sentence, times in sentences.items() if times > 1]
    # What fits a response of each language, or of none, tells nothing.
    spoken = [(one.text, phrasebook().languages_of(one.text)) for one in reply]
    return faults + [f"not in {language}: {text}" for text, found in spoken if found and language not in found]


def _sentences(text: str) -> list[str]:
    found = (" ".join(part.split()).casefold() for part in _SENTENCE_END.split(text))
    return [sentence for sentence in found if sum(sign.isalpha() for sign in sentence) >= SHORTEST_SENTENCE]


def plain_street(text: str) -> str:
    """A street without spelling: ``Jl. Melati No.5`` and ``jalan melati 5`` are the same."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join(filter(None, (_STREET_WORDS.get(word, word) for word in words)))


def wrong_in_summary(shown: Mapping[str, str], language: str, goal: Goal) -> list[str]:
    """Topics that a careful customer finds wrong when reading the summary."""
    names = {name.casefold() for name in stock()["services"][goal.service][SERVICE_NAMES]}
    right = {
        "service": shown.get("service", "").casefold() in names,
        "name": shown.get("name", "").casefold() == goal.name.casefold(),
        "phone": shown.get("phone") == goal.phone,
        "car": shown.get("car", "").casefold() == f"{goal.make} {goal.model} {goal.year}".casefold(),
        "plate": shown.get("plate") == goal.plate,
        "address" if goal.place == HOME else "place": _is_place(shown.get("place", ""), goal),
        "date": shown.get("date") == long_date(goal.day, language),
        "time": shown.get("time") == goal.at.strftime("%H:%M"),
        "kind": ("plan" in shown) == (goal.plan is not None),
    }
    return [topic for topic, is_right in right.items() if not is_right]


def _is_place(shown: str, goal: Goal) -> bool:
    if goal.place != HOME:
        return str(stock()["cities"][goal.outlet]) in shown
    parts = (goal.city.casefold() in shown.casefold(), goal.postcode in shown)
    return all(parts) and plain_street(goal.street) in plain_street(shown)


def wrong_in_document(document: Mapping[str, Any], goal: Goal) -> dict[str, tuple[Any, Any]]:
    """Fields of the ERP's document that are not what was wanted: name → (wanted, found)."""
    wanted, found = _wanted(goal), _flat(document)
    return {name: (value, found.get(name)) for name, value in wanted.items() if found.get(name) != value}


def _wanted(goal: Goal) -> dict[str, Any]:
    wanted = {
        "service_code": goal.service,
        "kind": "subscription" if goal.plan else "one_time",
        "plan": goal.plan,
        "place": goal.place,
        "outlet_code": goal.outlet,
        "starts_at": f"{goal.day.isoformat()}T{goal.at:%H:%M}",
        "first_name": goal.first_name,
        "last_name": goal.last_name,
        "phone": goal.phone,
        "make": goal.make,
        "model": goal.model,
        "year": goal.year,
        "plate": goal.plate,
    }
    if goal.place != HOME:
        return wanted
    address = {"street": plain_street(goal.street), "city": goal.city.casefold(), "postcode": goal.postcode}
    return wanted | address | ({"landmark": goal.landmark.casefold()} if goal.landmark else {})


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    address = document.get("address") or {}
    flat = {name: document.get(name) for name in ("service_code", "kind", "place", "outlet_code")}
    return flat | {
        **{name: (document.get("customer") or {}).get(name) for name in ("first_name", "last_name", "phone")},
        **{name: (document.get("vehicle") or {}).get(name) for name in ("make", "model", "year", "plate")},
        "plan": (document.get("plan") or {}).get("code"),
        "starts_at": str(document.get("starts_at"))[:16],
        "street": plain_street(address.get("street") or ""),
        "city": (address.get("city") or "").casefold(),
        "postcode": address.get("postcode"),
        "landmark": (address.get("landmark") or "").casefold(),
    }
