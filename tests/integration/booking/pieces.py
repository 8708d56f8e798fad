"""What customers of each language say of a whole booking, piece by piece; each piece stands by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.integration.booking.customer import Customer


@dataclass(frozen=True)
class Piece:
    """One message and the closed-class entities that the engine finds in it."""

    text: str
    entities: dict[str, str] = field(default_factory=dict)


INDONESIAN_HOME = (
    Piece("mau cuci premium dong kak"),
    Piece("sekali aja", {"kind": "one_time"}),
    Piece("nama saya Budi Santoso"),
    Piece("nomor saya 0812-3456-7890"),
    Piece("Avanza 2019 B 1234 XYZ"),
    Piece("di rumah aja, Jl. Melati No 5 Depok 16415", {"place": "home"}),
    Piece("besok jam 10 pagi"),
)
MALAY_OUTLET = (
    Piece("nak cuci dalaman"),
    Piece("sekali sahaja", {"kind": "one_time"}),
    Piece("nama saya Ahmad Faizal bin Osman"),
    Piece("telefon 012-345 6789"),
    Piece("Myvi 2020 VBC 1234"),
    Piece("di cawangan Johor Bahru", {"place": "outlet"}),
    Piece("Jumaat ni pukul 3 petang"),
)
ENGLISH_SUBSCRIPTION = (
    Piece("basic wash please"),
    Piece("every week", {"plan": "weekly", "kind": "subscription"}),
    Piece("my name is John Tan"),
    Piece("my number is +60123456789"),
    Piece("Honda City 2018 WXY 1234"),
    Piece("at home, 12 Jalan Ampang, Kuala Lumpur 50450", {"place": "home"}),
    Piece("Friday at 2pm"),
)
WHOLE = {"id": INDONESIAN_HOME, "ms": MALAY_OUTLET, "en": ENGLISH_SUBSCRIPTION}

ALL_AT_ONCE = Piece(
    "saya Budi Santoso 0812-3456-7890, mau cuci premium buat Avanza 2019 B 1234 XYZ "
    "di rumah Jl. Melati No 5 Depok 16415 besok jam 10 pagi",
    {"place": "home", "kind": "one_time"},
)


def tell(customer: Customer, *pieces: Piece) -> Customer:
    """Say the pieces one after the other."""
    for piece in pieces:
        customer.says(piece.text, **piece.entities)
    return customer


def at_the_summary(customer: Customer) -> Customer:
    """A one-time home booking by Budi, told at once; only the confirmation is missing."""
    tell(customer, ALL_AT_ONCE)
    assert customer.expected == "confirmation"
    return customer


def booked(customer: Customer) -> Customer:
    """The same booking, confirmed and written to the ERP."""
    at_the_summary(customer).taps("yes")
    assert customer.submits().result == "confirmed"
    return customer
