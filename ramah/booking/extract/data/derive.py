"""Derives the compact lists of this folder from their sources: ``python -m ramah.booking.extract.data.derive SOURCES``.

SOURCES holds the folders named in NOTICE.md (names, regions_id, regions_my, massive, smsa).
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
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


def derive_regencies(source: Path) -> Iterator[str]:
    """Regency code, displayed city name and its postcodes as ranges; Indonesian."""
    plain: Counter[str] = Counter()
    regencies = _rows(source / "regions_id" / "regencies.csv")
    for row in regencies:
        plain[_bare(row["name"])] += 1
    postcodes: defaultdict[str, set[int]] = defaultdict(set)
    for row in _rows(source / "regions_id" / "districts.csv"):
        postcodes[row["regency_code"]].update(int(code) for code in row["postcodes"].split())
    for row in regencies:
        name, bare = row["name"].strip(), _bare(row["name"])
        shown = name if plain[bare] > 1 and name.startswith("Kabupaten") else bare
        yield f"{row['code']}\t{shown}\t{' '.join(_ranges(postcodes[row['code']]))}"


def derive_districts(source: Path) -> Iterator[str]:
    """Regency code and its districts, for district names that stand in one regency only."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(source / "regions_id" / "districts.csv"):
        homes[row["name"].strip()].append(row["regency_code"])
    districts: defaultdict[str, list[str]] = defaultdict(list)
    for name, codes in homes.items():
        if len(set(codes)) == 1 and re.fullmatch(r"[A-Za-z' -]{3,}", name):
            districts[codes[0]].append(name)
    return (f"{code}\t{'|'.join(sorted(names))}" for code, names in sorted(districts.items()))


def derive_towns(source: Path) -> Iterator[str]:
    """Malaysian town, and its postcodes as ranges."""
    postcodes: defaultdict[str, set[int]] = defaultdict(set)
    for row in _rows(source / "regions_my" / "postcodes.csv"):
        postcodes[row["city"].strip()].add(int(row["postcode"]))
    return (f"{town}\t{' '.join(_ranges(codes))}" for town, codes in sorted(postcodes.items()))


def _common_part(slot: re.Match[str]) -> str:
    return " " if slot[1] in PROPER_SLOTS else slot[2]


def _bare(name: str) -> str:
    return re.sub(r"^(Kota|Kabupaten)( Administrasi)? ", "", name).strip()


def _ranges(codes: Collection[int]) -> Iterator[str]:
    ordered = sorted(codes)
    starts = [code for code in ordered if code - 1 not in codes]
    ends = [code for code in ordered if code + 1 not in codes]
    return (
        f"{first:05d}" if first == last else f"{first:05d}-{last:05d}" for first, last in zip(starts, ends, strict=True)
    )


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
        "regencies_id.tsv": derive_regencies,
        "districts_id.tsv": derive_districts,
        "towns_my.tsv": derive_towns,
    }.items():
        (HERE / name).write_text("\n".join(derive(source)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
