"""What a password must be: long enough, and none of those that everybody tries first (NIST SP 800-63B)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from ramah.lib.errors import BadInput

SHORTEST, LONGEST = 10, 256
COMMON = Path(__file__).parent / "common_passwords.txt"
LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
ENDING = re.compile(r"[\d\W_]+$")
MOST_REPEATED = 3
"""A password of fewer different signs than this is one key held down."""


def check_password(password: str, *own: str) -> None:
    """Raises BadInput for a password that is too short, too long or guessed early. ``own`` are the person's name,
    address and organisation, which are no password either."""
    if len(password) < SHORTEST:
        raise BadInput(f"The password needs at least {SHORTEST} characters; a few words in a row are easy to remember.")
    if len(password) > LONGEST:
        raise BadInput(f"The password may have at most {LONGEST} characters.")
    if _is_common(password) or _is_own(password, own):
        raise BadInput("This password is one of the first that others would try; choose another one.")


def _is_common(password: str) -> bool:
    plain = password.lower()
    if len(set(plain)) < MOST_REPEATED or plain in "01234567890123456789" or plain in "98765432109876543210":
        return True
    core = ENDING.sub("", plain)
    common = common_passwords() | _common_cores()
    return bool({plain, core, core.translate(LEET), plain.translate(LEET)} & common)


def _is_own(password: str, own: tuple[str, ...]) -> bool:
    core = _letters(password)
    parts = [part for text in own for part in (text, text.partition("@")[0])]
    return any(_letters(part) == core for part in parts if len(_letters(part)) > 1)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.lower())


@lru_cache(maxsize=1)
def _common_cores() -> frozenset[str]:
    """Those of the list without their own endings: another ending does not make a good one of them."""
    return frozenset(core for word in common_passwords() if (core := ENDING.sub("", word)))


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The list: passwords and words that they are made of, in lower case."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
