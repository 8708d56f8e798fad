"""Generated conversations for the doctor: good ones, which he must leave alone, and locks, which he must see."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from ramah.care.watched import WatchedTurn

STEPS = ("service", "first_name", "last_name", "phone", "car_model", "car_year", "place", "city", "appointment_date")
VARIATIONS = 2


@dataclass
class GoodConversation:
    """A booking that goes well, with all that well-behaved people do: side questions, corrections, silence, several
    bookings, answers that need a second try, thanks, a talk after the booking."""

    random: random.Random
    turns: list[WatchedTurn] = field(default_factory=list)
    position: int = 1
    now: float = 1_700_000_000.0

    def run(self) -> list[WatchedTurn]:
        """The turns of one conversation."""
        for _ in range(self.random.randint(0, 3)):
            self._small_talk()
        drafts = [f"d{number}" for number in range(self.random.choice((1, 1, 1, 2, 3)))]
        remaining = {draft: list(STEPS) for draft in drafts}
        while remaining:
            draft = self.random.choice(list(remaining))
            self._work_on(draft, remaining)
        for _ in range(self.random.randint(0, 4)):
            self._small_talk()
        return self.turns

    def _work_on(self, draft: str, remaining: dict[str, list[str]]) -> None:
        steps = remaining[draft]
        for _ in range(self.random.randint(1, 4)):
            event = self.random.random()
            if event < 0.15:
                self._side_questions(draft, steps[0])
            elif event < 0.28:
                self._second_try(draft, steps[0])
            del steps[: self.random.choice((1, 1, 1, 2, 3))]
            if not steps:
                self._confirm(draft)
                del remaining[draft]
                return
            self._asked(draft, steps[0], facts=f"{draft}-{len(steps)}-{self.position}")

    def _small_talk(self) -> None:
        intent = self.random.choice(("greet", "thanks", "ask_price", "ask_hours", "help"))
        self._add(WatchedTurn(self.position, intent=intent, aside=True))

    def _side_questions(self, draft: str, step: str) -> None:
        """Up to three in a row; the form asks again after each, not thrice alike."""
        facts = self._facts(draft)
        for number in range(self.random.randint(1, 3)):
            question = f"{step}-aside-{number % (VARIATIONS + 1)}"
            self._asked(draft, step, facts, question=question, intent="ask_price", aside=True)

    def _second_try(self, draft: str, step: str) -> None:
        """Not understood up to three times; each time the question comes in other words."""
        facts = self._facts(draft)
        for number in range(self.random.randint(1, 3)):
            self._asked(draft, step, facts, question=f"{step}-again-{number}")

    def _confirm(self, draft: str) -> None:
        for number in range(self.random.choice((1, 1, 2, 3))):
            self._asked(draft, "confirmation", facts=f"{draft}-summary-{number}", question=f"summary-{draft}-{number}")
        self._add(WatchedTurn(self.position, intent="affirm", draft=None, facts="booked"))

    def _facts(self, draft: str) -> str:
        return next((turn.facts for turn in reversed(self.turns) if turn.draft == draft), f"{draft}-none")

    def _asked(
        self, draft: str, step: str, facts: str, question: str = "", intent: str = "inform", *, aside: bool = False
    ) -> None:
        words = question or f"{step}-{self.random.randrange(VARIATIONS)}"
        self._add(
            WatchedTurn(
                self.position,
                intent=intent,
                step=step,
                question=f"{words}-{draft if step == 'confirmation' else ''}",
                booking=True,
                draft=draft,
                draft_open=True,
                facts=facts,
                aside=aside,
            )
        )

    def _add(self, turn: WatchedTurn) -> None:
        # Minutes, hours or days between messages; some phones send slightly out of order.
        self.now += self.random.choice((2.0, 20.0, 600.0, 90_000.0, -1.5))
        self.turns.append(replace(turn, sent_at=self.now if self.random.random() < 0.8 else None))
        self.position += self.random.randint(1, 4)
