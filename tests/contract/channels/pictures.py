"""A picture that any provider takes."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def _png() -> bytes:
    written = BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(written, "PNG")
    return written.getvalue()


PNG = _png()
