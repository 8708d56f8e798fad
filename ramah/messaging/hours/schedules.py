"""One window at a time, by its number, as programs change the bot's hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.messaging.hours.keeping import Owner, opened, plan_of, publish, stored
from ramah.messaging.models import Hours, HoursOwner, HoursWindow
from ramah.store import Database, utc_now


@dataclass(frozen=True)
class WindowValues:
    """A window as it is wanted. Weekday 0 is Monday."""

    weekday: int
    opens: time
    closes: time
    active: bool = True


@dataclass(frozen=True)
class KeptWindow:
    """A stored window and whose it is."""

    owner_id: str
    row: HoursWindow


def list_windows(session: Session, owner: Owner) -> list[KeptWindow]:
    """The owner's own windows, paused ones too, Monday first."""
    row = stored(session, owner)
    return [KeptWindow(owner.id, window) for window in row.windows] if row else []


def add_window(database: Database, owner: Owner, values: WindowValues) -> KeptWindow:
    """One window more. Raises BadInput where it overlaps another one of the day, NotFound for an unknown account."""
    with database.tenant(owner.organisation_id) as session:
        row = opened(session, owner)
        window = HoursWindow(organisation_id=owner.organisation_id)
        _fill(window, values)
        row.windows.append(window)
        return _checked(session, owner, row, window)


def change_window(database: Database, organisation_id: str, window_id: int, values: WindowValues) -> KeptWindow:
    """Another day or other times for a window. Raises BadInput and NotFound."""
    with database.tenant(organisation_id) as session:
        owner, row, window = _found(session, organisation_id, window_id)
        _fill(window, values)
        return _checked(session, owner, row, window)


def remove_window(database: Database, organisation_id: str, window_id: int) -> None:
    """The window is gone. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        owner, row, window = _found(session, organisation_id, window_id)
        row.windows.remove(window)
        publish(session, owner, row)


def _fill(window: HoursWindow, values: WindowValues) -> None:
    window.weekday, window.active = values.weekday, values.active
    window.opens, window.closes = values.opens, values.closes
    window.updated_at = utc_now()


def _checked(session: Session, owner: Owner, row: Hours, window: HoursWindow) -> KeptWindow:
    plan_of(row)
    publish(session, owner, row)
    return KeptWindow(owner.id, window)


def _found(session: Session, organisation_id: str, window_id: int) -> tuple[Owner, Hours, HoursWindow]:
    window = session.get(HoursWindow, window_id)
    if window is None:
        raise NotFound("There is no such window.")
    row = session.get_one(Hours, window.hours_id)
    owner = Owner(organisation_id, row.owner_id, HoursOwner(row.owner_kind))
    if opened(session, owner) is not row:
        raise NotFound("There is no such window.")
    session.refresh(row)
    still = next((one for one in row.windows if one.id == window_id), None)
    if still is None:
        raise NotFound("There is no such window.")
    return owner, row, still
