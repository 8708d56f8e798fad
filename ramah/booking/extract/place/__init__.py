"""Addresses of customers: street, city, postcode and landmark, in Indonesia and Malaysia."""

from ramah.booking.extract.place.finding import find_address
from ramah.booking.extract.place.found import FoundAddress

__all__ = ["FoundAddress", "find_address"]
