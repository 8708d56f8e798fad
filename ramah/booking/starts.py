"""Which of the free starts are offered as buttons."""

from __future__ import annotations

from datetime import datetime, time

from ramah.booking.extract.moment import PART_WINDOWS

MOST_CHOICES = 9
"""One below WhatsApp's ten list rows, so that a static button still fits."""

MOST_NEAR = 6


def in_part(starts: list[datetime], part: str | None) -> list[datetime]:
    """Starts in the part of the day that the customer named, or all where it leaves none."""
    window = PART_WINDOWS.get(part or "")
    fitting = [start for start in starts if window and window[0] <= start.time() < window[1]]
    return fitting or starts


def nearest(starts: list[datetime], wished: time, most: int = MOST_NEAR) -> list[datetime]:
    """At most ``most`` starts about a time that cannot be had, in the order of the day."""
    minutes = wished.hour * 60 + wished.minute
    by_distance = sorted(starts, key=lambda start: abs(start.hour * 60 + start.minute - minutes))
    return sorted(by_distance[:most])


def spread(starts: list[datetime], most: int = MOST_CHOICES) -> list[datetime]:
    """At most ``most`` starts, spread over the day."""
    if len(starts) <= most:
        return starts
    stride = (len(starts) - 1) / (most - 1)
    return [starts[round(index * stride)] for index in range(most)]
