"""What an alert says, in the language of whoever reads it; the words are in ``words.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from ramah.lib.wording import clock, long_date
from ramah.messaging.alerts.register import facts_of
from ramah.messaging.models import Alert

WORDS = Path(__file__).parent / "words.yml"
DEFAULT_LANGUAGE = "en"
ANY_KIND = "other"


@dataclass(frozen=True)
class Worded:
    """An alert in words: a line, the sentences below it, and what the link is called."""

    title: str
    body: str
    link: str


def worded(alert: Alert, language: str, zone: str) -> Worded:
    """The words of an alert as it stands (open or over) in ``language``; moments in ``zone``."""
    spoken = _spoken(language)
    kind = spoken["kinds"].get(alert.kind) or spoken["kinds"][ANY_KIND]
    values = _values(alert, spoken, language, zone)
    phase = "over" if alert.closed_at is not None else "open"
    chosen = kind.get(phase) or spoken["kinds"][ANY_KIND][phase]
    return Worded(
        title=" ".join(chosen["title"].format_map(values).split()),
        body=chosen["body"].format_map(values).strip(),
        link=kind.get("link", spoken["link"]),
    )


def mail_frame(language: str, person: str, organisation: str) -> tuple[str, str]:
    """How a mail begins and ends."""
    spoken = _spoken(language)
    values = _Values(person=person, organisation=organisation)
    return spoken["mail"]["greeting"].format_map(values), spoken["mail"]["closing"].format_map(values)


def _spoken(language: str) -> dict[str, Any]:
    languages = _words()["languages"]
    found: dict[str, Any] = languages.get(language) or languages[DEFAULT_LANGUAGE]
    return found


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))
    return found


class _Values(dict[str, str]):
    """Values by name; one that is not known is left out of the sentence."""

    def __missing__(self, name: str) -> str:
        return ""


def _values(alert: Alert, spoken: Mapping[str, Any], language: str, zone: str) -> _Values:
    facts = facts_of(alert)
    values = _Values(facts)
    values.setdefault("detail", facts.get("trouble", ""))
    values["subject"], values["kind"] = alert.subject, alert.kind
    values["opened"] = _moment(alert.opened_at, language, zone)
    if "since" in facts:
        values["since"] = _moment(datetime.fromisoformat(facts["since"]), language, zone)
    if "day" in facts:
        values["day"] = long_date(datetime.fromisoformat(facts["day"]).date(), language)
    if alert.closed_at is not None:
        values["over"] = _moment(alert.closed_at, language, zone)
    state = facts.get("state", "")
    values["trouble"] = spoken["troubles"].get(state) or facts.get("trouble", "")
    values["todo"] = spoken["todos"].get(state) or spoken["todos"][ANY_KIND]
    return values


def _moment(at: datetime, language: str, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{long_date(local.date(), language)}, {clock(local.timetz())}"
