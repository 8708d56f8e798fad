"""Public holidays as special days, from the calendars of the ``holidays`` library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import holidays

from ramah.lib.errors import BadInput
from ramah.messaging.hours.plan import SpecialDay

LANGUAGES = {"ID": "id", "MY": "ms_MY"}
"""The countries that we know, and the language in which their days are named."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


def public_holidays(country: str, year: int, subdivision: str | None = None) -> list[SpecialDay]:
    """The public holidays of a year, closed all day, earliest first. Malaysian states (``subdivision``, as ``14`` or
    ``KUL``) have days of their own. Raises BadInput for a country, state or year that is not known."""
    if country not in LANGUAGES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput("Public holidays are known for ID and MY, from 2000 to 2100.")
    try:
        found: Mapping[date, str] = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=LANGUAGES[country]
        )
    except NotImplementedError as error:
        raise BadInput("This state or province is not known.") from error
    return [SpecialDay(day=day, name=name[:140]) for day, name in sorted(found.items())]


def with_holidays(days: tuple[SpecialDay, ...], more: list[SpecialDay]) -> tuple[SpecialDay, ...]:
    """The special days with those that are not among them yet: what somebody set by hand stays."""
    known = {special.day for special in days}
    added = (special for special in more if special.day not in known)
    return tuple(sorted((*days, *added), key=lambda special: special.day))
