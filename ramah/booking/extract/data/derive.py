"""Derives the compact lists of this folder from their sources: ``python -m ramah.booking.extract.data.derive SOURCES``.

SOURCES holds the folders named in NOTICE.md (names, massive, smsa). Places: ``derive_regions`` and ``derive_points``.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
NAME_KINDS = {
    "firstNameChinese": "c",
    "firstNameFemaleChinese": "c",
    "firstNameMaleChinese": "c",
    "lastNameChinese": "s",
    "lastNameFemale": "l",
    "lastNameMale": "l",
    "lastNameIndian": "l",
    "lastNameMalay": "l",
    "muhammadName": "g",
    "nurName": "g",
}
PROPER_SLOTS = {"person", "artist_name", "place_name", "song_name", "business_name", "movie_name", "playlist_name"}
SLOT = re.compile(r"\[\s*(\w+)\s*:\s*([^\]]*?)\s*\]")
LETTERS = re.compile(r"[a-z]+(?:-[a-z]+)*")
SEEN_OFTEN = 3
SEEN_OFTEN_IN_REVIEWS = 6


def derive_names(source: Path) -> Iterator[str]:
    """Single-word names and their kinds, one a line."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows(source / "names" / "names.tsv", "\t"):
        kind = NAME_KINDS.get(row["list"], "g" if row["list"].startswith("firstName") else "")
        for word in re.findall(r"[a-z']{2,}", row["value"].lower()) if kind else ():
            kinds[word].add(kind)
    return (f"{word}\t{''.join(sorted(found))}" for word, found in sorted(kinds.items()))


def derive_ordinary_words(source: Path) -> Iterator[str]:
    """Words seen often in everyday utterances, outside slots that hold proper names."""
    utterances: Counter[str] = Counter()
    for row in _rows(source / "massive" / "train.tsv", "\t"):
        for language in ("en-US", "id-ID", "ms-MY"):
            utterances.update(LETTERS.findall(SLOT.sub(_common_part, row[language]).lower()))
    with gzip.open(source / "smsa" / "train_preprocess.tsv.gz", "rt", encoding="utf-8") as reviews:
        review_words = Counter(LETTERS.findall(reviews.read()))
    often = {word for word, count in utterances.items() if count >= SEEN_OFTEN}
    often |= {word for word, count in review_words.items() if count >= SEEN_OFTEN_IN_REVIEWS}
    proper = set((HERE / "not_ordinary.txt").read_text(encoding="utf-8").split())
    return iter(sorted(word for word in often - proper if len(word) > 1))


def derive_seldom_words(source: Path) -> Iterator[str]:
    """Words of everyday utterances that are too seldom for the list of ordinary words, and no listed names."""
    heard = {
        word
        for row in _rows(source / "massive" / "train.tsv", "\t")
        for language in ("en-US", "id-ID", "ms-MY")
        for word in LETTERS.findall(SLOT.sub(_common_part, row[language]).lower())
    }
    listed = ("not_ordinary.txt", "common_names.txt", "chinese_names.txt", "ordinary_words.txt")
    known = {word for name in listed for word in (HERE / name).read_text(encoding="utf-8").split()}
    known |= {line.split("\t")[0] for line in (HERE / "names.tsv").read_text(encoding="utf-8").splitlines()}
    return iter(sorted(word for word in heard - known if len(word) > 1))


def _common_part(slot: re.Match[str]) -> str:
    return " " if slot[1] in PROPER_SLOTS else slot[2]


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        if delimiter == "\t":
            return list(csv.DictReader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(file))


def main(source: Path) -> None:
    """Writes the derived lists beside this script."""
    for name, derive in {
        "names.tsv": derive_names,
        "ordinary_words.txt": derive_ordinary_words,
        "seldom_words.txt": derive_seldom_words,
    }.items():
        (HERE / name).write_text("\n".join(derive(source)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
