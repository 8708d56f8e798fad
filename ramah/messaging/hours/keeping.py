"""Keeping hours: from rows to a plan and back, and to what each turn reads. One change of an owner at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.hours.plan import DAYS, Plan, SpecialDay, Window
from ramah.messaging.models import ChannelAccount, Division, Hours, HoursOwner, HoursSpecialDay, HoursWindow
from ramah.people import Organisation
from ramah.store import utc_now

DEFAULT = "default"
KEPT_BEHIND = timedelta(days=8)
"""How long a special day that is over still goes with each turn: longer than any message waits to be looked at."""


@dataclass(frozen=True)
class Owner:
    """Who keeps hours: ``id`` of an account or division, or ``default``."""

    organisation_id: str
    id: str = DEFAULT
    kind: HoursOwner = HoursOwner.BOT


@dataclass(frozen=True)
class Kept:
    """The plan that holds for an owner; ``own`` False: it is the default's, or where none is kept an empty one."""

    plan: Plan
    own: bool


def kept(session: Session, owner: Owner) -> Kept:
    """What holds for an owner now. Raises NotFound for an account that is not there."""
    check_owner(session, owner)
    found = stored(session, owner)
    if found is not None:
        return Kept(plan_of(found), own=True)
    default = stored(session, Owner(owner.organisation_id, DEFAULT, owner.kind))
    if default is not None:
        return Kept(plan_of(default), own=False)
    return Kept(Plan(zone=session.get_one(Organisation, owner.organisation_id).timezone), own=False)


def stored(session: Session, owner: Owner) -> Hours | None:
    """The owner's own row."""
    return session.scalar(select(Hours).where(Hours.owner_kind == owner.kind, Hours.owner_id == owner.id))


def opened(session: Session, owner: Owner) -> Hours:
    """The owner's own row, made where there is none, and nobody else changes it meanwhile. Raises NotFound."""
    check_owner(session, owner, lock=True)
    found = stored(session, owner)
    if found is None:
        zone = session.get_one(Organisation, owner.organisation_id).timezone
        found = Hours(owner_kind=owner.kind, owner_id=owner.id, timezone=zone, messages={}, windows=[], special_days=[])
        found.enabled, found.tells, found.needs_human = False, True, True
        session.add(found)
        session.flush()
    return found


def keep(session: Session, owner: Owner, plan: Plan) -> Hours:
    """Store a plan as the owner's own. Windows that were there keep their numbers; paused ones stay paused."""
    row = opened(session, owner)
    row.enabled, row.timezone = plan.enabled, plan.zone
    row.tells, row.needs_human = plan.tells, plan.needs_human
    row.messages = {language: text for language, text in plan.messages.items() if text}
    _keep_windows(row, plan)
    _keep_special_days(row, plan)
    publish(session, owner, row)
    return row


def forget(session: Session, owner: Owner) -> None:
    """From now on the default's hours hold. The default itself cannot be given up: it is switched off."""
    if owner.id == DEFAULT:
        raise BadInput("The default hours can only be switched off.")
    check_owner(session, owner, lock=True)
    found = stored(session, owner)
    if found is not None:
        session.delete(found)
    if owner.kind is HoursOwner.DIVISION:
        session.get_one(Division, owner.id).hours = None
    else:
        session.get_one(ChannelAccount, owner.id).bot_hours = None
    session.flush()


def publish(session: Session, owner: Owner, row: Hours) -> None:
    """Give each turn what it reads: hours stand on the account, organisation or division that it loads anyway."""
    session.flush()
    plan = plan_of(row, since=utc_now().date() - KEPT_BEHIND)
    told = plan.model_dump(mode="json") if plan.enabled else {"enabled": False}
    if owner.kind is HoursOwner.DIVISION:
        session.get_one(Division, owner.id).hours = told
    elif owner.id == DEFAULT:
        session.get_one(Organisation, owner.organisation_id).bot_hours = told
    else:
        session.get_one(ChannelAccount, owner.id).bot_hours = told
    session.flush()


def plan_of(row: Hours, since: date = date.min) -> Plan:
    """The plan of a row: its active windows, its special days from ``since`` on. Raises BadInput for an overlap."""
    week: list[list[dict[str, Any]]] = [[] for _ in range(DAYS)]
    for window in row.windows:
        if window.active:
            week[window.weekday].append({"opens": window.opens, "closes": window.closes})
    special = [
        {"day": day.day, "name": day.name, "windows": [{"opens": a, "closes": b} for a, b in day.windows]}
        for day in row.special_days
        if day.day >= since
    ]
    return checked_plan(
        enabled=row.enabled,
        zone=row.timezone,
        week=week,
        special=special,
        tells=row.tells,
        needs_human=row.needs_human,
        messages=row.messages,
    )


def checked_plan(**fields: Any) -> Plan:
    """A plan from what somebody typed. Raises BadInput that says in words what is wrong."""
    try:
        return Plan.model_validate(fields)
    except ValidationError as error:
        raise BadInput(in_words(error)) from error


def in_words(error: ValidationError) -> str:
    """The first thing that is wrong, as a sentence."""
    first = error.errors(include_url=False)[0]
    place = " ".join(str(part) for part in first["loc"] if isinstance(part, str))
    words = first["msg"].removeprefix("Value error, ")
    return f"{place}: {words}." if place else f"{words}."


def check_owner(session: Session, owner: Owner, *, lock: bool = False) -> None:
    """Raises NotFound where the owner is not there. With ``lock``, whoever changes its hours waits for us."""
    update = {"key_share": True} if lock else None
    found: ChannelAccount | Organisation | Division | None
    if owner.kind is HoursOwner.DIVISION:
        found = session.get(Division, owner.id, with_for_update=update)
    elif owner.id == DEFAULT:
        found = session.get(Organisation, owner.organisation_id, with_for_update=update)
    else:
        found = session.get(ChannelAccount, owner.id, with_for_update=update)
    if found is None:
        raise NotFound(f"There is no such {owner.kind}.")


def _keep_windows(row: Hours, plan: Plan) -> None:
    wanted = {(day, window.opens, window.closes) for day in range(DAYS) for window in plan.week[day]}
    staying = [one for one in row.windows if not one.active or _as_key(one) in wanted]
    there = {_as_key(one) for one in staying if one.active}
    row.windows = [*staying, *(_new_window(row, *key) for key in sorted(wanted - there))]


def _as_key(window: HoursWindow) -> tuple[int, Any, Any]:
    return window.weekday, window.opens, window.closes


def _new_window(row: Hours, weekday: int, opens: Any, closes: Any) -> HoursWindow:
    return HoursWindow(organisation_id=row.organisation_id, weekday=weekday, opens=opens, closes=closes, active=True)


def _keep_special_days(row: Hours, plan: Plan) -> None:
    there = {one.day: one for one in row.special_days}
    kept_days = []
    for special in plan.special:
        one = there.get(special.day) or HoursSpecialDay(organisation_id=row.organisation_id, day=special.day)
        one.name, one.windows = special.name, _as_pairs(special)
        kept_days.append(one)
    row.special_days = kept_days


def _as_pairs(special: SpecialDay) -> list[list[str]]:
    return [_as_pair(window) for window in special.windows]


def _as_pair(window: Window) -> list[str]:
    return [f"{window.opens:%H:%M}", f"{window.closes:%H:%M}"]
