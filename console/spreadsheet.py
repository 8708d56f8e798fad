"""Tables that leave as files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ramah.lib.spreadsheets import harmless

BYTE_ORDER_MARK = "\ufeff"
"""A spreadsheet takes the file for UTF-8 by this sign."""


def lines_of(rows: Iterable[Sequence[object]]) -> str:
    """Rows as lines of the file, each cell harmless."""
    written = io.StringIO()
    csv.writer(written).writerows(["" if cell is None else harmless(str(cell)) for cell in row] for row in rows)
    return written.getvalue()


def download(name: str) -> dict[str, str]:
    """The headers with which a browser saves the answer under a name."""
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
