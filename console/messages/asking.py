"""What the filters of the message log ask for, and how a page's end is written in an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.days import beginning_of
from console.numbers import whole_number
from ramah.desk.inbox_list import microseconds
from ramah.desk.messages.asking import Direction, Place, Wanted

FILTERS = ("since", "until", "person", "channel", "direction", "status")
PLATFORM = "kind:"
LONGEST = 100
SHOWN_AT_FIRST = timedelta(days=6)
"""How many days before today the log begins where nobody says otherwise: it is read for what happened just now."""


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the form, and where the page before ended."""

    since: str
    until: str
    person: str
    channel: str
    direction: str
    status: str
    before: str

    @classmethod
    def of(cls, given: Callable[[str], str], now: datetime, zone: str) -> Asked:
        """Read them. Without any day and without a person the last week is shown."""
        values = {name: given(name)[:LONGEST].strip() for name in (*FILTERS, "before")}
        if not (values["since"] or values["until"] or values["person"]):
            values["since"] = (now.astimezone(ZoneInfo(zone)) - SHOWN_AT_FIRST).date().isoformat()
        return cls(**values)

    def filters(self) -> dict[str, str]:
        """What is asked for, without what asks for nothing."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    def wanted(self, zone: str) -> Wanted:
        """The same for the database; days are those of the organisation. Raises BadInput for what is no day."""
        platform = self.channel.removeprefix(PLATFORM) if self.channel.startswith(PLATFORM) else ""
        return Wanted(
            since=beginning_of(self.since, zone),
            until=beginning_of(self.until, zone, later=1),
            person=self.person,
            account="" if platform else self.channel,
            kind=platform,
            direction=self.direction,
            status=self.status,
            before=_place(self.before),
        )


def as_cursor(place: Place | None) -> str | None:
    """A page's end as it stands in the address of the next one."""
    return f"{microseconds(place.at)}.{place.direction}.{place.id}" if place else None


def _place(text: str) -> Place | None:
    moment, _, rest = text.partition(".")
    direction, _, row = rest.partition(".")
    known = direction == Direction.OUT or (direction == Direction.IN and row.isdecimal())
    if not (known and moment.isdecimal() and len(moment) <= 16):
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=whole_number(moment))
    return Place(at, Direction(direction), row if direction == Direction.OUT else str(whole_number(row)))
