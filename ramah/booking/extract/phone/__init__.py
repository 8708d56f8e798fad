"""Phone numbers typed by customers, as E.164 (rules of the numbering plans: the phonenumbers library)."""

from ramah.booking.extract.phone.finding import FoundPhone, find_phone, odd_phone

__all__ = ["FoundPhone", "find_phone", "odd_phone"]
