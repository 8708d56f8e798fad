"""The limits of the checks and the findings that a person has accepted: data_check.yml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.data_check.finding import Finding
from engine.importer_files import SkillError, line_of

SETTINGS_FILE = "data_check.yml"
LIMITS = ("minimum_examples", "largest_share", "between_languages")
KEYS = {*LIMITS, "not_typed", "details", "reviewed"}


@dataclass(frozen=True)
class Reviewed:
    """A finding that a person has looked at and accepted, and why."""

    check: str
    subject: str
    line: int

    def covers(self, finding: Finding) -> bool:
        """Whether this is the finding that was accepted."""
        return (self.check, self.subject) == (finding.check, finding.subject)


@dataclass(frozen=True)
class Settings:
    """The limits of the checks.

    Attributes:
        minimum_examples: Examples that each intent needs in each language.
        largest_share: How many times the examples of the smallest intent the largest may have.
        between_languages: The same between the languages of one intent.
        not_typed: Intents that only buttons and the platform send, each with the reason.
        details: Intents of bare details (a name, a day), which other intents contain by nature, each with the
            reason: no other intent's claim on them counts.
        reviewed: Findings that were accepted.
    """

    minimum_examples: int = 60
    largest_share: float = 6.0
    between_languages: float = 2.0
    not_typed: Mapping[str, str] | None = None
    details: Mapping[str, str] | None = None
    reviewed: tuple[Reviewed, ...] = ()

    def is_typed(self, intent: str) -> bool:
        """Whether customers write this intent in words."""
        return intent not in (self.not_typed or {})

    def is_judged(self, intent: str) -> bool:
        """Whether it counts when another intent claims its examples."""
        return self.is_typed(intent) and intent not in (self.details or {})


def read_settings(root: Path) -> Settings:
    """The settings of the project; without a file, the usual ones.

    Raises:
        SkillError: The file has an unknown key, or an accepted finding lacks its reason.
    """
    path = root / SETTINGS_FILE
    if not path.exists():
        return Settings()
    content = YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}
    for key in content:
        if key not in KEYS:
            raise SkillError(path, line_of(content, key), f"'{key}' does not belong here; allowed: {sorted(KEYS)}")
    entries = content.get("reviewed") or []
    reviewed = tuple(entry for index in range(len(entries)) for entry in _reviewed(path, entries, index))
    limits: dict[str, Any] = {key: content[key] for key in LIMITS if key in content}
    reasons: dict[str, Any] = {key: dict(content.get(key) or {}) for key in ("not_typed", "details")}
    return Settings(**limits, **reasons, reviewed=reviewed)


def without_reviewed(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """The findings that nobody has accepted, and the acceptances that no longer accept anything."""
    found = list(findings)
    left = [finding for finding in found if not any(entry.covers(finding) for entry in settings.reviewed)]
    stale = [entry for entry in settings.reviewed if not any(entry.covers(finding) for finding in found)]
    return sorted(left) + [_stale(entry) for entry in stale]


def _reviewed(path: Path, entries: Any, index: int) -> Iterator[Reviewed]:
    entry, line = entries[index], line_of(entries, index)
    if not isinstance(entry, Mapping) or not all(entry.get(key) for key in ("check", "reason", "subjects")):
        raise SkillError(path, line, "accepted findings need 'check', 'reason' and 'subjects'")
    subjects = entry["subjects"]
    for position in range(len(subjects)):
        yield Reviewed(str(entry["check"]), str(subjects[position]), line_of(subjects, position) or line or 1)


def _stale(entry: Reviewed) -> Finding:
    message = f"'{entry.subject}' is no longer found by '{entry.check}'; remove this entry"
    return Finding(SETTINGS_FILE, entry.line, "reviewed", entry.subject, message)
