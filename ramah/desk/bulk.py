"""One action on several conversations: each is done by itself, and what was refused is told with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ramah.desk import handover
from ramah.desk.assigning import assign
from ramah.desk.labels import put_label
from ramah.desk.people import Operator
from ramah.desk.snoozing import UNTIL_WRITTEN, snooze, wake
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.store import Database

MOST = 100


@dataclass
class Outcome:
    """Which conversations changed, and why others did not, by id. What stood so already is in neither."""

    changed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """Who acts, and where."""

    database: Database
    organisation_id: str
    operator: Operator


def act(desk: Desk, action: str, ids: Sequence[str], value: str, until: datetime | None = None) -> Outcome:
    """Do one of ``ACTIONS`` to each conversation. Raises BadInput for an unknown action and for too many at once."""
    if action not in ACTIONS:
        raise BadInput("there is no such action")
    if not ids or len(ids) > MOST:
        raise BadInput(f"choose 1 to {MOST} conversations")
    outcome = Outcome()
    for conversation_id in dict.fromkeys(ids):
        try:
            if ACTIONS[action](desk, conversation_id, value, until):
                outcome.changed.append(conversation_id)
        except (Refused, NotFound) as error:
            outcome.refused[conversation_id] = str(error)
    return outcome


def _label(desk: Desk, conversation_id: str, label_id: str, _: datetime | None) -> bool:
    who = (desk.organisation_id, conversation_id, desk.operator.staff_id)
    return put_label(desk.database, *who, label_id, on=True)


def _unlabel(desk: Desk, conversation_id: str, label_id: str, _: datetime | None) -> bool:
    who = (desk.organisation_id, conversation_id, desk.operator.staff_id)
    return put_label(desk.database, *who, label_id, on=False)


def _assign(desk: Desk, conversation_id: str, staff_id: str, _: datetime | None) -> bool:
    return assign(desk.database, desk.organisation_id, conversation_id, desk.operator, staff_id)


def _close(desk: Desk, conversation_id: str, _value: str, _: datetime | None) -> bool:
    return handover.close(desk.database, desk.organisation_id, conversation_id, desk.operator.staff_id)


def _snooze(desk: Desk, conversation_id: str, _value: str, until: datetime | None) -> bool:
    who = (desk.organisation_id, conversation_id, desk.operator.staff_id)
    return snooze(desk.database, *who, until or UNTIL_WRITTEN)


def _wake(desk: Desk, conversation_id: str, _value: str, _: datetime | None) -> bool:
    return wake(desk.database, desk.organisation_id, conversation_id, desk.operator.staff_id)


ACTIONS: dict[str, Callable[[Desk, str, str, datetime | None], bool]] = {
    "label": _label,
    "unlabel": _unlabel,
    "assign": _assign,
    "close": _close,
    "snooze": _snooze,
    "wake": _wake,
}
