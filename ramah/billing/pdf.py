"""The text of a PDF. Bank receipts are made by programs and have one; scans have none and are left to people."""

from __future__ import annotations

import io

import structlog
from pypdf import PdfReader
from pypdf.errors import PyPdfError

log = structlog.get_logger()
MOST_PAGES = 3
MOST_CHARACTERS = 20_000
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError)
"""What pypdf raises on files that are wrong inside."""


def text_of(content: bytes) -> str | None:
    """The text of the first pages, or None for a PDF that is encrypted, broken or without text."""
    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [reader.pages[number] for number in range(min(MOST_PAGES, len(reader.pages)))]
        text = "\n".join(page.extract_text() for page in pages)
    except (*_BROKEN, NotImplementedError) as error:
        log.info("pdf_not_read", size=len(content), error=type(error).__name__)
        return None
    return text[:MOST_CHARACTERS].replace("\x00", "") if text.strip() else None
