"""What every ERP adapter must do, whatever is behind it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from ramah.integrations.erp.document import BookingReceipt, CustomerPart, PricePart, VehiclePart, VehicleSize
from ramah.integrations.errors import Conflict
from tests.contract.erp.documents import AVANZA, BUDI, HOME, JAKARTA, TEN, booking, offered
from tests.contract.erp.harness import ErpUnderTest

HARD_NAMES = (
    'O\'Brien "Bob"',
    "<b>Budi</b> & <script>alert(1)</script>",
    "Robert'); DROP TABLE students;--",
    "محمد بن عبد الله",
    "Siti/Aminah #1 50% + ?",
    "李小龍 🚗",
)


def together(count: int, work: Callable[[int], BookingReceipt | Conflict]) -> list[BookingReceipt | Conflict]:
    """Run the work in that many threads that start at the same moment."""
    gate = Barrier(count)

    def run(number: int) -> BookingReceipt | Conflict:
        gate.wait(timeout=10)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_it_proves_that_the_credentials_work(subject: ErpUnderTest) -> None:
    subject.erp.check()


def test_it_lists_services_with_names_and_a_price_for_every_size_and_currency(subject: ErpUnderTest) -> None:
    service = offered(subject)
    assert set(service.names) == {"id", "ms", "en"}
    assert service.minutes > 0
    sizes = {VehicleSize.SMALL, VehicleSize.MEDIUM, VehicleSize.LARGE}
    assert {(one.size, one.currency) for one in service.prices} >= {(s, c) for s in sizes for c in ("IDR", "MYR")}
    assert all(one.amount_minor > 0 for one in service.prices)


def test_it_lists_each_service_and_plan_once(subject: ErpUnderTest) -> None:
    services = [one.code for one in subject.erp.services()]
    plans = [one.code for one in subject.erp.plans()]
    assert services
    assert plans
    assert len(services) == len(set(services))
    assert len(plans) == len(set(plans))


@pytest.mark.parametrize("place", ["home", "outlet"])
def test_it_books_a_single_visit(subject: ErpUnderTest, place: str) -> None:
    document = booking(subject, place="home" if place == "home" else "outlet")
    receipt = subject.erp.book(document, capacity=1)
    assert receipt.booking_id == document.booking_id
    assert receipt.erp_name
    assert not receipt.repeated
    assert (subject.count_customers(), subject.count_visits(), subject.count_subscriptions()) == (1, 1, 0)


def test_it_books_a_subscription_with_its_first_visit(subject: ErpUnderTest) -> None:
    document = booking(subject, kind="subscription", place="home")
    receipt = subject.erp.book(document, capacity=1)
    assert not receipt.repeated
    assert (subject.count_visits(), subject.count_subscriptions()) == (1, 1)
    assert [one.booking_id for one in subject.erp.taken(subject.outlet_code, TEN.date(), JAKARTA.key)] == [
        document.booking_id
    ]


def test_it_books_without_a_vehicle(subject: ErpUnderTest) -> None:
    subject.erp.book(booking(subject, vehicle=None), capacity=1)
    known = subject.erp.find_customer(BUDI.phone)
    assert known is not None
    assert known.vehicles == ()


def test_it_books_in_ringgit_to_the_sen(subject: ErpUnderTest) -> None:
    document = booking(subject, price=PricePart(currency="MYR", amount_minor=4_990))
    assert subject.erp.book(document, capacity=1).booking_id == document.booking_id
    assert subject.count_visits() == 1


@pytest.mark.parametrize("kind", ["one_time", "subscription"])
def test_it_answers_a_repetition_with_the_first_receipt(subject: ErpUnderTest, kind: str) -> None:
    document = booking(subject, kind="subscription" if kind == "subscription" else "one_time", place="home")
    first = subject.erp.book(document, capacity=1)
    second = subject.erp.book(document, capacity=1)
    assert second.repeated
    assert (second.erp_name, second.erp_doctype) == (first.erp_name, first.erp_doctype)
    assert (subject.count_customers(), subject.count_visits()) == (1, 1)
    assert subject.count_subscriptions() == (1 if kind == "subscription" else 0)


@pytest.mark.parametrize("kind", ["one_time", "subscription"])
def test_it_books_once_when_twenty_threads_race_with_one_booking(subject: ErpUnderTest, kind: str) -> None:
    document = booking(subject, kind="subscription" if kind == "subscription" else "one_time", place="home")
    receipts = [one for one in together(20, lambda _: subject.erp.book(document, 20)) if not isinstance(one, Conflict)]
    assert len(receipts) == 20
    assert len({one.erp_name for one in receipts}) == 1
    assert sum(not one.repeated for one in receipts) == 1
    assert (subject.count_customers(), subject.count_visits()) == (1, 1)
    assert subject.count_subscriptions() == (1 if kind == "subscription" else 0)


@pytest.mark.parametrize("capacity", [1, 2])
def test_it_never_books_more_than_the_capacity_when_customers_race(subject: ErpUnderTest, capacity: int) -> None:
    rivals = [
        booking(subject, customer=BUDI.model_copy(update={"phone": f"+62812345678{number:02d}"})) for number in range(8)
    ]

    def book(number: int) -> BookingReceipt | Conflict:
        try:
            return subject.erp.book(rivals[number], capacity)
        except Conflict as conflict:
            return conflict

    outcomes = together(len(rivals), book)
    assert sum(not isinstance(one, Conflict) for one in outcomes) == capacity
    assert subject.count_visits() == capacity


def test_it_finds_a_returning_customer_with_cars_and_addresses(subject: ErpUnderTest) -> None:
    assert subject.erp.find_customer(BUDI.phone) is None
    subject.erp.book(booking(subject, place="home"), capacity=1)
    known = subject.erp.find_customer(BUDI.phone)
    assert known is not None
    assert (known.first_name, known.last_name, known.phone) == ("Budi", "Santoso", BUDI.phone)
    assert known.vehicles == (AVANZA,)
    assert known.addresses == (HOME,)


def test_it_keeps_every_part_of_an_address_and_the_colour_of_a_car(subject: ErpUnderTest) -> None:
    parts = {"unit": "RT 03/RW 05", "neighbourhood": "Cilandak Barat", "district": "Cilandak"}
    shared = HOME.model_copy(update={**parts, "latitude": -6.291234, "longitude": 106.800123})
    white = AVANZA.model_copy(update={"colour": "putih"})
    subject.erp.book(booking(subject, place="home", address=shared, vehicle=white), capacity=1)
    known = subject.erp.find_customer(BUDI.phone)
    assert known is not None
    assert (known.addresses, known.vehicles) == ((shared,), (white,))


def test_it_adds_a_second_car_but_no_second_customer(subject: ErpUnderTest) -> None:
    brio = VehiclePart(make="Honda", model="Brio", year=2022, plate="B 77 KL", size=VehicleSize.SMALL)
    subject.erp.book(booking(subject, place="home"), capacity=1)
    subject.erp.book(booking(subject, place="home", vehicle=brio, starts_at=TEN + timedelta(days=1)), capacity=1)
    subject.erp.book(booking(subject, place="home", vehicle=brio, starts_at=TEN + timedelta(days=2)), capacity=1)
    known = subject.erp.find_customer(BUDI.phone)
    assert known is not None
    assert set(known.vehicles) == {AVANZA, brio}
    assert known.vehicles[0] == brio
    assert known.addresses == (HOME,)
    assert (subject.count_customers(), subject.count_visits()) == (1, 3)


def test_it_notes_a_corrected_name(subject: ErpUnderTest) -> None:
    subject.erp.book(booking(subject), capacity=1)
    corrected = BUDI.model_copy(update={"first_name": "Boedi", "last_name": None})
    subject.erp.book(booking(subject, customer=corrected, starts_at=TEN + timedelta(days=1)), capacity=1)
    known = subject.erp.find_customer(BUDI.phone)
    assert known is not None
    assert (known.first_name, known.last_name) == ("Boedi", None)
    assert subject.count_customers() == 1


def test_it_knows_no_customer_by_a_similar_number(subject: ErpUnderTest) -> None:
    subject.erp.book(booking(subject), capacity=1)
    assert subject.erp.find_customer("+6281234567891") is None
    assert subject.erp.find_customer("+60123456789") is None


@pytest.mark.parametrize("name", HARD_NAMES)
def test_it_keeps_names_letter_for_letter(subject: ErpUnderTest, name: str) -> None:
    person = CustomerPart(first_name=name, last_name=name[::-1], phone="+60123456789", language="ms")
    car = AVANZA.model_copy(update={"make": name})
    subject.erp.book(booking(subject, customer=person, vehicle=car), capacity=1)
    subject.erp.book(booking(subject, customer=person, vehicle=car, starts_at=TEN + timedelta(days=1)), capacity=1)
    known = subject.erp.find_customer(person.phone)
    assert known is not None
    assert (known.first_name, known.last_name) == (name, name[::-1])
    assert [one.make for one in known.vehicles] == [name]


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Kuala_Lumpur", "UTC", "Pacific/Auckland"])
def test_it_shows_taken_times_as_instants_of_the_local_day(subject: ErpUnderTest, zone: str) -> None:
    starts = datetime(2030, 3, 4, 23, 30, tzinfo=ZoneInfo(zone))
    document = booking(subject, starts_at=starts, timezone=zone)
    subject.erp.book(document, capacity=1)
    [taken] = subject.erp.taken(subject.outlet_code, date(2030, 3, 4), zone)
    assert taken.starts_at == starts
    assert taken.starts_at.utcoffset() == timedelta(0)
    assert (taken.booking_id, taken.place, taken.minutes) == (document.booking_id, "outlet", document.minutes)
    assert subject.erp.taken(subject.outlet_code, date(2030, 3, 6), zone) == []
    assert subject.erp.taken(subject.outlet_code, date(2030, 3, 2), zone) == []
    assert subject.erp.taken("ELSEWHERE", date(2030, 3, 4), zone) == []


def test_it_shows_a_visit_that_crosses_midnight_on_both_days(subject: ErpUnderTest) -> None:
    document = booking(subject, starts_at=datetime(2030, 3, 4, 23, 45, tzinfo=JAKARTA), minutes=45)
    subject.erp.book(document, capacity=1)
    for day in (date(2030, 3, 4), date(2030, 3, 5)):
        [taken] = subject.erp.taken(subject.outlet_code, day, JAKARTA.key)
        assert taken.booking_id == document.booking_id


def test_it_counts_what_overlaps_at_one_moment(subject: ErpUnderTest) -> None:
    for minutes_later in (0, 30):
        subject.erp.book(booking(subject, minutes=30, starts_at=TEN + timedelta(minutes=minutes_later)), capacity=1)
    subject.erp.book(booking(subject, minutes=60), capacity=2)
    with pytest.raises(Conflict):
        subject.erp.book(booking(subject, minutes=60), capacity=2)


def test_it_refuses_a_time_that_is_taken(subject: ErpUnderTest) -> None:
    first = booking(subject)
    subject.erp.book(first, capacity=1)
    overlapping = TEN + timedelta(minutes=first.minutes - 1)
    with pytest.raises(Conflict):
        subject.erp.book(booking(subject, starts_at=overlapping), capacity=1)
    with pytest.raises(Conflict):
        subject.erp.book(booking(subject, starts_at=TEN - timedelta(minutes=1)), capacity=1)
    assert subject.count_visits() == 1


def test_it_books_beside_what_does_not_overlap(subject: ErpUnderTest) -> None:
    first = booking(subject)
    subject.erp.book(first, capacity=1)
    subject.erp.book(booking(subject, starts_at=TEN + timedelta(minutes=first.minutes)), capacity=1)
    subject.erp.book(booking(subject, place="home"), capacity=1)
    subject.erp.book(booking(subject, outlet_code="BDG-01"), capacity=1)
    subject.erp.book(booking(subject), capacity=2)
    assert subject.count_visits() == 5


def test_it_repeats_a_booking_even_when_its_time_is_full(subject: ErpUnderTest) -> None:
    document = booking(subject)
    subject.erp.book(document, capacity=1)
    assert subject.erp.book(document, capacity=1).repeated


def test_it_finds_a_booking_again(subject: ErpUnderTest) -> None:
    document = booking(subject, kind="subscription")
    receipt = subject.erp.book(document, capacity=1)
    found = subject.erp.find_booking(document.booking_id)
    assert found is not None
    assert found.repeated
    assert (found.erp_name, found.erp_doctype) == (receipt.erp_name, receipt.erp_doctype)
    assert found.created_at is not None
    assert found.created_at.tzinfo is not None


def test_it_finds_no_booking_that_was_never_made(subject: ErpUnderTest) -> None:
    assert subject.erp.find_booking("00000000-0000-4000-8000-000000000000") is None
