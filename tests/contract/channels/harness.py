"""What the contract suite must be able to do with a channel and the provider behind it.

Each channel has a file of its kind's name here (``whatsapp.py``) with a context manager of the same name that gives a
``ChannelUnderTest``; ``conftest.py`` lists the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ramah.channels.port import AccountAccess, Channel


class Fault(StrEnum):
    """What the provider does with the next send; afterwards it behaves again."""

    TOO_FAST = "too_fast"  # 429 or its like, asking for a wait of 7 seconds where the protocol can say so
    BROKEN = "broken"  # 503 or its like, nothing was sent
    RESET = "reset"  # the connection is cut after the request was read and the message delivered
    SILENT = "silent"  # delivered, but the answer never comes (the channel's read time-out is short in the suite)
    UNAUTHORISED = "unauthorised"  # the secret is refused
    UNREACHABLE_PERSON = "unreachable_person"  # this person can never be reached
    NONSENSE = "nonsense"  # 200 with a body that is not the protocol


@dataclass(frozen=True)
class Signed:
    """A webhook body as the provider would post it; header names lower-case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Shown:
    """What the person sees: the text of one message (with numbers in it where choices became text), the titles that
    can be tapped, and the sha256 of a file."""

    text: str
    choices: tuple[str, ...] = ()
    file_sha256: str | None = None


class ChannelUnderTest(Protocol):
    """One channel, one connected account, one person who wrote before, and the provider in between."""

    channel: Channel
    access: AccountAccess
    recipient: str
    """The person's address, as ``Incoming.sender.platform_id`` gives it."""
    can_fail: frozenset[Fault]
    """The faults that this provider can show."""

    def shown(self) -> list[Shown]:
        """All that the person got so far, in order."""

    def break_next(self, fault: Fault) -> None:
        """Arrange the fault for the next send."""

    def text_from_person(self, text: str, number: int) -> Signed:
        """A webhook with one typed message; the same ``number`` gives the same message again."""

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """A webhook with a tap on a choice of the last message shown; None where nothing can be tapped."""

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """A webhook with a picture whose bytes ``fetch`` then gives; None where the channel carries no files."""
