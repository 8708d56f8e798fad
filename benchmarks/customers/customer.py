"""One simulated customer: hears an answer, decides what to do next."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, time

from benchmarks.customers.agenda import TOPIC_OF, TOPICS, Agenda
from benchmarks.customers.checking import wrong_in_summary
from benchmarks.customers.goals import Goal
from benchmarks.customers.understanding import CONFIRMATION, DATE_REFUSED, Understood
from benchmarks.customers.wording import CLEAN, MESSY, Voice
from ramah.channels.content import Choice
from ramah.lib.wording import long_date

USEFUL = frozenset({"open", "answer", "question", "slip", "correct", "yes", "change"})
"""Moves that bring something new; the others are the assistant's doing and count as turns over the minimum."""
PATIENCE = 4
MOST_TURNS = 40
SLIPS = ("name", "phone", "plate", "time")


@dataclass(frozen=True)
class Habits:
    """How often a customer does what, as probabilities."""

    volunteers: float = 0.3
    taps: float = 0.35
    partly: float = 0.15
    asks: float = 0.04
    slips: float = 0.0
    fillers: float = 0.0


HABITS = {CLEAN: Habits(), MESSY: Habits(0.4, 0.3, 0.35, 0.10, 0.08, 0.06)}


@dataclass(frozen=True)
class Move:
    """What the customer does: messages in a row, or one tap. ``reason`` is why."""

    reason: str
    texts: tuple[str, ...] = ()
    tap: Choice | None = None


class GaveUp(Exception):
    """The customer's patience is over; the message says why."""


@dataclass
class Customer:
    """A goal, a style and a seeded dice. It sees what ``Understood`` holds and nothing else."""

    wish: Goal
    style: str
    dice: random.Random
    moves: list[Move] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.habits = HABITS[self.style]
        self.voice = Voice(self.wish.language, self.style, self.dice)
        self.agenda = Agenda(self.wish, self.voice, self.dice, self.habits.partly)
        self._tries: Counter[str] = Counter()
        self._questions: Counter[str] = Counter()
        self._slipped: str | None = None

    @property
    def goal(self) -> Goal:
        """What is wanted by now: an offered time may have been taken, a landmark left out."""
        return self.agenda.goal

    def open(self) -> Move:
        """The first message."""
        return self._did(self._opening())

    def next(self, heard: Understood) -> Move:
        """What to do after an answer.

        Raises:
            GaveUp: Patience is over.
        """
        if len(self.moves) >= MOST_TURNS:
            raise GaveUp(f"no booking after {MOST_TURNS} turns")
        self._note_question(heard)
        return self._did(self._decide(heard))

    @property
    def least(self) -> int:
        """The turns that brought something new."""
        return sum(move.reason in USEFUL for move in self.moves)

    def _did(self, move: Move) -> Move:
        self.moves.append(move)
        return move

    def _opening(self) -> Move:
        if self.dice.random() < self.habits.volunteers:
            topics = self.agenda.topics_to_volunteer()[1:]
            chosen = [topic for topic in topics if self.dice.random() < self.dice.choice((0.3, 0.6, 1.0))]
            self.agenda.tell("service", *(step for topic in chosen for step in TOPICS[topic]))
            return Move("open", (self.voice.several("opening_service", chosen, self.goal),))
        kind = self.dice.choice(("opening", "opening_service"))
        self.agenda.told |= {"service"} if kind == "opening_service" else set()
        return Move("open", (self.voice.phrase(kind, self.goal),))

    def _note_question(self, heard: Understood) -> None:
        step = heard.step
        if step in self.agenda.told and not heard.refused and not self._slipped:
            self.repeated.append(str(step))
        if heard.question:
            self._questions[heard.question] += 1

    @property
    def heard_thrice(self) -> list[str]:
        """Questions that came three times in the same words; a summary may."""
        return [question for question, times in self._questions.items() if times > 2]

    def _decide(self, heard: Understood) -> Move:
        if self._slipped:
            topic, self._slipped = self._slipped, None
            return Move("correct", (self.voice.phrase(f"correct_{topic}", self.goal),))
        if heard.refused is not None:
            return self._choose_another(heard)
        if heard.step is None:
            return self._back_to_the_point()
        if heard.step == CONFIRMATION:
            return self._confirm(heard)
        return self._again(heard) if heard.step in self.agenda.told else self._answer(heard)

    def _answer(self, heard: Understood) -> Move:
        step = str(heard.step)
        chance = self.dice.random()
        if chance < self.habits.asks:
            asked = self.dice.choice(("ask_price", "ask_hours", "ask_where", "thanks"))
            return Move("question", (self.voice.phrase(asked, self.goal),))
        if chance < self.habits.asks + self.habits.slips and (slip := self._slip(step)):
            return slip
        button = self._button(heard, step)
        if button is not None and self.dice.random() < self.habits.taps:
            self.agenda.told.add(step)
            return Move("answer", tap=button)
        text, tells = self.agenda.answer(step)
        self.agenda.tell(*tells)
        first = (self.voice.filler(),) if self.dice.random() < self.habits.fillers else ()
        return Move("answer", (*first, text))

    def _button(self, heard: Understood, step: str) -> Choice | None:
        wanted = self.agenda.value(step)
        return next((choice for choice, value in heard.offered(step) if value == wanted), None)

    def _again(self, heard: Understood) -> Move:
        """A question that was answered before: plainly, then with the button, then no more."""
        step = str(heard.step)
        self._tries[step] += 1
        if self._tries[step] >= PATIENCE:
            raise GaveUp(f"asked for {step} again and again")
        button = self._button(heard, step)
        if button is not None and self._tries[step] > 1:
            return Move("again", tap=button)
        return Move("again", (self.agenda.answer(step, CLEAN)[0],))

    def _back_to_the_point(self) -> Move:
        self._tries["nothing asked"] += 1
        if self._tries["nothing asked"] >= PATIENCE:
            raise GaveUp("the assistant asks nothing")
        self.agenda.told.add("service")
        return Move("nudge", (self.voice.nudge(self.goal),))

    def _slip(self, step: str) -> Move | None:
        """Say something wrong that is put right with the next message."""
        topic = "plate" if step == "car_plate" else TOPIC_OF[step]
        if topic not in SLIPS:
            return None
        wrong = replace(
            self.goal,
            first_name="Andi" if self.goal.first_name != "Andi" else "Joko",
            phone=self.goal.phone[:-1] + str((int(self.goal.phone[-1]) + 1) % 10),
            plate=self.goal.plate.replace("7", "8") if "7" in self.goal.plate else self._other_plate(),
            at=self.goal.at.replace(hour=self.goal.at.hour - 1),
        )
        kind = {"name": "name", "plate": "car_plate"}.get(topic, topic)
        self._slipped = topic
        self.agenda.tell(*(TOPICS["name"] if topic == "name" else (step,)))
        return Move("slip", (self.voice.phrase(kind, wrong),))

    def _other_plate(self) -> str:
        digit = next(sign for sign in self.goal.plate if sign.isdigit())
        return self.goal.plate.replace(digit, str(int(digit) % 9 + 1), 1)

    def _choose_another(self, heard: Understood) -> Move:
        """The moment cannot be: take one that is offered, unless the assistant has misread which moment was meant."""
        assert heard.refused is not None
        step = "appointment_date" if heard.refused.name in DATE_REFUSED else "appointment_time"
        shown = heard.refused.variables.get("date")
        if shown not in (None, long_date(self.goal.day, heard.refused.language)) and heard.step:
            self.misread.append("date")
            self.agenda.told.add(heard.step)
            return self._again(heard)
        offered = heard.offered(heard.step or step)
        if not offered or heard.step not in ("appointment_date", "appointment_time"):
            return self._back_to_the_point()
        choice, value = self.dice.choice(offered)
        self._change_goal(heard.step, value)
        return Move("change", tap=choice)

    def _change_goal(self, step: str, value: str) -> None:
        day = date.fromisoformat(value) if step == "appointment_date" else self.goal.day
        at = time.fromisoformat(value) if step == "appointment_time" else self.goal.at
        self.agenda.goal = self.goal.on(day, at)
        self.agenda.told.add(step)

    def _confirm(self, heard: Understood) -> Move:
        summary = heard.summary
        wrong = wrong_in_summary(summary.variables, summary.language, self.goal) if summary else []
        if wrong:
            return self._put_right(wrong)
        button = self._button(heard, CONFIRMATION)
        if button is not None and self.dice.random() < self.habits.taps:
            return Move("yes", tap=button)
        self._tries[CONFIRMATION] += 1
        if self._tries[CONFIRMATION] >= PATIENCE:
            raise GaveUp("the confirmation is not taken")
        reason = "yes" if self._tries[CONFIRMATION] == 1 else "again"
        return Move(reason, (self.voice.phrase("yes", self.goal, CLEAN if reason == "again" else None),))

    def _put_right(self, wrong: list[str]) -> Move:
        self.misread += wrong
        topic = wrong[0]
        self._tries[f"correct {topic}"] += 1
        if self._tries[f"correct {topic}"] >= PATIENCE:
            raise GaveUp(f"the summary stays wrong: {topic}")
        return Move("mend", (self.voice.phrase(f"correct_{topic}", self.goal, CLEAN),))
