"""Titles before a name (Pak, Encik, Datuk Seri, Dr.) and words of address after it."""

from __future__ import annotations

from collections.abc import Sequence

from ramah.booking.extract.words import Word

_SHOWN = {
    "pak": "Pak", "pk": "Pak", "bpk": "Bapak", "bapak": "Bapak", "bp": "Bapak", "bapa": "Bapak",
    "bu": "Bu", "ibu": "Ibu", "ibuk": "Ibu", "buk": "Bu", "mas": "Mas", "mbak": "Mbak", "mba": "Mbak", "mbk": "Mbak",
    "kak": "Kak", "kakak": "Kakak", "ka": "Kak", "bang": "Bang", "abang": "Abang", "bg": "Bang", "adik": "Adik",
    "om": "Om", "tante": "Tante", "koh": "Koh", "ko": "Ko", "ci": "Ci", "cici": "Cici", "kang": "Kang", "teh": "Teh", "teteh": "Teteh",
    "bli": "Bli", "uda": "Uda", "gus": "Gus", "ning": "Ning", "ustadz": "Ustadz", "ustaz": "Ustaz", "kyai": "Kyai",
    "encik": "Encik", "en": "En.", "puan": "Puan", "pn": "Pn.", "cik": "Cik", "tuan": "Tuan", "toh": "Toh", "tun": "Tun",
    "haji": "Haji", "h": "H.", "hj": "Hj.", "hjh": "Hjh.", "hajah": "Hajah", "hajjah": "Hajjah", "hajj": "Haji",
    "dr": "Dr.", "drg": "drg.", "drs": "Drs.", "dra": "Dra.", "ir": "Ir.", "prof": "Prof.", "professor": "Prof.",
    "datuk": "Datuk", "dato": "Dato'", "dato'": "Dato'", "datin": "Datin", "seri": "Seri", "paduka": "Paduka",
    "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mister": "Mr", "mdm": "Mdm", "madam": "Madam", "sir": "Sir", "uncle": "Uncle",
    "auntie": "Auntie", "aunty": "Aunty",
}  # fmt: skip
_NEEDS_COMPANY = {"h", "ko", "ci", "ka", "teh", "kang", "ning", "toh", "tun", "en", "uda", "gus", "om"}
"""Also syllables of names or particles: titles only where something follows on the same line."""
_ONLY_AFTER = {"seri": {"datuk", "dato", "dato'"}, "paduka": {"datin"}, "sri": {"datuk", "dato", "dato'", "tan", "puan"}}
_ADDRESSES_AFTER = {
    "pak", "bapak", "bu", "ibu", "mas", "mbak", "mba", "kak", "kakak", "ka", "bang", "abang", "gan", "min", "bro", "sis", "sir", "encik", "puan", "boss",
    "bos", "admin",
}  # fmt: skip
_PARTICLES = {
    "ya", "yah", "y", "yaa", "yaw", "iya", "dong", "donk", "deh", "dah", "sih", "lah", "la", "lho", "loh", "nih", "ni", "aja", "aj", "saja", "sja", "je",
    "jer", "jak", "please", "pls", "plis", "tq", "thx", "thanks", "makasih", "mksh", "trims", "ok", "oke", "hehe", "haha", "wkwk", "kok", "kan", "tau",
    "sahaja", "only", "here", "speaking", "sini", "disini", "doang",
}  # fmt: skip


def take_titles(words: Sequence[Word]) -> tuple[str | None, int]:
    """The titles at the head of ``words`` as they are written, and how many words they take."""
    shown: list[str] = []
    position = 0
    while position < len(words):
        title = _title_at(words, position)
        if title is None:
            break
        shown.append(title[0])
        position += title[1]
    return (" ".join(shown) or None), position


def _title_at(words: Sequence[Word], position: int) -> tuple[str, int] | None:
    key = words[position].key.rstrip(".")
    following = words[position + 1].key if position + 1 < len(words) else None
    if key in ("tan", "puan") and following == "sri":
        return (f"{key.capitalize()} Sri", 2) if position + 2 < len(words) else None
    if key == "sri" or key in ("seri", "paduka"):
        before = words[position - 1].key if position else ""
        return (key.capitalize(), 1) if before in _ONLY_AFTER[key] else None
    if key not in _SHOWN or (key in _NEEDS_COMPANY and following is None):
        return None
    return _SHOWN[key], 1


def drop_tail(words: Sequence[Word]) -> list[Word]:
    """``words`` without the particles and words of address that close a message ("budi aja kak")."""
    kept = list(words)
    while len(kept) > 1 and kept[-1].key in _PARTICLES | _ADDRESSES_AFTER:
        kept.pop()
    return [] if len(kept) == 1 and kept[0].key in _PARTICLES else kept


def is_tail(word: Word) -> bool:
    """A particle or word of address that may follow a name."""
    return word.key in _PARTICLES | _ADDRESSES_AFTER
