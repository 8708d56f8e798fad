"""What a file is: proved by its bytes, whatever it is called."""

from __future__ import annotations

import io
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from ramah.channels.content import MediaKind
from ramah.messaging.media import catalogue
from ramah.messaging.media.catalogue import KEPT, FileType, type_called
from ramah.messaging.media.examining import examine, kind_shown
from ramah.messaging.media.names import disposition, safe_name
from ramah.messaging.media.proof import FileRefused, prove_type
from ramah.messaging.media.thumbnails import MOST_PIXELS, thumbnail
from tests.fakes.disk.files import EXE, OLE, OPUS, PDF, SVG, TYPES, VCARD, boxed, ole, picture, zipped

KEPT_SAMPLES: list[tuple[str, bytes, FileType]] = [
    ("a photo", picture("JPEG"), catalogue.JPEG),
    ("a drawing", picture("PNG"), catalogue.PNG),
    ("a sticker", picture("WEBP"), catalogue.WEBP),
    ("an animation", picture("GIF"), catalogue.GIF),
    ("an iPhone's photo", boxed("heic"), catalogue.HEIC),
    ("another HEIF", boxed("mif1"), catalogue.HEIC),
    *((f"MP4 of brand {brand}", boxed(brand), catalogue.MP4) for brand in ("isom", "iso5", "mp41", "mp42", "avc1")),
    *((f"3GP of brand {brand}", boxed(brand), catalogue.THREE_GP) for brand in ("3gp4", "3gp5", "3ge6")),
    ("a voice note", OPUS, catalogue.OGG),
    ("an iPhone's recording", boxed("M4A "), catalogue.M4A),
    ("MP3 with a title", b"ID3\x04\x00\x00\x00\x00\x00\x10" + b"\x00" * 40, catalogue.MP3),
    ("MP3 of frames", b"\xff\xfb\x90\x64" + b"\x00" * 413, catalogue.MP3),
    ("MP3 of a low rate", b"\xff\xf3\x40\xc4" + b"\x00" * 200, catalogue.MP3),
    ("AAC", b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\x00" * 100, catalogue.AAC),
    ("AMR", b"#!AMR\n" + b"\x3c\x00" * 50, catalogue.AMR),
    ("a PDF", PDF, catalogue.PDF),
    ("a PDF without a binary byte", b"%PDF-1.4\n1 0 obj\nendobj\n", catalogue.PDF),
    ("Word", zipped(TYPES, "word/document.xml"), catalogue.DOCX),
    ("Excel", zipped(TYPES, "xl/workbook.xml"), catalogue.XLSX),
    ("PowerPoint", zipped(TYPES, "ppt/presentation.xml"), catalogue.PPTX),
    ("old Word", ole("Root Entry", "WordDocument"), catalogue.DOC),
    ("old Excel", ole("Root Entry", "Workbook"), catalogue.XLS),
    ("older Excel", ole("Root Entry", "Book"), catalogue.XLS),
    ("old PowerPoint", ole("Root Entry", "PowerPoint Document"), catalogue.PPT),
    ("a contact", VCARD, catalogue.VCARD),
    ("a note", "Besok jam 9 ya kak 😊\n".encode(), catalogue.TEXT),
    ("a note that begins like a bitmap", b"BMW saya kotor sekali", catalogue.TEXT),
    ("a note that begins like a program", b"MZ itu apa?", catalogue.TEXT),
    ("a note from Windows", "Rp 50.000 – lunas".encode("cp1252"), catalogue.TEXT),
    ("a note from Notepad", b"\xff\xfe" + "halo".encode("utf-16-le"), catalogue.TEXT),
]
REFUSED_SAMPLES: list[tuple[str, bytes, str]] = [
    ("a drawing that runs", SVG, "logo.svg"),
    ("a drawing that runs, called a photo", SVG, "foto.jpg"),
    ("a page", b"<!doctype html><script>alert(1)</script>", "page.html"),
    ("a page after a line", b"\n\n <HTML><body>", "note.txt"),
    ("a page deeper inside", b"hello " * 20 + b"<script>alert(1)</script>", "note.txt"),
    ("a page in UTF-16", b"\xff\xfe" + "<html>".encode("utf-16-le"), "note.txt"),
    ("a Windows program", EXE, "foto.jpg"),
    ("a Linux program", b"\x7fELF\x02\x01\x01" + b"\x00" * 100, "foto.jpg"),
    ("a shell script", b"#!/bin/sh\nrm -rf /\n", "note.txt"),
    ("PHP", b"<?php echo 1;", "note.txt"),
    ("JavaScript by name", b"alert(1)", "run.js"),
    ("a batch file by name", b"@echo off\r\n", "RUN.BAT"),
    ("a plain zip", zipped("a.txt"), "files.docx"),
    ("a Java program", zipped("META-INF/MANIFEST.MF"), "files.docx"),
    ("an Android program", zipped("AndroidManifest.xml", "classes.dex"), "app.apk"),
    ("Word with macros", zipped(TYPES, "word/document.xml", "word/vbaProject.bin"), "a.docx"),
    ("old Excel with macros", ole("Root Entry", "Workbook", "_VBA_PROJECT_CUR"), "a.xls"),
    ("a Windows installer", ole("Root Entry", "SummaryInformation"), "a.doc"),
    ("a broken zip", b"PK\x03\x04" + b"\x00" * 100, "a.docx"),
    ("an empty OLE file", OLE, "a.doc"),
    ("AVIF", picture("AVIF"), "a.avif"),
    ("TIFF", picture("TIFF"), "a.tiff"),
    ("QuickTime", boxed("qt  "), "a.mov"),
    ("a film in Ogg", b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x2a\x80theora" + b"\x00" * 50, "a.ogg"),
    ("noise", bytes(range(256)), "a.bin"),
    ("white space", b"  \n\t ", "a.txt"),
]


def names(samples: list[tuple[str, bytes, FileType]] | list[tuple[str, bytes, str]]) -> list[str]:
    return [name for name, *_ in samples]


@pytest.mark.parametrize(("_name", "content", "expected"), KEPT_SAMPLES, ids=names(KEPT_SAMPLES))
def test_a_kept_type_is_proved_by_its_content_alone(_name: str, content: bytes, expected: FileType) -> None:
    assert prove_type(content) is expected


@pytest.mark.parametrize(("_name", "content", "filename"), REFUSED_SAMPLES, ids=names(REFUSED_SAMPLES))
def test_everything_else_is_refused_whatever_it_is_called(_name: str, content: bytes, filename: str) -> None:
    with pytest.raises(FileRefused) as refused:
        prove_type(content, filename)
    assert refused.value.code == "type"


def test_a_wrong_name_does_not_change_what_a_picture_is() -> None:
    assert prove_type(picture("PNG"), "invoice.exe") is catalogue.PNG


def test_a_table_is_told_from_a_note_by_its_name() -> None:
    assert prove_type(b"nama,plat\nSari,B 1 A\n", "Daftar.CSV") is catalogue.CSV
    assert prove_type(b"nama,plat\nSari,B 1 A\n", "daftar.txt") is catalogue.TEXT


def test_an_empty_file_is_refused_as_empty() -> None:
    with pytest.raises(FileRefused) as refused:
        prove_type(b"")
    assert refused.value.code == "empty"


def test_a_file_above_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(FileRefused, match="the file has 11 bytes, at most 10 are kept") as refused:
        examine(b"x" * 11, None, 10)
    assert refused.value.code == "too_large"


@given(st.binary(max_size=600), st.sampled_from(["", "PK\x03\x04", "\xff\xfb", "OggS", "GIF89a", "ID3", "%PDF-"]))
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "")
def test_any_bytes_are_kept_or_refused_and_nothing_else(content: bytes, begin: str) -> None:
    whole = begin.encode("latin-1") + content
    try:
        kept = examine(whole, "a.bin", 1000)
    except FileRefused:
        return
    assert kept.type in KEPT


def test_each_type_has_one_name_and_is_found_by_it() -> None:
    assert len({kept.mime_type for kept in KEPT}) == len(KEPT)
    assert [type_called(f" {kept.mime_type.upper()}; charset=x") for kept in KEPT] == list(KEPT)
    assert type_called("image/svg+xml") is None
    assert type_called(None) is None


def test_only_what_runs_nothing_is_shown_in_the_browser() -> None:
    shown = {kept.mime_type for kept in KEPT if kept.inline}
    assert all(name.startswith(("image/", "video/", "audio/")) or name == "application/pdf" for name in shown)


@pytest.mark.parametrize(
    ("said", "proved", "shown"),
    [
        ("image", catalogue.JPEG, MediaKind.IMAGE),
        ("document", catalogue.JPEG, MediaKind.DOCUMENT),
        ("sticker", catalogue.WEBP, MediaKind.STICKER),
        ("image", catalogue.PDF, MediaKind.DOCUMENT),
        ("sticker", catalogue.MP4, MediaKind.VIDEO),
        ("audio", catalogue.OGG, MediaKind.AUDIO),
    ],
)
def test_a_file_counts_as_its_sender_sent_it_where_that_is_true(said: str, proved: FileType, shown: MediaKind) -> None:
    assert kind_shown(said, proved) is shown


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("foto.jpg", "foto.jpg"),
        ("FOTO.JPEG", "FOTO.JPEG"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\a\\foto.png", "foto.png.jpg"),
        ("invoice.pdf.exe", "invoice.pdf.exe.jpg"),
        ("gpj.\u202eexe", "gpj.exe.jpg"),
        ('a"b\r\nSet-Cookie: x.jpg', "a_bSet-Cookie_ x.jpg"),
        ("Nota lunas – Juli.jpg", "Nota lunas – Juli.jpg"),
        ("x" * 300 + ".jpg", "x" * 120 + ".jpg"),
        (".jpg", "jpg.jpg"),
        ("...", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_what_one_may_see_and_save(given_name: str | None, safe: str | None) -> None:
    assert safe_name(given_name, catalogue.JPEG) == safe


@given(st.text(max_size=300))
def test_any_name_fits_its_row_and_its_header(given_name: str) -> None:
    safe = safe_name(given_name, catalogue.PDF)
    if safe is not None:
        assert len(safe) <= 130
        assert safe.lower().endswith(".pdf")
        header = disposition(safe, inline=False)
        assert header.isascii() and "\n" not in header and header.count('"') == 2


def opened(small: bytes | None) -> Image.Image:
    assert small is not None
    return Image.open(io.BytesIO(small), formats=("WEBP",))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_gets_a_small_one(form: str) -> None:
    content = picture(form, size=(1600, 800))
    assert opened(thumbnail(content, prove_type(content))).size == (320, 160)


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(thumbnail(picture("PNG"), catalogue.PNG)).size == (40, 30)


def test_the_small_picture_stands_upright_and_tells_nothing_about_its_maker() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera that tells"
    exif.get_ifd(0x8825)[1] = "S"
    content = picture("JPEG", size=(800, 400), exif=exif)
    small = opened(thumbnail(content, catalogue.JPEG))
    assert small.size == (160, 320)
    assert dict(small.getexif()) == {}
    assert b"camera" not in (thumbnail(content, catalogue.JPEG) or b"")


def test_glass_stays_glass() -> None:
    small = opened(thumbnail(picture("PNG", colour=(255, 0, 0, 0)), catalogue.PNG))
    assert small.mode == "RGBA"
    assert small.getpixel((0, 0))[3] == 0  # type: ignore[index]  # a pixel with four bands


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_broken_picture_is_kept_without_a_small_one(form: str) -> None:
    whole = picture(form, size=(300, 300), colour=(1, 2, 3))
    for half in (whole[: len(whole) // 2], whole[:40], whole[:60].ljust(500, b"\x01")):
        examined = examine(half, None, 10_000_000)
        assert examined.type is prove_type(whole)
        assert examined.small is None


def test_a_bomb_is_not_unpacked() -> None:
    side = int(MOST_PIXELS**0.5) + 10
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.new("1", (side, side)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    assert thumbnail(written.getvalue(), catalogue.PNG) is None


def test_a_header_that_lies_about_its_size_is_not_believed() -> None:
    whole = bytearray(picture("PNG"))
    whole[16:24] = b"\x00\x01\x86\xa0\x00\x01\x86\xa0"  # 100,000 x 100,000
    assert thumbnail(bytes(whole), catalogue.PNG) is None


def test_what_is_no_picture_has_no_small_one() -> None:
    assert thumbnail(PDF, catalogue.PDF) is None
    assert thumbnail(boxed("heic"), catalogue.HEIC) is None
