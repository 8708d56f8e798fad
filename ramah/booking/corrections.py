"""Corrections: which part of a message takes something back, and which facts lose their ground with it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ramah.booking.facts import ADDRESS_EXTRAS, GROUPS
from ramah.booking.heard import Heard

_TAKEN_BACK = re.compile(
    r"\b(?:bukan(?:nya|lah)?|bkn|jangan|jgn|tak mau|ga mau|gak mau|not|isn't|instead of)\s+(?P<old>[^,.;\n]{1,50}?)"
    r"\s*(?:,|\b(?:tapi|tp|tetapi|melainkan|but|rather)\b|\bbut rather\b)\s*",
    re.IGNORECASE,
)
_INSTEAD_OF = re.compile(r"\binstead of\s+[^,.;\n]{1,50}$", re.IGNORECASE)
_CORRECTING = re.compile(
    r"\b(bukan|bkn|salah|maksud(ku| saya| aku|nya)?|mksd|ralat|ganti|tukar|ubah|koreksi|jadinya|eh|silap|tersilap|"
    r"actually|i mean|i meant|sorry|wrong|change|make it|instead|rather|correction)\b",
    re.IGNORECASE,
)
_WHOLE_CAR = re.compile(
    r"\b(ganti|tukar|change|mobil|kereta|car|lain|another|different)\w*\b.{0,12}\b(mobil|kereta|car|lain)\w*\b",
    re.IGNORECASE,
)
_AROUND_A_NAME = re.compile(
    r"^\W*(?:(?:no|nope|wait|eh|bukan|bkn|oops|ups|alamak)\b[ ,.!]*)+|[ ,]+(?:the|yang)?[ ]*(?:name|nama|namanya)\W*$",
    re.IGNORECASE,
)
SLIP_KEEPS = ("car_year", "car_plate", "car_colour")


def without_taken_back(text: str) -> str:
    """The text without what it takes back: of "bukan avanza tapi innova" only "innova" is left.

    Parts become spaces, so that offsets stay true."""
    for pattern in (_TAKEN_BACK, _INSTEAD_OF):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def corrects(heard: Heard) -> bool:
    """Whether a message means to change something that was said."""
    return heard.tap is None and (heard.intent == "correct" or bool(_CORRECTING.search(heard.text)))


def puts_name_right(heard: Heard) -> bool:
    """Whether a message is about a name that was taken down wrongly, whatever is asked at the moment."""
    return heard.tap is None and heard.intent == "correct" and heard.entities.get("field") == "name"


def bare_name(text: str) -> str:
    """What is left of such a message: "its grace brown" of "no wait its grace brown, the name"."""
    return _AROUND_A_NAME.sub("", text)


def takes_back(heard: Heard) -> bool:
    """Whether a message sets one thing against another ("bukan avanza tapi innova"): a slip, and no other car."""
    return bool(_TAKEN_BACK.search(heard.text) or _INSTEAD_OF.search(heard.text)) and not _WHOLE_CAR.search(heard.text)


def drop_dependents(news: Mapping[str, str], said: Mapping[str, str], facts: dict[str, str], heard: Heard) -> None:
    """A new car makes the old plate and year wrong, but for a slip of the tongue; a new street the old address.

    What was ``said`` again stays, though it is no news."""
    if "car_model" in news and facts.get("car_model") not in (None, news["car_model"]):
        kept = SLIP_KEEPS if takes_back(heard) else ()
        for name in GROUPS["car"]:
            if name not in kept and name not in said:
                facts.pop(name, None)
    if "street" in news and facts.get("street") not in (None, news["street"]):
        for name in ("city", "postcode", *ADDRESS_EXTRAS):
            if name not in said:
                facts.pop(name, None)


def clear_named(heard: Heard, facts: dict[str, str], said: Mapping[str, str]) -> bool:
    """Forget what the message names without giving a value; what it ``said`` again as it was stays."""
    names = GROUPS.get(heard.entities.get("field", ""), ())
    if not any(name in said for name in names):
        for name in names:
            facts.pop(name, None)
    return bool(names)
