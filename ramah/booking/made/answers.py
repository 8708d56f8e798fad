"""What a customer says when asked whether a booking shall really be called off, and why."""

from __future__ import annotations

import re

from ramah.booking.made.said import Said

LONGEST_REASON = 140
SHORTEST_REASON = 2

_KEEP = re.compile(
    r"\b(ga|gak|ngga|nggak|enggak|tidak|tdk|tak|x|kaga|kagak) ?"
    r"(jadi|jd|usah|payah|perlu|mau|nak|dibatal\w*|batal\w*|cancel)\b"
    r"|\b(jangan|jgn|don'?t|do not|never ?mind|keep it|keep the|keep my|biarkan|biarin|tetap|tetep|kekal\w*|simpan)\b",
    re.IGNORECASE,
)
_CALL_OFF = re.compile(r"\b(di)?(batal\w*|cancel\w*|pembatalan)\b|\bcall it off\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(karena|krn|karna|soalnya|sebab|gara gara|gara-gara|kerana|sbb|pasal|because|cause|cuz|since|due to|as i|"
    r"alasannya|alasan|reason)\b[\s:,]*(?P<why>.+)",
    re.IGNORECASE | re.DOTALL,
)


def wants_to_keep(said: Said) -> bool:
    """Whether the booking stays; "ga jadi" (never mind) is what one says to the question, not to the booking."""
    return bool(_KEEP.search(said.text)) or said.intent == "deny"


def wants_it_off(said: Said) -> bool:
    """Whether the answer is a clear yes. The words decide: "batal" means the draft elsewhere, here the booking."""
    return not wants_to_keep(said) and (said.intent == "affirm" or bool(_CALL_OFF.search(said.text)))


def reason_in(text: str) -> str | None:
    """The customer's own words after "because"."""
    found = _BECAUSE.search(text)
    return _tidy(found["why"]) if found else None


def whole_reason(said: Said) -> str | None:
    """A message that is a reason by itself: some words that are neither yes nor no nor a question."""
    text = _tidy(said.text)
    if said.intent not in ("inform", "nlu_fallback") or "?" in text:
        return None
    return text if len(text.split()) >= SHORTEST_REASON else None


def _tidy(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON].strip(" .,!")
