"""A webhook body that serves several accounts, taken apart by account and put together again.

Meta posts the events of all numbers and pages of an app to one address. Source: Meta, "Webhooks: Getting started".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ramah.channels.meta import text_or_none
from ramah.lib.outside_json import read_outside_json


@dataclass(frozen=True)
class Piece:
    """One entry, or one change of an entry, and the provider's id of the account that it is for; None: it says none."""

    account_external_id: str | None
    entry: Any


@dataclass(frozen=True)
class Pieces:
    """A whole body in pieces. ``head`` is what stands beside the entries."""

    head: Mapping[str, Any]
    pieces: tuple[Piece, ...]

    def accounts(self) -> frozenset[str]:
        """The accounts that the body names."""
        return frozenset(piece.account_external_id for piece in self.pieces if piece.account_external_id)

    def body_for(self, accounts: Collection[str]) -> bytes:
        """What is for these accounts, as a body; the same bytes each time."""
        return self._body(piece.entry for piece in self.pieces if piece.account_external_id in accounts)

    def body_without(self, accounts: Collection[str]) -> bytes | None:
        """All the rest; None when nothing is left."""
        rest = [piece.entry for piece in self.pieces if piece.account_external_id not in accounts]
        return self._body(rest) if rest else None

    def _body(self, entries: Iterable[Any]) -> bytes:
        return json.dumps({**self.head, "entry": list(entries)}).encode()


def pieces_of(body: bytes) -> Pieces | None:
    """The body in pieces: by phone number id (WhatsApp, each change by itself), else by the entry's id (pages).

    None for what is no such envelope: it stays whole, with the account that it came to."""
    try:
        envelope = read_outside_json(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        return None
    head = {name: value for name, value in envelope.items() if name != "entry"}
    return Pieces(head, tuple(piece for entry in envelope["entry"] for piece in _of_entry(entry)))


def _of_entry(entry: Any) -> Iterator[Piece]:
    if not isinstance(entry, dict):
        yield Piece(None, entry)
        return
    changes = entry.get("changes")
    if not isinstance(changes, list) or not changes or "messaging" in entry or "standby" in entry:
        yield Piece(text_or_none(entry.get("id")), entry)
        return
    for change in changes:
        yield Piece(_number(change) or text_or_none(entry.get("id")), {**entry, "changes": [change]})


def _number(change: Any) -> str | None:
    for name in ("value", "metadata", "phone_number_id"):
        change = change.get(name) if isinstance(change, dict) else None
    return text_or_none(change)
