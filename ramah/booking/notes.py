"""Notes: wishes that no field holds ("jangan pakai wax", "pagar hitam"), kept word for word for the crew."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ramah.booking.heard import Heard

LONGEST_NOTES = 500
SHORTEST = 8
_CLAUSES = re.compile(
    r"[.;\n!]+|,\s+(?=(?:tapi|tp|tolong|tlg|jangan|jgn|please|pls|but|catatan|note|nota|oh ya|oya)\b)"
)
_NOTE = re.compile(
    r"\b(catatan|nota|notes?|request|pesan khusus)\s*:"
    r"|\b(tolong|tlg|mohon|harap|minta|sila|please|pls|kindly)\b.{0,20}"
    r"\b(jangan|jgn|tak payah|hati-hati|bawa|pakai|pake|guna|telp|telepon|call|hubungi|careful|bring|use|don'?t|do not|"
    r"ring|park|parkir)\b"
    r"|\b(jangan|jgn)\s+(pakai|pake|guna|lupa|kena|sampai|pencet|ketuk|bunyi|use|letak)\b"
    r"|\b(don'?t|do not|no need to)\s+(use|ring|touch|forget|park|knock)\b"
    r"|\b(pagar|pager|gerbang|gate|rumah|pintu)\s+(warna\s+)?"
    r"(hitam|putih|merah|biru|hijau|kuning|coklat|cokelat|abu|kelabu|black|white|red|blue|green)\b"
    r"|\b(black|white|red|blue|green|brown)\s+(gate|fence|door|house)\b"
    r"|\b(ada|got|there'?s|we have)\s+(a\s+)?(anjing|kucing|bayi|baby|dog|cat)\b"
    r"|\b(alergi|alahan|allergic|allergy)\b|\b(lapor|tinggal(kan)?)\b.{0,12}\b(satpam|security|guard|pos)\b",
    re.IGNORECASE,
)
_NOT_IN = frozenset({"cancel", "talk_to_person", "complaint", "start_over", "go_back", "stop", "change_language"})
_LEAD = re.compile(r"^(?:ya|iya|ok|oke|okay|yes|yup|betul|benar|tapi|tp|but|dan|and|oh ya|oya|,|\s)+\b", re.IGNORECASE)


def find_note(heard: Heard) -> str | None:
    """The clauses of a message that are notes, as written; None where there is none."""
    if heard.tap is not None or heard.intent in _NOT_IN:
        return None
    clauses = [clause.strip(" ,") for clause in _CLAUSES.split(heard.text[:LONGEST_NOTES])]
    found = [_LEAD.sub("", clause).strip(" ,") for clause in clauses if _NOTE.search(clause) and "?" not in clause]
    text = ". ".join(clause for clause in found if len(clause) >= SHORTEST)
    return text or None


def with_note(facts: Mapping[str, str], note: str) -> str:
    """The notes with one more; one that is there already is not repeated."""
    before = facts.get("notes", "")
    return before if note in before else f"{before}; {note}".strip("; ")[:LONGEST_NOTES]
