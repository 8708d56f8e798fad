"""People with one name only, as is common in Indonesia."""

from __future__ import annotations

import re

_ONE_NAME = re.compile(
    r"\b(?:satu|sebuah|1|one|single|sepatah)\s+(?:nama|name|kata|word|perkataan)\b|"
    r"\bnama\b.{0,20}\b(?:cuma|cm|hanya|just|only)\s+(?:satu|1|itu)\b|"
    r"\b(?:cuma|cm|hanya|just|only)\s+(?:itu|that|nama\s+itu)\b|"
    r"^\W*(?:ga|gak|ngga|nggak|enggak|tidak|tak|tdk)\s*(?:ada|punya)\b|^\W*(?:tiada|takde|takda|xde|xda|none|n\s*/\s*a)\b|"
    r"\bno\s+(?:last|family|sur)\s*name\b|\b(?:tanpa|tak\s+ada|ga\s+ada|tiada)\s+nama\s+(?:belakang|keluarga|akhir)\b",
    re.IGNORECASE,
)


def has_one_name(text: str) -> bool:
    """Whether an answer to "and your last name?" says that there is none."""
    return _ONE_NAME.search(text) is not None
