"""Small pictures of pictures: upright, and without what cameras write beside them (place, time, device)."""

from __future__ import annotations

import io

import structlog
from PIL import Image, ImageOps

from ramah.messaging.media.catalogue import FileType

log = structlog.get_logger()
LONGEST_SIDE = 320
MOST_PIXELS = 50_000_000
"""A small file can hold a picture of gigabytes; above this nothing is unpacked."""
MIME_TYPE = "image/webp"
_READ = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
_QUALITY = 80
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, MemoryError)
"""What Pillow raises on pictures that are cut off or wrong inside."""
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def thumbnail(content: bytes, proved: FileType) -> bytes | None:
    """A WebP picture of at most 320 pixels a side; None for what is no picture, broken, or too large to unpack."""
    name = _READ.get(proved.mime_type)
    if name is None:
        return None
    try:
        return _drawn(content, name)
    except (*_BROKEN, *_BOMB) as error:
        log.info("no_thumbnail", mime_type=proved.mime_type, size=len(content), error=type(error).__name__)
        return None


def _drawn(content: bytes, name: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=(name,)) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            raise ValueError(f"{width} x {height} is too large to unpack")
        # JPEG is decoded at a lower size at once; other types ignore it.
        opened.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        small = ImageOps.exif_transpose(opened).convert("RGBA" if _has_alpha(opened) else "RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small.info.clear()
    written = io.BytesIO()
    small.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()


def _has_alpha(opened: Image.Image) -> bool:
    return opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
