"""Landmarks: "dekat Indomaret", "sebelah masjid", "opposite the mosque"."""

from __future__ import annotations

import re

from ramah.booking.extract.data import any_of, word_group

_RELATION = (
    rf"(?:di[ ]+)?(?:{any_of('relations')})(?:[ ]+(?:dengan|dgn|sama))?|near(?:[ ]+to)?|nearby[ ]+to|next[ ]+to"
    r"|opposite(?:[ ]+of)?|behind|in[ ]+front[ ]+of|beside|besides|across(?:[ ]+from)?|close[ ]+to"
)
_LANDMARK = re.compile(
    r"(?<![\w-])(?P<cue>patokan(?:nya)?[ ]*(?:adalah|itu|di|:)?[ ]*)?"
    rf"(?P<relation>{_RELATION})?(?(cue)|(?(relation)|(?!)))[ ]+"
    r"(?P<object>(?:the[ ]+|a[ ]+)?[^\W_][\w'’&/+-]*(?:[ .]{1,2}[^\W_][\w'’&/+-]*){0,4})",
    re.IGNORECASE,
)
_NOUNS = word_group("landmark_nouns")
_ENDS = word_group("landmark_ends")
_STREETS = frozenset({"jl", "jln", "jalan", "gg", "gang", "lorong", "blok", "rt", "no"})
_NO_OBJECT = word_group("no_landmark")
_BEFORE_TIME_OR_PART = re.compile(
    rf"(?<!\w)(?:{any_of('before_no_landmark')})[ ]*$",
    re.IGNORECASE,
)


def find_landmark(text: str, *, evidence: bool) -> tuple[str, tuple[int, int]] | None:
    """A landmark with its relation, and its place. Without an address beside it, only what is plainly a landmark."""
    for match in _LANDMARK.finditer(text):
        end = _end_of_object(text, match)
        if end is None or _BEFORE_TIME_OR_PART.search(text[max(0, match.start() - 20) : match.start()]):
            continue
        if evidence or match["cue"] or _is_landmark(text[match.start("object") : end]):
            start = match.start("relation") if match["relation"] else match.start("object")
            return re.sub(r"^di\s+", "", " ".join(text[start:end].split()), flags=re.IGNORECASE), (match.start(), end)
    return None


def _end_of_object(text: str, match: re.Match[str]) -> int | None:
    end: int | None = None
    for word in re.finditer(r"[^\W_][\w'’&/+-]*", text[: match.end("object")][match.start("object") :]):
        key = word[0].lower()
        if end is None and key in ("the", "a"):
            continue
        if (end is None and key in _NO_OBJECT) or key in _ENDS or (end is not None and key in _STREETS):
            break
        end = match.start("object") + word.end()
    return end


def _is_landmark(name: str) -> bool:
    words = re.sub(r"^(?:the|a) ", "", name, flags=re.IGNORECASE).split()
    capital = words[0][:1].isupper() and not name.isupper()
    return capital or any(word.lower() in _NOUNS for word in words[:2])
