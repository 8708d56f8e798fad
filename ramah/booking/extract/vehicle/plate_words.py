"""Words that decide whether letters and digits are a number plate."""

from __future__ import annotations

import re

from ramah.booking.extract.data import any_of, word_group

ANNOUNCED = re.compile(
    r"\b(?:no(?:mor|mbor|mer)?\.?\s*(?:plat|plate|polisi|pol|pendaftaran|kendaraan|kereta|mobil)"
    r"|plat(?:e)?(?:\s*(?:no(?:mor|mbor)?|number|nombor)\.?)?"
    r"|nopol|number\s*plate|license\s*plate|registration(?:\s*(?:no|number))?|reg\s*no|plat(?:nya|e)?)"
    r"\W{0,3}(?:(?:nya|mobil|kereta|saya|sy|aku|is|adalah|ialah|number|it's|:)\W{1,2}){0,3}",
    re.IGNORECASE,
)
BEFORE_OTHER = re.compile(
    rf"(?<!\w)(?:{any_of('before_no_plate')})\.?\s*$",
    re.IGNORECASE,
)
BOOKING_BEFORE = re.compile(
    rf"(?<!\w)(?:{any_of('bookings')})(?:nya)?\s*(?:no\.?|nomor|nombor|number|code|id|ref)?[\s:#]*$", re.IGNORECASE
)
NEVER_HEADS = word_group("plate_never")
"""Never the letters of a plate, even where one was asked for."""

SELDOM_HEADS = word_group("plate_seldom")
"""Letters of a plate only where one was asked for, announced, or where letters follow the digits in capitals."""

PARTICLES = word_group("plate_particles")
UNIT_AFTER = word_group("units_after")

UNIT_BEFORE = word_group("units_before")
