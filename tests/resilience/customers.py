"""Customers on WhatsApp whose messages are numbered, so that every answer can be counted."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

from tests.fakes.engine.server import replies_to
from tests.fakes.graph.people import PersonWrites
from tests.fakes.graph.postman import encode, sign
from tests.resilience.small_platform import Platform
from tests.stack import wait_for

PATIENCE = 120.0
TWICE = 0.15
"""How often Meta delivers a webhook once more although it was answered."""
MOST_LATE = 40
"""People wait while so many receipts are late: a receipt that comes too late makes a message be sent again, rightly."""


def number_of(person: int) -> str:
    """The telephone number of a person."""
    return f"62811{person:07}"


def text_of(number: int) -> str:
    """The text of a person's message with this number."""
    return f"pesan {number}"


def expected(numbers: list[int]) -> list[str]:
    """What a person must get for these messages, each answered by itself."""
    return [reply for number in numbers for reply in replies_to(text_of(number))]


@dataclass
class Crowd:
    """People who write at the same time, each message only after the one before it was taken in (answered with 200).

    ``first`` is the number of the first of them."""

    platform: Platform
    people: int
    messages: int
    writers: int = 8
    seed: int = 1
    first: int = 0
    sent: int = 0
    failures: list[BaseException] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def total(self) -> int:
        """How many messages they write in all."""
        return self.people * self.messages

    def write(self) -> list[threading.Thread]:
        """Begin to write; returns the threads that do it."""
        threads = [threading.Thread(target=self._write, args=(index,)) for index in range(self.writers)]
        for thread in threads:
            thread.start()
        return threads

    def _write(self, index: int) -> None:
        dice = random.Random(self.seed * 1000 + index)
        try:
            for number in range(self.messages):
                for person in range(self.first + index, self.first + self.people, self.writers):
                    self.deliver(person, number, dice)
        except BaseException as error:
            self.failures.append(error)
            raise

    def deliver(self, person: int, number: int, dice: random.Random) -> None:
        """Post one message as Meta does: signed, again and again until it is answered with 200, sometimes once more."""
        body = self.body_of(person, number)
        headers = {"x-hub-signature-256": sign(self.platform.meta.app_secret, body), "content-type": "application/json"}
        wait_for(lambda: self.platform.graph.postman.waiting < MOST_LATE, "receipts were taken in", PATIENCE)
        taken = "a webhook was taken in"
        wait_for(lambda: self.platform.post(body, headers) == 200, f"{taken}: {number} of {person}", PATIENCE)
        if dice.random() < TWICE:
            wait_for(lambda: self.platform.post(body, headers) == 200, f"{taken} once more", PATIENCE)
        with self._lock:
            self.sent += 1

    def body_of(self, person: int, number: int) -> bytes:
        """The webhook body of one message."""
        written = {"from": number_of(person), "id": f"wamid.{person}-{number}", "text": text_of(number)}
        return encode(self.platform.graph.graph.note_person(PersonWrites.model_validate(written))[1])
