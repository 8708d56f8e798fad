"""What a turn costs after many turns of the same conversation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

from benchmarks.measure import Conversation, Message, Round, Talk, Target, median
from benchmarks.ours import MIXED, Customer, Engine, Script
from benchmarks.stock import stock_conversation

HALF = 10
TWINS = 6
MARKS = (10, 50, 100, 200, 300, 1000, 3000)

Asking = Callable[[Customer, Script], Conversation]


@dataclass(frozen=True)
class Mark:
    """The turns around one turn number: their median milliseconds, and the processor's milliseconds for a turn."""

    turn: int
    p50: float
    work: float


@dataclass(frozen=True)
class Twins:
    """A long conversation's turns, each next to one of a new conversation: early and late on the same machine."""

    turn: int
    late: Round
    early: Round

    @property
    def ratio(self) -> float:
        """The median of a late turn over that of an early one."""
        return median(self.late.latencies) / median(self.early.latencies)

    @property
    def work_ratio(self) -> float:
        """The processor time of a late turn over that of an early one."""
        return self.late.work / self.early.work


def stock_marks(stock: Target, engine: Engine, last: int, seconds: float) -> list[Mark]:
    """Stock Rasa's marks up to a turn, or to the last one within so many seconds."""
    (customer,) = engine.customers(1)
    return _marks(stock, _for_ever(stock_conversation, customer), last, seconds)[0]


def our_marks(engine: Engine, last: int, seconds: float) -> tuple[list[Mark], Twins | None]:
    """Our marks, then the turns around the last one next to turns of new conversations.

    Returns:
        The marks, and the comparison; None when the seconds did not suffice.
    """
    customer, *others = engine.customers(1 + TWINS)
    messages = _for_ever(Customer.conversation, customer)
    marks, reached = _marks(engine.target, messages, last, seconds)
    if reached < last:
        return marks, None
    return marks, _twins(engine.target, messages, others, last)


def _for_ever(asking: Asking, customer: Customer) -> Callable[[int], Sequence[Message]]:
    """The next so many messages of a customer who writes the same things again and again."""
    texts = cycle(MIXED)
    return lambda number: asking(customer, tuple(next(texts) for _ in range(number)))


def _marks(
    target: Target, messages: Callable[[int], Sequence[Message]], last: int, seconds: float
) -> tuple[list[Mark], int]:
    """Talk on, and measure the turns around each mark: from nine before to ten after it."""
    marks, done, end = list[Mark](), 0, time.monotonic() + seconds
    with Talk(target) as talk:
        for turn in (mark for mark in MARKS if mark <= last):
            while done < turn - HALF and time.monotonic() < end:
                done += len(talk.turns(messages(min(HALF, turn - HALF - done))).latencies)
            if time.monotonic() > end:
                print(f"  turn {turn} was not reached within {seconds:.0f} s", flush=True)
                break
            window = talk.turns(messages(2 * HALF))
            done += 2 * HALF
            marks.append(Mark(turn, median(window.latencies), window.work))
            print(f"  turn {turn}: {marks[-1].p50:.1f} ms", flush=True)
    return marks, marks[-1].turn if marks else 0


def _twins(
    target: Target, messages: Callable[[int], Sequence[Message]], customers: Sequence[Customer], turn: int
) -> Twins:
    late, early = list[Round](), list[Round]()
    with Talk(target) as talk:
        for customer in customers:
            new = _for_ever(Customer.conversation, customer)
            for _ in range(2 * HALF // len(MIXED)):
                late.append(talk.turns(messages(len(MIXED))))
                early.append(talk.turns(new(len(MIXED))))
    return Twins(turn, Round.together(late), Round.together(early))
