"""Words without their common endings and beginnings; a rough cut, the same for Indonesian, Malay and English."""

from __future__ import annotations

import re

# Three letters at least remain.
_BEGINNING = re.compile(r"^(?:meng|meny|mem|men|me|peng|peny|pem|pen|ber|ter|per|di|ke|se|ng|ny)(?=\w{3})")
_ENDING = re.compile(r"(?<=\w{3})(?:kan|nya|lah|kah|an|in|i|ku|mu|ing|ed|es|s)$")


def stem_of(word: str) -> str:
    """The word without one common beginning and one common ending."""
    return _ENDING.sub("", _BEGINNING.sub("", word))
