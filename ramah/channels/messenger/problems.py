"""Why a page could not be connected: one sentence, the steps that help, and where to take them.

The words are in ``problems.yml`` by reason. A refusal is classified by its code, 190 before 200: nearly every refusal
of Meta has the type ``OAuthException``, expired sessions too, so that the type tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.verdicts import is_permission
from ramah.channels.sentences import FALLBACK_LANGUAGE, LANGUAGES, Language
from ramah.lib.errors import RamahError

Action = Literal["link_to_bm", "reauth"]
Reason = Literal[
    "business_manager",
    "session",
    "checkpoint",
    "no_pages",
    "no_role",
    "cancelled",
    "stale",
    "not_set_up",
    "wrong_app",
    "wrong_page",
    "taken",
    "limited",
    "busy",
    "unreachable",
    "general",
]
_CHECKPOINTS = frozenset({"190/459", "190/464"})
_SESSION = frozenset({"102", "190"})
_PERMISSION = frozenset({"3", "10"})
_LIMITED = frozenset({"10/1893063", "368"})
_WITHOUT_ANSWER = frozenset({SendOutcome.RETRY, SendOutcome.UNCERTAIN})


@dataclass(frozen=True)
class _Wording:
    sentence: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    link: str
    action: Action | None
    words: dict[Language, _Wording]


_FORMAT = TypeAdapter(dict[Reason, _Entry])


class ConnectProblem(RamahError):
    """A page could not be connected or disconnected. ``code`` is Meta's (``190/460``) where Meta said no.

    ``sentence`` and ``steps`` are in the operator's language; ``link`` is where to act; ``action`` is what a program
    should offer; ``about`` is the page's name where one page is meant.
    """

    subsystem = "channel"

    def __init__(self, reason: Reason, language: str, *, code: str | None = None, about: str | None = None) -> None:
        entry = _entries()[reason]
        words = entry.words[language if language in LANGUAGES else FALLBACK_LANGUAGE]
        super().__init__(words.sentence, code=code)
        self.reason = reason
        self.about = about
        self.sentence = words.sentence
        self.steps = words.steps
        self.link = entry.link
        self.action = entry.action


def problem_of(error: ChannelError, language: str, *, about: str | None = None) -> ConnectProblem:
    """What a refusal means to whoever connects a page."""
    return ConnectProblem(reason_of(error), language, code=error.code, about=about)


def reason_of(error: ChannelError) -> Reason:
    """The reason by code, first of all the ended sessions (190); without a code by the outcome."""
    code = error.code or ""
    main = code.partition("/")[0]
    if main in _SESSION:
        return "checkpoint" if code in _CHECKPOINTS else "session"
    if code in _LIMITED:
        return "limited"
    if main in _PERMISSION or (is_permission(main) and main != "210"):
        return "business_manager"
    if main == "101":
        return "wrong_app"
    if error.outcome is SendOutcome.WAIT:
        return "busy"
    return "unreachable" if error.outcome in _WITHOUT_ANSWER else "general"


@cache
def _entries() -> dict[Reason, _Entry]:
    path = Path(__file__).with_name("problems.yml")
    return _FORMAT.validate_python(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
