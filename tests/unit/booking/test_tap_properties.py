"""Ten thousand schedules of taps and typed answers: the state is that of taking them one after the other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ramah.booking.heard import Tap
from tests.unit.booking.desk import Desk

SCHEDULES, EVENTS = 10_000, 6
VALUES = {
    "service": ("basic-wash", "premium-wash"),
    "outlet": ("BDG", "JKT"),
    "appointment_date": ("2026-11-24", "2026-11-25", "2026-11-26"),
    "booking_kind": ("one_time",),
}
TYPED = {
    "appointment_date": (("24 November", "2026-11-24"), ("25 November", "2026-11-25")),
    "outlet": (("di outlet Bandung", "BDG"),),
}


@dataclass
class Serial:
    """What a person with paper would note: an answer counts if its question was not answered since it was asked."""

    facts: dict[str, str] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    seen: set[Tap] = field(default_factory=set)
    pending: Tap | None = None

    def tap(self, tap: Tap, now: int) -> None:
        """One tap."""
        asked, self.pending = self.pending, None
        if tap in self.seen or (tap.step in self.facts and self.answered[tap.step] > tap.round):
            different = tap not in self.seen and self.facts[tap.step] != tap.value
            self.pending = tap if different else None
            return
        self.seen.add(tap)
        self.put(tap.step, tap.value, now)
        del asked

    def put(self, step: str, value: str, now: int) -> None:
        """One answer."""
        if self.facts.get(step) != value:
            self.answered[step] = now
        self.facts[step] = value


def shuffled(dice: random.Random, steps: tuple[str, ...]) -> tuple[Desk, Serial]:
    """One schedule: taps under any bubble so far, some twice, some late, some while an answer is typed."""
    desk, serial = Desk(), Serial()
    desk.says("halo", "book_service")
    taps: list[Tap] = []
    for _ in range(EVENTS):
        now = desk.current.round + 1
        step = dice.choice(steps)
        if taps and dice.random() < 0.25:
            tap = dice.choice(taps)
        elif step in TYPED and dice.random() < 0.05:
            text, value = dice.choice(TYPED[step])
            desk.says(text, **({"place": "outlet"} if step == "outlet" else {}))
            serial.pending = None
            serial.put(step, value, now)
            continue
        elif serial.pending is not None and dice.random() < 0.5:
            tap = Tap(desk.current.tag, serial.pending.step, serial.pending.value, f"{serial.pending.nonce}+{now - 1}")
        else:
            under = str(dice.randint(1, desk.current.round))
            tap = Tap(desk.current.tag, step, dice.choice(VALUES[step]), under)
        taps.append(tap)
        desk.taps(tap)
        serial.tap(tap, now)
    return desk, serial


def test_every_schedule_ends_as_if_each_had_come_after_the_other() -> None:
    dice = random.Random(4)
    steps = tuple(VALUES)
    for number in range(SCHEDULES):
        desk, serial = shuffled(dice, steps)
        got = {step: desk.current.facts.get(step) for step in steps}
        assert got == {step: serial.facts.get(step) for step in steps}, number
        pending = desk.current.asked.get("pending")
        assert (pending is not None) == (serial.pending is not None), number


def test_the_same_tap_a_hundred_times_is_one_tap() -> None:
    desk = Desk()
    desk.says("mau booking", "book_service")
    tap = Tap(desk.current.tag, "service", "premium-wash", str(desk.current.round))
    outcomes = [desk.taps(tap) for _ in range(100)]
    assert {outcome.step for outcome in outcomes} == {"booking_kind"}
    assert all(outcome.notices == () for outcome in outcomes)
