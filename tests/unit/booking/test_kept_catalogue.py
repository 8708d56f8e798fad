"""The catalogue of another system is kept for a while; where a newer one does not come, only one customer waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from ramah.booking import erp_registry
from ramah.booking.catalogue import Catalogue
from ramah.booking.erp_registry import ASK_AGAIN, CATALOGUE_SECONDS, catalogue_of
from ramah.integrations.errors import Unavailable
from ramah.people import Organisation
from ramah.store import Database

NO_DATABASE = cast(Database, None)
OLD, NEW = Catalogue((), ()), Catalogue((), ())


class Site:
    """An ERP whose catalogue is read. ``asked`` counts how often."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: Callable[[], Catalogue] = lambda: OLD

    def read(self, _: object) -> Catalogue:
        self.asked += 1
        return self.answer()

    def is_away(self) -> None:
        def refuse() -> Catalogue:
            raise Unavailable("it does not answer")

        self.answer = refuse


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("ramah.booking.erp_registry.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site()
    monkeypatch.setattr(erp_registry, "_catalogues", {})
    monkeypatch.setattr(erp_registry, "_read_catalogue", found.read)
    monkeypatch.setattr(erp_registry, "erp_for", lambda *_: None)
    monkeypatch.setattr(erp_registry, "_report", lambda *_: None)
    return found


@pytest.fixture
def kilap() -> Organisation:
    return Organisation(id="kilap", slug="kilap", erp_kind="frappe", erp_access="sealed")


def test_an_older_catalogue_serves_while_one_customer_asks_for_a_newer_one(
    clock: list[float], site: Site, kilap: Organisation
) -> None:
    assert catalogue_of(NO_DATABASE, kilap) is OLD
    clock[0] += CATALOGUE_SECONDS + 1

    def while_it_is_read() -> Catalogue:
        assert catalogue_of(NO_DATABASE, kilap) is OLD  # another customer, at the same moment
        return NEW

    site.answer = while_it_is_read
    assert catalogue_of(NO_DATABASE, kilap) is NEW
    assert site.asked == 2


def test_an_erp_that_is_away_is_asked_now_and_then(clock: list[float], site: Site, kilap: Organisation) -> None:
    catalogue_of(NO_DATABASE, kilap)
    clock[0] += CATALOGUE_SECONDS + 1
    site.is_away()
    assert [catalogue_of(NO_DATABASE, kilap) for _ in range(5)] == [OLD] * 5
    assert site.asked == 2
    clock[0] += ASK_AGAIN + 1
    catalogue_of(NO_DATABASE, kilap)
    assert site.asked == 3


def test_without_any_catalogue_it_is_said_that_there_is_none(site: Site, kilap: Organisation) -> None:
    site.is_away()
    for _ in range(2):
        with pytest.raises(Unavailable):
            catalogue_of(NO_DATABASE, kilap)
    assert site.asked == 2
