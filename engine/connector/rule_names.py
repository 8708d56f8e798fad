"""Which rule of which file a trained model's memorised states come from, read from beside the model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.models import rule_names_path

Named = tuple[str | None, str | None]


class RuleNames:
    """Names and files of rules by the states that the rule policy has memorised."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._names = names

    @classmethod
    def beside(cls, model: Path) -> RuleNames:
        """Those that were written when the model was trained; none where they were not."""
        path = rule_names_path(model)
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})

    def named(self, key: str | None) -> Named:
        """The name and file of a rule, None for one that is not known."""
        found = self._names.get(digest_of(key)) if key else None
        return (found[0], found[1]) if found else (None, None)


def digest_of(key: str) -> str:
    """What a memorised state is filed under."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
