"""A webhook body read into batches: every entry and event, none lost for a broken neighbour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from ramah.channels.content import Batch, Incoming, Receipt, Watermark
from ramah.channels.errors import PayloadError
from ramah.channels.messenger import events
from ramah.channels.messenger.inbound import Part, read_event
from ramah.lib.outside_json import read_outside_json

Notice = dict[str, object]
PAGE = "page"
STANDBY = "standby"


@dataclass
class _Gathered:
    incoming: list[Incoming] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    watermarks: list[Watermark] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def parse_webhook(body: bytes) -> list[Batch]:
    """Read a webhook body into one batch per page.

    What needs no turn (opt-ins, changes of the page, handovers) and what cannot be read come as notices. Raises
    PayloadError when the body is no envelope of the Messenger Platform.
    """
    gathered: dict[str, _Gathered] = {}
    for item in _envelope(body).entry:
        _read_entry(item, gathered)
    return [
        Batch(
            account_external_id=page,
            incoming=tuple(found.incoming),
            receipts=tuple(found.receipts),
            watermarks=tuple(found.watermarks),
            notices=tuple(found.notices),
        )
        for page, found in gathered.items()
    ]


def _envelope(body: bytes) -> events.Envelope:
    try:
        envelope = events.Envelope.model_validate(read_outside_json(body))
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not a webhook envelope: {type(error).__name__}") from error
    if envelope.about != PAGE:
        raise PayloadError(f"an envelope about {envelope.about[:60]!r}, not {PAGE}")
    return envelope


def _read_entry(item: object, gathered: dict[str, _Gathered]) -> None:
    try:
        entry = events.Entry.model_validate(item)
    except ValidationError:
        gathered.setdefault("", _Gathered()).notices.append({"field": "unreadable", "entry": item})
        return
    found = gathered.setdefault(entry.id or "", _Gathered())
    for event in entry.messaging:
        _keep(found, event, _parts(event, entry.id, entry.time), standby=False)
    for event in entry.standby:
        _keep(found, event, _parts(event, entry.id, entry.time), standby=True)
    found.notices.extend({"field": "changes", "change": change} for change in entry.changes)
    if not entry.messaging and not entry.standby and not entry.changes:
        found.notices.append({"field": "empty", "entry": item})


def _parts(event: object, page: str | None, entry_time: datetime | None) -> list[Part]:
    return read_event(event, page, entry_time) if isinstance(event, dict) else []


def _keep(found: _Gathered, event: object, parts: list[Part], *, standby: bool) -> None:
    if all(part is None for part in parts):
        found.notices.append({"field": STANDBY if standby else "messaging", "event": event})
    for part in parts:
        if isinstance(part, Incoming):
            found.incoming.append(_in_standby(part) if standby else part)
        elif isinstance(part, Receipt):
            found.receipts.append(part)
        elif isinstance(part, Watermark):
            found.watermarks.append(part)


def _in_standby(incoming: Incoming) -> Incoming:
    """Another app owns the thread: kept and shown, never answered."""
    return incoming.model_copy(update={"automatic": True, "raw": {**incoming.raw, STANDBY: True}})
