"""Derives the lists of places from their sources: ``python -m ramah.booking.extract.data.derive_regions SOURCES``.

SOURCES holds the folders regions_id and regions_my named in NOTICE.md.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import takewhile
from pathlib import Path

HERE = Path(__file__).parent
PLAIN_NAME = re.compile(r"[A-Za-z' -]{3,}")
STATES = {"Wp Kuala Lumpur": "Kuala Lumpur", "Wp Putrajaya": "Putrajaya", "Wp Labuan": "Labuan"}
PROVINCES = {"Daerah Khusus Ibukota Jakarta": "DKI Jakarta", "Daerah Istimewa Yogyakarta": "DI Yogyakarta"}


def derive_provinces(source: Path) -> Iterator[str]:
    """Province code and its everyday name; Indonesian."""
    for row in _rows(source / "regions_id" / "provinces.csv"):
        yield f"{row['code']}\t{PROVINCES.get(row['name'], row['name'])}"


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
    districts: defaultdict[str, list[str]] = defaultdict(list)
    for name, homes in _homes(source).items():
        if len(homes) == 1:
            districts[next(iter(homes))].append(name)
    return (f"{code}\t{'|'.join(sorted(names))}" for code, names in sorted(districts.items()))


def derive_shared_districts(source: Path) -> Iterator[str]:
    """District names that stand in several regencies, each with its regency code and the beginning of its postcodes."""
    for name, homes in sorted(_homes(source).items()):
        if len(homes) > 1:
            yield f"{name}\t{' '.join(f'{code}:{_beginning(codes)}' for code, codes in sorted(homes.items()))}"


def derive_towns(source: Path) -> Iterator[str]:
    """Malaysian town, its state, and its postcodes as ranges; a name of several states has several lines."""
    postcodes: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for row in _rows(source / "regions_my" / "postcodes.csv"):
        state = STATES.get(row["state"], row["state"])
        postcodes[row["city"].strip(), state].add(int(row["postcode"]))
    return (f"{town}\t{state}\t{' '.join(_ranges(codes))}" for (town, state), codes in sorted(postcodes.items()))


def derive_malaysian_districts(source: Path) -> Iterator[str]:
    """Malaysian districts (daerah), one a line."""
    lines = (source / "regions_my" / "districts.txt").read_text(encoding="utf-8").splitlines()
    return (line.strip() for line in lines if PLAIN_NAME.fullmatch(line.strip()))


def _homes(source: Path) -> dict[str, dict[str, list[str]]]:
    """The regencies of each district name, with its postcodes there."""
    homes: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(source / "regions_id" / "districts.csv"):
        if PLAIN_NAME.fullmatch(row["name"].strip()):
            homes[row["name"].strip()][row["regency_code"]] += row["postcodes"].split()
    return {name: dict(found) for name, found in homes.items()}


def _beginning(codes: list[str]) -> str:
    same = takewhile(lambda digits: len(set(digits)) == 1, zip(*codes, strict=True))
    return "".join(digits[0] for digits in same)


def _bare(name: str) -> str:
    return re.sub(r"^(Kota|Kabupaten)( Administrasi)? ", "", name).strip()


def _ranges(codes: Collection[int]) -> Iterator[str]:
    ordered = sorted(codes)
    starts = [code for code in ordered if code - 1 not in codes]
    ends = [code for code in ordered if code + 1 not in codes]
    return (
        f"{first:05d}" if first == last else f"{first:05d}-{last:05d}" for first, last in zip(starts, ends, strict=True)
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(source: Path) -> None:
    """Writes the derived lists beside this script."""
    for name, derive in {
        "provinces_id.tsv": derive_provinces,
        "regencies_id.tsv": derive_regencies,
        "districts_id.tsv": derive_districts,
        "shared_districts_id.tsv": derive_shared_districts,
        "towns_my.tsv": derive_towns,
        "districts_my.txt": derive_malaysian_districts,
    }.items():
        (HERE / name).write_text("\n".join(derive(source)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
