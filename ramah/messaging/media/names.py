"""Names of files as people may see and save them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from ramah.messaging.media.catalogue import FileType

LONGEST = 120
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


def safe_name(filename: str | None, proved: FileType) -> str | None:
    """The last part of a name, without signs that steer (directions, controls), ending as its proved type does.

    None when nothing is left, so that whoever shows it chooses a word."""
    last = PurePosixPath((filename or "").replace("\\", "/")).name
    # Controls and formats (Cc, Cf): a right-to-left mark can make "gpj.exe" read as "exe.jpg".
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    cleaned = _NOT_IN_NAMES.sub("_", kept).strip(" .")
    stem, dot, extension = cleaned.rpartition(".")
    if dot and extension.lower() in proved.extensions:
        return f"{stem[:LONGEST]}.{extension}" if stem else None
    return f"{cleaned[:LONGEST]}.{proved.extensions[0]}" if cleaned else None


def disposition(filename: str, *, inline: bool) -> str:
    """A Content-Disposition header's value: an ASCII form for old readers, the full name in UTF-8.

    Source: RFC 6266."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
