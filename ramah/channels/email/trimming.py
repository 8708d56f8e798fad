"""What the person wrote in this mail, without what is quoted below it and without signatures.

Rather too much is kept than too little: what looks like a list, a route ("Dari: ...") or an own sentence stays, and
where nothing would be left everything is. The whole mail is in its envelope.
"""

from __future__ import annotations

from email_reply_parser import EmailMessage  # type: ignore[import-untyped]

from ramah.channels.email.headings import (
    LINES_OF_HEADING,
    MOBILE_SIGNATURE,
    SIGNATURE_MARK,
    begins_header_block,
    is_forward_mark,
    is_quote_heading,
    is_separator,
    may_begin_heading,
)

MOST_LINES = 5_000


class _Headings:
    """The headings as the library wants to ask for them."""

    @staticmethod
    def match(line: str) -> bool | None:
        return is_quote_heading(line) or None


class _Nothing:
    @staticmethod
    def match(line: str) -> None:
        return None


class _Reply(EmailMessage):  # type: ignore[misc]
    """The library's scan with rules of ours. Its own take "-cuci mobil" for a signature and "To: Bandung" for the
    header of a quoted mail, and need cubic time for a text of many "On"."""

    SIG_REGEX = MOBILE_SIGNATURE
    QUOTE_HDR_REGEX = _Headings
    HEADER_REGEX = _Nothing

    def read(self) -> _Reply:
        """Sort the lines into what is shown and what is not."""
        for line in reversed(self.text.split("\n")):
            self._scan_line(line)
        self._finish_fragment()
        self.fragments.reverse()
        return self


def own_words(text: str, *, forwarded: bool) -> str:
    """The text without quotes and signatures. ``forwarded``: the mail passes another one on, which stays."""
    lines = _with_whole_headings(text.split("\n")[:MOST_LINES])
    # Something is quoted that itself was forwarded: then the mark stands below the cut.
    cut = len(lines) if forwarded else _cut(lines)
    mark = next((place for place, line in enumerate(lines[:cut]) if is_forward_mark(line)), None)
    if forwarded and mark is None:
        return text.strip()
    own, passed_on = (lines[:cut], []) if mark is None else (lines[:mark], lines[mark:])
    kept = _without_signature(_Reply("\n".join(own)).read().reply.strip())
    whole = "\n\n".join(part for part in (kept, "\n".join(passed_on).strip()) if part)
    return whole or text.strip()


def _with_whole_headings(lines: list[str]) -> list[str]:
    """Lines with each heading on one: programs break it at 70 to 80 characters."""
    whole: list[str] = []
    place = 0
    while place < len(lines):
        length = _length_of_heading(lines, place)
        whole.append(" ".join(line.strip() for line in lines[place : place + length]) if length > 1 else lines[place])
        place += length
    return whole


def _length_of_heading(lines: list[str], place: int) -> int:
    if not may_begin_heading(lines[place]):
        return 1
    for length in range(1, LINES_OF_HEADING + 1):
        piece = lines[place : place + length]
        if not piece[-1].strip() or piece[-1].startswith(">"):
            return 1
        if is_quote_heading(" ".join(line.strip() for line in piece)):
            return length
    return 1


def _cut(lines: list[str]) -> int:
    """Where quoted text begins that no sign marks line by line; the number of lines when there is none."""
    for place, line in enumerate(lines):
        if is_forward_mark(line):
            return len(lines)
        if is_separator(line) or begins_header_block(lines, place):
            return place
        if is_quote_heading(line) and not _marked_below(lines, place):
            return place
    return len(lines)


def _marked_below(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place + 1 :] if line.strip()), "")
    return following.startswith(">")


def _without_signature(text: str) -> str:
    lines = text.split("\n")
    mark = next((place for place, line in enumerate(lines) if SIGNATURE_MARK.fullmatch(line)), len(lines))
    kept = lines[:mark]
    while kept and (not kept[-1].strip() or set(kept[-1].strip()) <= {"_", "-"}):
        kept.pop()
    return "\n".join(kept).strip()
