"""Small files of many kinds, built here, so that no stranger's file lies in the project."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), colour: Any = "red", **options: Any) -> bytes:
    """A picture of one colour."""
    written = io.BytesIO()
    Image.new("RGBA" if isinstance(colour, tuple) and len(colour) == 4 else "RGB", size, colour).save(
        written, form, **options
    )
    return written.getvalue()


def zipped(*names: str) -> bytes:
    """A zip archive with these entries."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return written.getvalue()


def ole(*streams: str) -> bytes:
    """An OLE file whose directory has these entries."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return OLE.ljust(512, b"\x00") + entries.ljust(1024, b"\x00")


def boxed(brand: str) -> bytes:
    """The beginning of an MP4-like file of a brand."""
    return b"\x00\x00\x00\x18ftyp" + brand.encode().ljust(4) + b"\x00\x00\x02\x00" + b"isom" + b"\x00" * 200


OPUS = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead" + b"\x00" * 50
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sari\r\nEND:VCARD\r\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
EXE = b"MZ\x90\x00\x03" + b"\x00" * 200
TYPES = "[Content_Types].xml"
