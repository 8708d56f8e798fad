"""What is on offer: services and plans by name in any language, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ramah.integrations.erp.document import VehicleSize
from ramah.integrations.erp.port import PlanItem, ServiceItem, ServicePrice
from ramah.lib.wording import money

FUZZY_SCORE = 88
FUZZY_SCORE_EXPECTED = 78
SHORTEST_FUZZY = 5
WORD_SCORE = 78
TOGETHER_SCORE = 90
CURRENCIES = {"ID": "IDR", "MY": "MYR"}


def in_language(texts: dict[str, str], language: str) -> str:
    """The text of a language, or the nearest one there is."""
    for wanted in (language, "id" if language == "ms" else "ms", "en", "id"):
        if texts.get(wanted):
            return texts[wanted]
    return next(iter(texts.values()), "")


def normal(text: str) -> str:
    """Lower-case words separated by single spaces."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


@dataclass(frozen=True)
class Catalogue:
    """Services and plans of one organisation, in display order."""

    services: tuple[ServiceItem, ...]
    plans: tuple[PlanItem, ...]

    def service(self, code: str | None) -> ServiceItem | None:
        """The service of this code."""
        return next((item for item in self.services if item.code == code), None)

    def plan(self, code: str | None) -> PlanItem | None:
        """The plan of this code."""
        return next((item for item in self.plans if item.code == code), None)

    def find_services(self, text: str, *, expected: bool = False) -> list[ServiceItem]:
        """Services that a text names, best first; several when the words fit several equally.

        ``expected`` means that the service was just asked, so a looser likeness counts.
        """
        words = normal(text)
        if not words:
            return []
        if spoken := self._spoken(words):
            return spoken
        if expected and (beginning := self._containing(words)):
            return beginning
        return self._like(words, FUZZY_SCORE_EXPECTED if expected else FUZZY_SCORE)

    def _spoken(self, words: str) -> list[ServiceItem]:
        """Services named in full. A name within a longer one is not meant, nor is one word ("service") beside more."""
        named = [(name, item) for item in self.services for name in _names(item) if f" {name} " in f" {words} "]
        heard = {name for name, _ in named}
        whole = [(n, item) for n, item in named if not any(f" {n} " in f" {other} " for other in heard - {n})]
        return _unique(item for name, item in whole if " " in name) or _unique(item for _, item in whole)

    def _containing(self, words: str) -> list[ServiceItem]:
        """Services whose names hold these words, as somebody answers who shortens a name."""
        return [item for item in self.services if any(f" {words} " in f" {name} " for name in _names(item))]

    def _like(self, words: str, score: int) -> list[ServiceItem]:
        names = {name: item for item in self.services for name in _names(item) if len(name) >= SHORTEST_FUZZY}
        if len(words) < SHORTEST_FUZZY:
            return []
        found = process.extract(words, names.keys(), scorer=_likeness, score_cutoff=score, limit=5)
        best = max((hit[1] for hit in found), default=0)
        return _unique(names[hit[0]] for hit in found if hit[1] >= best - 1)

    def find_plan(self, text: str, kind: str | None) -> PlanItem | None:
        """The plan that a text or a rhythm word (weekly, fortnightly, monthly) names."""
        words = f" {normal(text)} "
        for item in self.plans:
            if item.code == kind or any(f" {normal(name)} " in words for name in item.names.values()):
                return item
        return None

    def price(self, service: ServiceItem, country: str, size: str | None) -> ServicePrice | None:
        """The price of a visit in a country; without a size, the lowest ("from")."""
        priced = [price for price in service.prices if price.currency == CURRENCIES[country]]
        fitting = [price for price in priced if size in (price.size, None) or price.size is VehicleSize.ANY]
        return min(fitting, key=lambda price: price.amount_minor, default=None)


def with_discount(amount_minor: int, percent: int) -> int:
    """The price of one visit after a plan's discount, rounded down to the minor unit."""
    return amount_minor * (100 - percent) // 100


def price_text(price: ServicePrice | None, language: str) -> str:
    """The price as people write it, or a dash where there is none."""
    return money(price.amount_minor, price.currency, language) if price else "-"


def _likeness(query: str, name: str, **_: object) -> float:
    """How like the name is to the words of a message that come nearest to it, or to one word written together."""
    spoken, wanted = query.split(), name.split()
    together = max((fuzz.ratio(word, "".join(wanted), score_cutoff=TOGETHER_SCORE) for word in spoken), default=0.0)
    windows = [spoken[start : start + len(wanted)] for start in range(len(spoken) - len(wanted) + 1)]
    # Each word must be like its own: "cuci mobil" is nearly "ac mobil" by letters alone.
    fitting = [w for w in windows if all(fuzz.ratio(*pair) >= WORD_SCORE for pair in zip(w, wanted, strict=True))]
    return max([together, *(fuzz.ratio(" ".join(window), name) for window in fitting)])


def _names(item: ServiceItem) -> set[str]:
    return {normal(name) for name in (*item.names.values(), *item.aliases, item.code) if normal(name)}


def _unique(items: Iterable[ServiceItem]) -> list[ServiceItem]:
    return list({item.code: item for item in items}.values())
