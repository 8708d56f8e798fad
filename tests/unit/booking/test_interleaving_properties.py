"""Three bookings told in any mixture become three correct documents."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from ramah.booking.heard import Heard, Tap
from tests.unit.booking.desk import Desk

SEEDS = range(300)


@dataclass(frozen=True, eq=False)
class Wanted:
    """One booking: how it is called, what is said of it, and what must come of it."""

    names: tuple[str, ...]
    pieces: tuple[tuple[str, dict[str, str]], ...]
    service: str
    car: str
    plate: str
    starts: str
    where: tuple[str, str | None]


AVANZA = Wanted(
    ("avanza", "cuci premium"),
    (
        ("cuci premium", {}),
        ("sekali aja", {"kind": "one_time"}),
        ("Avanza 2019 B 1234 XYZ", {}),
        ("di rumah, Jl. Melati No 5 Depok 16415", {"place": "home"}),
        ("besok jam 10 pagi", {}),
    ),
    "premium-wash",
    "Avanza",
    "B 1234 XYZ",
    "2026-11-24T10:00",
    ("JKT", "Jl. Melati No 5"),
)
INNOVA = Wanted(
    ("innova", "full detailing"),
    (
        ("full detailing", {}),
        ("sekali aja", {"kind": "one_time"}),
        ("Innova 2021 D 77 AB", {}),
        ("di outlet Bandung", {"place": "outlet"}),
        ("lusa jam 9 pagi", {}),
    ),
    "full-detailing",
    "Innova",
    "D 77 AB",
    "2026-11-25T09:00",
    ("BDG", None),
)
BRIO = Wanted(
    ("brio", "cuci basic"),
    (
        ("cuci basic", {}),
        ("tiap minggu", {"plan": "weekly", "kind": "subscription"}),
        ("Brio 2020 B 99 AB", {}),
        ("di rumah, Jl. Kenanga No 12 Bekasi 17111", {"place": "home"}),
        ("26 November jam 2 siang", {}),
    ),
    "basic-wash",
    "Brio",
    "B 99 AB",
    "2026-11-26T14:00",
    ("JKT", "Jl. Kenanga No 12"),
)
ALL = (AVANZA, INNOVA, BRIO)
PERSON = ("nama saya Budi Santoso", "nomor saya 081234567890")


class Talk:
    """A customer who fills three bookings at once, hopping between them at random."""

    def __init__(self, seed: int) -> None:
        self.desk, self.dice = Desk(), random.Random(seed)
        self.ids: dict[Wanted, str] = {}
        self.answers: dict[Wanted, list[str]] = {wanted: [] for wanted in ALL}
        self.left = {wanted: list(wanted.pieces) + [(text, {}) for text in PERSON] for wanted in ALL}

    def run(self) -> None:
        """Say all pieces, those of one booking in order of its own."""
        for wanted in self.left:
            first, rest = self.left[wanted][0], self.left[wanted][1:]
            self.dice.shuffle(rest)
            self.left[wanted] = [first, *rest]
        while any(self.left.values()):
            self.say_next(self.dice.choice([wanted for wanted in ALL if self.left[wanted]]))

    def say_next(self, wanted: Wanted) -> None:
        """Go to a booking and say the next thing of it."""
        text, entities = self.left[wanted].pop(0)
        if wanted not in self.ids:
            if self.ids:
                self.desk.says("mau booking satu lagi", "another_booking")
            self.desk.says(text, "book_service", **entities)
            self.ids[wanted] = self.desk.current.id
        elif self.desk.current.id == self.ids[wanted]:
            self.desk.says(text, **entities)
        else:
            self.switch(wanted, text, entities)
        assert self.desk.current.id == self.ids[wanted]
        self.answers[wanted].append(str(self.desk.messages))

    def switch(self, wanted: Wanted, text: str, entities: dict[str, str]) -> None:
        """Go there by words, by a tap, or by answering an old bubble of it."""
        way = self.dice.choice(("words", "tap", "quotation"))
        if way == "quotation":
            quoted = self.dice.choice(self.answers[wanted])
            self.desk.hears(Heard(text=text, entities=entities, replied_to=quoted))
            return
        if way == "tap":
            self.desk.taps(Tap(self.ids[wanted][:8], "folder", "go", "1"))
        else:
            known = [name for name in wanted.names if self.is_told(wanted, name)]
            self.desk.says(f"balik ke yang {self.dice.choice(known)} tadi", "switch_booking")
        self.desk.says(text, **entities)

    def is_told(self, wanted: Wanted, name: str) -> bool:
        """Whether the booking can be called so already."""
        draft = next(draft for draft in self.desk.folders.open if draft.id == self.ids[wanted])
        return name != wanted.names[0] or draft.facts.get("car_model") == wanted.car


@pytest.mark.parametrize("seed", SEEDS)
def test_any_mixture_of_three_bookings_becomes_three_correct_documents(seed: int) -> None:
    talk = Talk(seed)
    talk.run()
    assert {draft.id for draft in talk.desk.folders.open} == set(talk.ids.values())
    for wanted in talk.dice.sample(ALL, 3):
        desk = talk.desk
        desk.taps(Tap(talk.ids[wanted][:8], "folder", "go", "1"))
        assert desk.expected == "confirmation", (wanted.car, desk.current.facts)
        desk.taps(Tap(desk.current.tag, "confirmation", "yes", str(desk.current.round)))
        assert desk.expected is None
        document = desk.books()
        assert document.vehicle is not None
        assert (document.service_code, document.vehicle.model, document.vehicle.plate) == (
            wanted.service,
            wanted.car,
            wanted.plate,
        )
        assert f"{document.starts_at:%Y-%m-%dT%H:%M}" == wanted.starts
        assert (document.outlet_code, document.address.street if document.address else None) == wanted.where
        assert (document.customer.first_name, document.customer.phone) == ("Budi", "+6281234567890")
    assert talk.desk.folders.open == ()
