"""The provider's side: a stand-in for Meta for each number, what people write to it, and what they got."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count

from benchmarks.path_tenant import NUMBERS, SECRETS, number_id, person, public_key, signed
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.people import PersonWrites
from tests.fakes.graph.postman import encode
from tests.fakes.graph.server import GraphServer

TIMEOUT = 15.0
LOOK_EVERY = 0.005


@dataclass(frozen=True)
class Post:
    """One webhook as it leaves the provider: to which number, and the signed body."""

    index: int
    body: bytes


@dataclass
class Provider:
    """Stand-ins for Meta. Receipts come from them; people's messages are posted by whoever measures."""

    graphs: list[GraphServer]
    got: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def write(self, who: int, text: str) -> Post:
        """Person ``who`` writes; the webhook that carries it is not posted yet."""
        index = who % NUMBERS
        graph = self.graphs[index].graph
        _, envelope = graph.note_person(PersonWrites.model_validate({"from": person(who), "text": text}))
        return Post(index, encode(envelope))

    def answers(self, who: int) -> list[str]:
        """What a person got from the business, in the order of acceptance."""
        with self.changed:
            return [text for _, text in self.got.get(person(who), [])]

    def wait_for_answers(self, who: int, number: int, seconds: float) -> bool:
        """Whether a person got so many answers in time."""
        name = person(who)
        with self.changed:
            return self.changed.wait_for(lambda: len(self.got.get(name, ())) >= number, seconds)

    def deliver_receipts_to(self, ports: Sequence[int]) -> None:
        """Where receipts go from now on; with several consoles, those of each number to one of them."""
        for index, server in enumerate(self.graphs):
            for account in server.graph.accounts.values():
                account.webhook_url = f"http://127.0.0.1:{ports[index % len(ports)]}{address(index)}"

    def drain(self, seconds: float) -> None:
        """Wait until all receipts were taken in."""
        deadline = time.monotonic() + seconds
        for server in self.graphs:
            server.postman.drain(max(0.0, deadline - time.monotonic()))

    def follow(self, stop: threading.Event) -> None:
        """Note each message of the business as soon as it was accepted."""
        seen = [0] * len(self.graphs)
        while not stop.wait(LOOK_EVERY):
            for index, server in enumerate(self.graphs):
                fresh = server.graph._lines[seen[index] :]
                seen[index] += len(fresh)
                ours = [line for line in fresh if line.ours]
                if ours:
                    with self.changed:
                        for line in ours:
                            self.got.setdefault(line.user, []).append((line.at, line.body["text"]["body"]))
                        self.changed.notify_all()


def address(index: int) -> str:
    """The path of a number's webhook."""
    return f"/webhooks/whatsapp/{public_key(index)}"


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Stand-ins for Meta in this process, one for each number."""
    with ExitStack() as stack:
        accounts = [
            Account(phone_number_id=number_id(index), token=SECRETS["access_token"], app_secret=SECRETS["app_secret"])
            for index in range(NUMBERS)
        ]
        provider = Provider([stack.enter_context(GraphServer([account])) for account in accounts])
        stop = threading.Event()
        follower = threading.Thread(target=provider.follow, args=(stop,), name="journal")
        follower.start()
        stack.callback(follower.join)
        stack.callback(stop.set)
        yield provider


class Postbox:
    """Posts webhooks over kept-alive connections, one for each thread; new threads take the consoles in turn."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = count()
        self._own = threading.local()

    def post(self, letter: Post) -> int | None:
        """The status of the answer, or None when there was none."""
        connection: HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            port = self._ports[next(self._turn) % len(self._ports)]
            connection = self._own.connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        try:
            connection.request("POST", address(letter.index), letter.body, signed(letter.body))
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            connection.close()
            self._own.connection = None
            return None
        return response.status
