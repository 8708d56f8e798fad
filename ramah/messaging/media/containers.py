"""Office files: zip archives (since 2007) and OLE files (before), told apart from all others of their kind.

Files with macros are refused: they are programs. Sources: ECMA-376 part 2 (``[Content_Types].xml``), Microsoft
MS-CFB, and the stream names of MS-DOC, MS-XLS, MS-PPT and MS-OVBA.
"""

from __future__ import annotations

import io
import zipfile

from ramah.messaging.media import catalogue
from ramah.messaging.media.catalogue import FileType

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PARTS = {
    "word/document.xml": catalogue.DOCX,
    "xl/workbook.xml": catalogue.XLSX,
    "ppt/presentation.xml": catalogue.PPTX,
}
_STREAMS = {
    "WordDocument": catalogue.DOC,
    "Workbook": catalogue.XLS,
    "Book": catalogue.XLS,
    "PowerPoint Document": catalogue.PPT,
}
_MOST_PARTS = 20_000


def office_type(content: bytes) -> FileType | None:
    """The type of an office file without macros, or None for anything else."""
    if content.startswith(_ZIP):
        return _zipped(content)
    return _ole(content) if content.startswith(_OLE) else None


def _zipped(content: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or len(names) > _MOST_PARTS or any(_is_program(name) for name in names):
        return None
    return next((kept for part, kept in _PARTS.items() if part in names), None)


def _is_program(part: str) -> bool:
    return part.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs"))


def _ole(content: bytes) -> FileType | None:
    """By the names in its directory, whose entries begin at multiples of 64 bytes within the file."""
    if _has_entry(content, "_VBA_PROJECT") or _has_entry(content, "_VBA_PROJECT_CUR"):
        return None
    return next((kept for name, kept in _STREAMS.items() if _has_entry(content, name)), None)


def _has_entry(content: bytes, name: str) -> bool:
    written = name.encode("utf-16-le") + b"\x00\x00"
    place = content.find(written)
    while place >= 0:
        if place % 64 == 0:
            return True
        place = content.find(written, place + 2)
    return False
