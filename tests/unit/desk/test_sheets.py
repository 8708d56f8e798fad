"""Files of contacts as spreadsheets write them: encodings, separators, headings in three languages."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.desk.importing.columns import chosen, guess
from ramah.desk.importing.reading import LARGEST_FILE, MOST_ROWS, Line, read_sheet
from ramah.desk.importing.rows import Rejected, read_row
from ramah.lib.errors import BadInput
from ramah.lib.spreadsheets import harmless, unquoted

TABLE = "Nama,Telepon\nSiti Áminah,0812\n"
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("cp1252"),
        TABLE.replace(",", ";").encode("cp1252"),
        TABLE.replace(",", "\t").encode(),
        b"sep=;\n" + TABLE.replace(",", ";").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        ("\n\n" + TABLE + "\n , \n").encode(),
    ],
)
def test_a_table_is_read_as_any_spreadsheet_writes_it(content: bytes) -> None:
    sheet = read_sheet(content)
    assert sheet.heading == ("Nama", "Telepon") and [one.cells for one in sheet.lines] == [("Siti Áminah", "0812")]


def test_a_comma_in_a_name_does_not_split_a_table_of_semicolons() -> None:
    sheet = read_sheet(b'Nama;Telepon\n"Santoso, Budi";0812\nAni, S.H.;0813\n')
    assert [one.cells for one in sheet.lines] == [("Santoso, Budi", "0812"), ("Ani, S.H.", "0813")]


def test_rows_have_the_number_that_the_spreadsheet_shows() -> None:
    assert [one.number for one in read_sheet(b"Nama\n\nAni\n\nBudi\n").lines] == [3, 5]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b"Nama,Telepon\n", "no_rows"),
        (b"x" * (LARGEST_FILE + 1), "too_large"),
        (b"Nama\n" + b"Ani\n" * (MOST_ROWS + 1), "too_many_rows"),
        (b"PK\x03\x04\x00\x00\x00", "no_table"),
        (b"a\n" + b"b;" * 70, "no_table"),
    ],
)
def test_what_is_no_table_of_contacts_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_sheet(content)
    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except BadInput:
        return
    assert all(len(line.cells) == len(sheet.heading) for line in sheet.lines)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_what_was_exported_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("name", "note"), *((harmless(a), harmless(b)) for a, b in rows)])
    plain = [
        tuple(" ".join("".join(c if c.isprintable() else " " for c in one).split()) for one in row) for row in rows
    ]
    expected = [row for row in plain if any(row)]
    if not expected:
        return
    read = [line.cells for line in read_sheet(out.getvalue().encode("utf-8-sig")).lines]
    assert read == [tuple(unquoted(one) for one in row) for row in expected]


def tidy(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "+1+1", "-2", "@SUM(A1)", "\tx", "\n=1", "＝1"])
def test_a_formula_leaves_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}" and unquoted(harmless(text)) == text


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        (("Nama Depan", "Nama Belakang", "No. HP", "Email", "No. Polis", "Plat Nomor", "Bahasa"), 7),
        (("Nama penuh", "Nombor Telefon", "E-mel", "No. Pendaftaran"), 4),
        (("First name", "Surname", "Mobile", "E-mail address", "Licence plate", "Policy no."), 6),
        (("Nomor telpon", "Emial"), 2),
        (("Alamat", "Kota"), 0),
    ],
)
def test_headings_are_understood_in_three_languages(heading: tuple[str, ...], fields: int) -> None:
    assert len(guess(heading)) == fields


def test_what_people_choose_fills_each_field_once() -> None:
    assert chosen({"0": "phone", "1": "phone", "2": "blocked_at", "9": "email"}, 3) == {0: "phone"}


@pytest.mark.parametrize(
    ("country", "written", "kept"),
    [("ID", "0812-3456 7890", "+6281234567890"), ("MY", "012-345 6789", "+60123456789"),
     ("MY", "+62 812 3456 7890", "+6281234567890")],
)  # fmt: skip
def test_numbers_are_of_the_country_of_the_organisation(country: str, written: str, kept: str) -> None:
    assert read_row(Line(2, (written,)), {0: "phone"}, country).values == {"phone": kept}


@pytest.mark.parametrize(
    ("cells", "problem"),
    [(("Ani", "12"), "phone"), (("", ""), Rejected.NOBODY), (("x" * 141, ""), "first_name"), (("Ani", ""), None)],
)
def test_a_row_that_says_nothing_or_nonsense_is_refused(cells: tuple[str, str], problem: str | None) -> None:
    assert read_row(Line(2, cells), {0: "first_name", 1: "phone"}, "ID").problem == problem


def test_languages_are_understood_by_their_names() -> None:
    row = read_row(Line(2, ("Ani", "Bahasa Melayu")), {0: "first_name", 1: "language"}, "MY")
    assert row.values["language"] == "ms"
