"""The lines that mail programs put above what they quote or forward, in Indonesian, Malay and English.

Collected from Gmail, Outlook, Apple Mail, Yahoo and Thunderbird in these languages.
"""

from __future__ import annotations

import re

LONGEST_HEADING = 400
_WROTE = re.compile(r"(?:On|Pada)\b.*\b(?:wrote|menulis|berkata)\s*:", re.IGNORECASE)
_OLD_GMAIL = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.*<[^<>\s]+@[^<>\s]+>\s*:")
_BEGINS = re.compile(r"(?:On|Pada)\b", re.IGNORECASE)
_EVIDENCE = re.compile(r"@|\d{1,2}[.:]\d{2}|\d{1,4}[-/]\d{1,2}[-/]\d{1,4}")
"""A person may well write "Pada hari itu saya menulis:"; a program names an address, a time of day or a date."""
_SEPARATOR = re.compile(
    r"[-_\s*]{2,}(?:original message|original appointment|pesan asli|pesan asal|mesej asal|mesej asli)[-_\s*]{2,}",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"[\s>*]*(?:"
    r"-{3,}\s*(?:forwarded message|pesan (?:yang )?(?:diteruskan|terusan)|mesej (?:yang )?(?:dimajukan|dikirim semula))"
    r"\s*-{3,}"
    r"|(?:begin forwarded message|mulai pesan (?:yang )?diteruskan|mula mesej (?:yang )?dimajukan)\s*:"
    r")\s*",
    re.IGNORECASE,
)
_FORWARDED_SUBJECT = re.compile(r"\s*(?:fwd?|trs|terusan|tr|wg)\s*:", re.IGNORECASE)
_FROM = re.compile(r"[*\s]*(?:from|dari|daripada)\s*:[*\s]*\S", re.IGNORECASE)
_SENT = re.compile(r"[*\s]*(?:sent|date|dikirim|terkirim|tanggal|dihantar|tarikh)\s*:", re.IGNORECASE)
_SUBJECT = re.compile(r"[*\s]*(?:subject|subjek|perihal|judul|hal)\s*:", re.IGNORECASE)
LINES_OF_BLOCK = 7
LINES_OF_HEADING = 4

MOBILE_SIGNATURE = re.compile(
    r"(?:sent (?:from|via) (?:my |the |yahoo|outlook|gmail|samsung)|get outlook for |(?:dikirim|terkirim) dari |"
    r"dihantar daripada |dapatkan outlook untuk |yahoo mail: )",
    re.IGNORECASE,
)
SIGNATURE_MARK = re.compile(r"-- ?")
"""RFC 3676, 4.3: two dashes and a space; some programs lose the space."""


def is_quote_heading(line: str) -> bool:
    """Whether a (joined) line says who wrote what follows."""
    stripped = line.strip().strip("*").strip()
    if not stripped.endswith(":") or len(stripped) > LONGEST_HEADING or not _EVIDENCE.search(stripped):
        return False
    return bool(_WROTE.fullmatch(stripped) or _OLD_GMAIL.fullmatch(stripped))


def may_begin_heading(line: str) -> bool:
    """Whether a heading that was broken into several lines may start here."""
    return bool(_BEGINS.match(line.strip())) and len(line) <= LONGEST_HEADING


def is_separator(line: str) -> bool:
    """``-----Original Message-----`` and its like: everything below is quoted."""
    return len(line) <= LONGEST_HEADING and bool(_SEPARATOR.fullmatch(line.strip()))


def is_forward_mark(line: str) -> bool:
    """Whether what follows was forwarded: the person wants it read."""
    return len(line) <= LONGEST_HEADING and bool(_FORWARD.fullmatch(line))


def is_forward_subject(subject: str) -> bool:
    """``Fwd:`` and its like."""
    return bool(_FORWARDED_SUBJECT.match(subject))


def begins_header_block(lines: list[str], place: int) -> bool:
    """Outlook's way: From, Sent, To and Subject above the quoted text. All of sender, date and subject must be there,
    since people write "Dari: Jakarta" themselves."""
    block = lines[place : place + LINES_OF_BLOCK]
    if not block or len(block[0]) > LONGEST_HEADING or not _FROM.match(block[0]):
        return False
    return any(_SENT.match(line[:40]) for line in block) and any(_SUBJECT.match(line[:40]) for line in block)
