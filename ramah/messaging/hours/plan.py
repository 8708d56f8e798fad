"""A plan of weekly hours as a value: what is decided by, whoever keeps it and wherever it is stored."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

DAYS = 7
MOST_WINDOWS = 12
MOST_SPECIAL_DAYS = 400
LONGEST_MESSAGE = 1000
LANGUAGES = ("id", "ms", "en")
DAY_MINUTES = 24 * 60


def minutes(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def _clock(value: Any) -> Any:
    """24:00 is how people write the midnight that ends the day."""
    return time() if value in ("24:00", "24:00:00") else value


def _whole_minute(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("a time is written as 08:30, without seconds and zone")
    return value


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("this time zone is not known; write it as Asia/Jakarta") from error
    return value


def _spoken(messages: dict[str, str]) -> dict[str, str]:
    unknown = set(messages) - set(LANGUAGES)
    if unknown:
        raise ValueError(f"messages are in {', '.join(LANGUAGES)}, not in {sorted(unknown)[0][:20]}")
    return messages


Clock = Annotated[time, BeforeValidator(_clock), AfterValidator(_whole_minute)]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_known_zone)]
Message = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_MESSAGE)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Value):
    """One span of a day. ``closes`` at or before ``opens`` means after midnight: 00:00 ends the day itself."""

    opens: Clock
    closes: Clock

    @property
    def length(self) -> int:
        """Minutes; a window that ends where it begins lasts a whole day."""
        return (minutes(self.closes) - minutes(self.opens) - 1) % DAY_MINUTES + 1

    @property
    def is_overnight(self) -> bool:
        """Whether some of it lies in the next day."""
        return minutes(self.opens) + self.length > DAY_MINUTES


def _apart(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    ordered = tuple(sorted(windows, key=lambda window: window.opens))
    for before, after in pairwise(ordered):
        if minutes(before.opens) + before.length > minutes(after.opens):
            raise ValueError(
                f"the window from {after.opens:%H:%M} begins before the one from {before.opens:%H:%M} ends"
            )
    return ordered


Windows = Annotated[tuple[Window, ...], Field(max_length=MOST_WINDOWS), AfterValidator(_apart)]


class SpecialDay(_Value):
    """A local day with windows of its own; none means closed."""

    day: date
    name: str = Field(default="", max_length=140)
    windows: Windows = ()


def _each_once(days: tuple[SpecialDay, ...]) -> tuple[SpecialDay, ...]:
    if len({special.day for special in days}) < len(days):
        raise ValueError("a special day stands there twice")
    return tuple(sorted(days, key=lambda special: special.day))


class Plan(_Value):
    """Weekly hours, Monday first, with special days, and what happens outside of them.

    ``enabled`` False means open always. ``tells``: the customer gets a message; ``needs_human``: the conversation
    goes into the queue. ``messages`` are own words by language."""

    enabled: bool = False
    zone: Zone
    week: Annotated[tuple[Windows, ...], Field(min_length=DAYS, max_length=DAYS)] = ((),) * DAYS
    special: Annotated[tuple[SpecialDay, ...], Field(max_length=MOST_SPECIAL_DAYS), AfterValidator(_each_once)] = ()
    tells: bool = True
    needs_human: bool = True
    messages: Annotated[dict[str, Message], AfterValidator(_spoken)] = Field(default_factory=dict)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows that begin on a local day."""
        for special in self.special:
            if special.day == day:
                return special.windows
        return self.week[day.weekday()]
