"""Personal names of customers: introduced ("nama saya Budi", "I'm Dave") or given as a bare answer."""

from ramah.booking.extract.person.finding import find_name
from ramah.booking.extract.person.found import FoundName
from ramah.booking.extract.person.single import has_one_name

__all__ = ["FoundName", "find_name", "has_one_name"]
