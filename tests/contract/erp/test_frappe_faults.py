"""Frappe: each failure of the site becomes the right error; reads are repeated, the circuit opens and closes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine

from ramah.integrations.erp.frappe import FrappeErp
from ramah.integrations.errors import Conflict, CredentialsRefused, IntegrationError, Rejected, Unavailable
from ramah.integrations.http import Breakers, CircuitOpen, HttpLimits
from tests.contract.erp.conftest import QUICK, access_to
from tests.contract.erp.documents import BUDI, booking
from tests.contract.erp.harness import ErpUnderTest
from tests.fakes.frappe import FakeFrappe
from tests.fakes.frappe.faults import Kind

PERMANENT = True
EXPECTED: dict[Kind, tuple[type[IntegrationError], bool]] = {
    "unauthorized": (CredentialsRefused, PERMANENT),
    "forbidden": (CredentialsRefused, PERMANENT),
    "timestamp_mismatch": (Conflict, PERMANENT),
    "duplicate": (Conflict, PERMANENT),
    "locked": (Unavailable, not PERMANENT),
    "rate_limited": (Unavailable, not PERMANENT),
    "rate_limited_old": (Unavailable, not PERMANENT),
    "maintenance": (Unavailable, not PERMANENT),
    "bad_gateway": (Unavailable, not PERMANENT),
    "server_error": (Unavailable, not PERMANENT),
    "deadlock": (Unavailable, not PERMANENT),
    "garbage": (Unavailable, not PERMANENT),
    "drop": (Unavailable, not PERMANENT),
}
REPEATED: tuple[Kind, ...] = ("maintenance", "bad_gateway", "server_error", "deadlock", "drop")


@pytest.mark.parametrize("with_exc_type", [True, False])
@pytest.mark.parametrize("kind", sorted(EXPECTED))
def test_a_failed_read_raises_the_right_error(
    fake: FakeFrappe, site: ErpUnderTest, kind: Kind, *, with_exc_type: bool
) -> None:
    fake.with_exc_type = with_exc_type
    fake.fail_next(kind, times=3)
    expected, permanent = EXPECTED[kind]
    with pytest.raises(expected) as caught:
        site.erp.find_customer(BUDI.phone)
    assert caught.value.permanent is permanent
    assert "<" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert fake.api_secret not in str(caught.value)


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden", "locked", "rate_limited", "maintenance", "deadlock"])
def test_a_refused_write_raises_the_right_error_and_is_sent_once(
    fake: FakeFrappe, site: ErpUnderTest, kind: Kind
) -> None:
    document = booking(site)
    fake.fail_next(kind, times=3, method="POST", path="/api/resource/Sales Order")
    with pytest.raises(EXPECTED[kind][0]):
        site.erp.book(document, capacity=1)
    sent = [one for one in fake.requests if one.method == "POST" and one.path.endswith("Sales Order")]
    assert len(sent) == 1
    assert fake.count("Sales Order") == 0


@pytest.mark.parametrize("kind", REPEATED)
def test_it_repeats_a_read_until_the_site_answers(fake: FakeFrappe, site: ErpUnderTest, kind: Kind) -> None:
    fake.fail_next(kind, times=2)
    assert site.erp.find_booking("00000000-0000-4000-8000-000000000000") is None
    assert len(fake.requests) == 3


def test_it_gives_up_a_read_after_three_attempts(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.fail_next("maintenance", times=10)
    with pytest.raises(Unavailable):
        site.erp.plans()
    assert len(fake.requests) == 3


def test_it_passes_on_how_long_the_site_wants_it_to_wait(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.fail_next("rate_limited", times=10)
    with pytest.raises(Unavailable) as caught:
        site.erp.plans()
    assert caught.value.retry_after == 30
    assert len(fake.requests) == 1


def test_a_wrong_key_is_refused(fake: FakeFrappe, site: ErpUnderTest) -> None:
    fake.api_secret = "another"
    with pytest.raises(CredentialsRefused):
        site.erp.check()


@pytest.mark.parametrize("call", [lambda erp: erp.check(), lambda erp: erp.services()])
def test_an_old_site_that_takes_a_wrong_key_for_a_guest_is_refused(
    fake: FakeFrappe, site: ErpUnderTest, call: Callable[[FrappeErp], object]
) -> None:
    fake.api_secret, fake.old_mode = "another", True
    with pytest.raises(CredentialsRefused):
        call(site.erp)  # type: ignore[arg-type]  # the fixture's adapter is Frappe


def test_a_site_that_nobody_serves_is_unavailable() -> None:
    with FakeFrappe() as fake:
        access = access_to(fake)
    with closing(FrappeErp(access, Breakers())) as erp, pytest.raises(Unavailable):
        erp.plans()


@pytest.mark.parametrize("kind", ["hang", "trickle"])
def test_it_stops_waiting_for_a_slow_site(fake: FakeFrappe, kind: Kind) -> None:
    hasty = HttpLimits(read=0.2, total=0.5, attempts=1)
    fake.fail_next(kind)
    with closing(FrappeErp(access_to(fake, hasty), Breakers())) as erp, pytest.raises(Unavailable):
        erp.services()


def test_the_circuit_opens_after_outages_and_closes_again(fake: FakeFrappe) -> None:
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 3, "breaker_seconds": 30.0})
    with closing(FrappeErp(access_to(fake, limits), Breakers())) as erp, time_machine.travel(1_900_000_000) as clock:
        fake.fail_next("maintenance", times=3)
        for _ in range(3):
            with pytest.raises(Unavailable):
                erp.plans()
        fake.requests.clear()
        with pytest.raises(CircuitOpen):
            erp.plans()
        assert fake.requests == []
        clock.shift(timedelta(seconds=31))
        assert len(erp.plans()) == 3
        assert len(erp.plans()) == 3


def test_a_failed_probe_opens_the_circuit_at_once(fake: FakeFrappe) -> None:
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 2, "breaker_seconds": 30.0})
    with closing(FrappeErp(access_to(fake, limits), Breakers())) as erp, time_machine.travel(1_900_000_000) as clock:
        fake.fail_next("drop", times=3)
        for wait in (0, 0, 31):
            clock.shift(timedelta(seconds=wait))
            with pytest.raises(Unavailable):
                erp.plans()
        assert len(fake.requests) == 3
        with pytest.raises(CircuitOpen):
            erp.plans()


def test_refusals_do_not_open_the_circuit(fake: FakeFrappe) -> None:
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 2})
    fake.fail_next("forbidden", times=5)
    with closing(FrappeErp(access_to(fake, limits), Breakers())) as erp:
        for _ in range(5):
            with pytest.raises(CredentialsRefused):
                erp.plans()
        assert len(erp.plans()) == 3


def test_a_document_that_the_site_finds_invalid_is_rejected_with_its_words(
    fake: FakeFrappe, site: ErpUnderTest
) -> None:
    document = booking(site, place="home")
    fake.store.drop_field("Address", "city")
    fake.store.delete("Country", "Indonesia")
    with pytest.raises(Rejected, match="Could not find country: Indonesia"):
        site.erp.book(document, capacity=1)
