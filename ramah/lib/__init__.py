"""Pure helpers with no I/O: phone numbers, money, clock, text, signatures, errors."""
