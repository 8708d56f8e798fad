"""Load: webhooks by the clock, people who write and wait for their answers, and what came of all that."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import select

from benchmarks.path_engine import ANSWER
from benchmarks.path_provider import Post, Postbox, Provider
from benchmarks.path_stand import Stand
from benchmarks.path_tenant import person
from benchmarks.process import BenchmarkError
from ramah.desk.handover import take_over
from ramah.messaging.models import Author, Conversation, Outbound, SendAttempt, ThreadNote

PEOPLE = count(1)
"""Nobody writes twice in two measurements: a person may be sent 30 messages at once, then one every 6 seconds."""
CONNECTIONS = 32
REGULARS = 400
WARM_UP = 40
IN_A_ROW = 3
ROUNDS = 8
WRITING_AT_ONCE = 16
TAKEN_EVERY = 3
"""Every third writer is taken over by an operator."""
PATIENCE = 60.0

Done = Callable[[int], None]


@dataclass(frozen=True)
class Acknowledged:
    """Milliseconds from when each webhook was due until it was answered, and how many were not answered with 200."""

    latencies: list[float]
    refused: int
    work: float = 0.0
    """Milliseconds of processor time of the answering process for one webhook."""


@dataclass
class Fate:
    """What became of messages, counted where people read: at the provider."""

    written: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    misordered: int = 0

    def add(self, expected: Sequence[str], got: Sequence[str]) -> None:
        """One person's answers."""
        self.written += len(expected)
        self.answered += len(set(expected) & set(got))
        self.lost += len(set(expected) - set(got))
        self.doubled += len(got) - len(set(got))
        first_seen = list(dict.fromkeys(text for text in got if text in expected))
        self.misordered += first_seen != [text for text in expected if text in got]


@dataclass
class Conversations:
    """People who wrote and were answered: how fast, and whether rightly.

    ``talked_over`` counts messages of the bot whose send began after a takeover; ``in_flight`` those that were on their
    way to the provider at that moment.
    """

    seconds: float = 0.0
    fate: Fate = field(default_factory=Fate)
    takeovers: int = 0
    talked_over: int = 0
    in_flight: int = 0
    waits: list[float] = field(default_factory=list)
    work: float = 0.0
    """Milliseconds of processor time of console and workers for one message."""

    @property
    def rate(self) -> float:
        """Answered messages a second."""
        return self.fate.answered / self.seconds if self.seconds else 0.0


def acknowledge(provider: Provider, ports: Sequence[int], rate: float, seconds: float, done: Done) -> Acknowledged:
    """Post so many webhooks a second by the clock, whether or not earlier ones were answered. Some have written
    before: what is measured is a process that runs, not one that starts."""
    regulars, box = [next(PEOPLE) for _ in range(REGULARS)], Postbox(ports)
    for regular in regulars[:WARM_UP]:
        box.post(provider.write(regular, "halo"))
    letters = [
        provider.write(regulars[number % REGULARS], f"pesan {number}") for number in range(round(rate * seconds))
    ]
    start = time.perf_counter() + 0.2

    def post(number: int) -> tuple[float, int | None]:
        status = box.post(letters[number])
        return (time.perf_counter() - start - number / rate) * 1000, status

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        running = []
        for number in range(len(letters)):
            time.sleep(max(0.0, start + number / rate - time.perf_counter()))
            running.append(pool.submit(post, number))
            done(1)
        results = [one.result() for one in running]
    return Acknowledged([taken for taken, _ in results], sum(status != 200 for _, status in results))


def converse(stand: Stand, messages: int, done: Done) -> Conversations:
    """People write three messages in a row, wait for the three answers, and write again; some are taken over."""
    result, box = Conversations(), Postbox(stand.ports)
    patient = max(1, messages // (IN_A_ROW * ROUNDS))
    people = iter([next(PEOPLE) for _ in range(patient * TAKEN_EVERY // (TAKEN_EVERY - 1))])
    lock, expected, taken = threading.Lock(), {}, {}

    def write() -> None:
        while (who := _next(people, lock)) is not None:
            if who % TAKEN_EVERY == 0:
                taken[who] = _interrupted(stand, box, who)
            else:
                expected[who] = _patient(stand.provider, box, who, result.waits, done)

    started = time.perf_counter()
    writers = [threading.Thread(target=write) for _ in range(WRITING_AT_ONCE)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    result.seconds = time.perf_counter() - started
    for who, texts in expected.items():
        result.fate.add(texts, stand.provider.answers(who))
    result.takeovers = len(taken)
    _judge_takeovers(stand, taken, result)
    return result


def _next(people: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(people, None)


def _patient(provider: Provider, box: Postbox, who: int, waits: list[float], done: Done) -> list[str]:
    """Somebody who waits for answers; returns those that are due."""
    expected: list[str] = []
    for turn in range(ROUNDS):
        texts = [f"pesan {turn}-{index}" for index in range(IN_A_ROW)]
        expected += [f"{ANSWER}{text}" for text in texts]
        began = time.perf_counter()
        for text in texts:
            deliver(box, provider.write(who, text))
        if not provider.wait_for_answers(who, len(expected), PATIENCE):
            break
        waits.append((time.perf_counter() - began) * 1000)
        done(IN_A_ROW)
    return expected


def _interrupted(stand: Stand, box: Postbox, who: int) -> float:
    """Somebody whose chat an operator takes while answers are on their way; returns when that was certain."""
    deliver(box, stand.provider.write(who, "halo"))
    stand.provider.wait_for_answers(who, 1, PATIENCE)
    for index in range(IN_A_ROW):
        deliver(box, stand.provider.write(who, f"halo {index}"))
    time.sleep(random.uniform(0.0, 0.15))
    tenant = stand.tenant
    with stand.database.tenant_reading(tenant.organisation_id) as session:
        conversation_id = session.scalars(select(Conversation.id).where(Conversation.recipient == person(who))).one()
    take_over(stand.database, tenant.organisation_id, conversation_id, tenant.staff_id)
    moment = time.time()
    for index in range(IN_A_ROW):
        deliver(box, stand.provider.write(who, f"masih ada? {index}"))
    return moment


def _judge_takeovers(stand: Stand, taken: dict[int, float], result: Conversations) -> None:
    for who, moment in taken.items():
        result.in_flight += sum(at > moment for at, _ in stand.provider.got.get(person(who), []))
    with stand.database.every_organisation_reading() as session:
        late = session.scalars(
            select(SendAttempt.id)
            .join(Outbound, Outbound.id == SendAttempt.outbound_id)
            .join(ThreadNote, ThreadNote.conversation_id == Outbound.conversation_id)
            .where(Outbound.author == Author.BOT, SendAttempt.started_at > ThreadNote.created_at)
        ).all()
    result.talked_over = len(late)
    result.in_flight = max(0, result.in_flight - result.talked_over)


def deliver(box: Postbox, letter: Post) -> None:
    """Post a webhook until it is taken, as the provider does.

    Raises:
        BenchmarkError: Nobody took it for a minute.
    """
    deadline = time.monotonic() + PATIENCE
    while box.post(letter) != 200:
        if time.monotonic() > deadline:
            raise BenchmarkError("a webhook was not taken for a minute")
        time.sleep(0.1)
