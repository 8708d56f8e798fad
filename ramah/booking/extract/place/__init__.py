"""Addresses of customers in Indonesia and Malaysia: their parts, the cities a name may mean, and shared pins.

A name that several cities have is never guessed: ``find_address`` reports ``candidates``, the dialogue asks, and
``resolve`` completes the address with the answer. ``place_of_pin`` knows the city of a location that was shared.
"""

from ramah.booking.extract.place.candidates import resolve
from ramah.booking.extract.place.finding import find_address
from ramah.booking.extract.place.found import Candidate, FoundAddress
from ramah.booking.extract.place.pins import PinnedPlace, place_of_pin

__all__ = ["Candidate", "FoundAddress", "PinnedPlace", "find_address", "place_of_pin", "resolve"]
