"""What the suite does again and again with a channel."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from ramah.channels.content import Choice, Incoming, Outgoing, Sent
from ramah.channels.errors import ChannelError
from tests.contract.channels.harness import ChannelUnderTest, Signed

HELLO = Outgoing(text="Halo kak, ada yang bisa dibantu?")
AGAIN = Outgoing(text="Halo lagi")


def choices(count: int) -> tuple[Choice, ...]:
    """So many choices, with payloads that fit everywhere."""
    return tuple(Choice(title=f"Pilihan {n}", payload=f"/pick{n}") for n in range(1, count + 1))


def say(subject: ChannelUnderTest, message: Outgoing, reference: str = "out-1") -> list[Sent]:
    """Send all parts of a message."""
    parts = subject.channel.split(message, "id")
    return [
        subject.channel.send(subject.access, subject.recipient, part, f"{reference}-{number}")
        for number, part in enumerate(parts)
    ]


def failing(subject: ChannelUnderTest, message: Outgoing = HELLO) -> ChannelError:
    """The error that sending ends with."""
    with pytest.raises(ChannelError) as caught:
        say(subject, message)
    return caught.value


def read(subject: ChannelUnderTest, signed: Signed | None) -> list[Incoming]:
    """All messages of a body."""
    assert signed is not None
    return [item for batch in subject.channel.parse(subject.access, signed.body) for item in batch.incoming]


def everything_said_about(error: BaseException) -> str:
    """The error, its code and all that led to it, as a log would show them."""
    told = [*traceback.format_exception(error), repr(error), str(getattr(error, "code", ""))]
    return "\n".join(told)


def as_json(body: bytes) -> Any | None:
    """The body as JSON; None when it is something else."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def paths(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside."""
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """What lies at the end of a way."""
    for step in path:
        value = value[step]
    return value


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> bytes:
    """A copy with another value at the end of the way, as bytes."""
    copy = json.loads(json.dumps(value))
    at(copy, path[:-1])[path[-1]] = new
    return json.dumps(copy).encode()
