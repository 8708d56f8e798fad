"""Whether two pictures show the same slip, however they were resized or compressed.

Receipts of one bank differ in a few digits only, and any coarse hash takes them for the same picture. So the hash (64
bits, each whether a field is brighter than its right neighbour) merely finds candidates; two of them are the same only
if no single field of their fingerprints (64 x 64 grey values) differs by more than compression makes it differ.
A picture that was cropped, or taken anew by a camera, is another picture."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

SIDE = 64
HASH_SIDE = 8
LARGEST_PIXELS = 40_000_000
NEAR = 8
"""How many of the 64 bits may differ in a candidate."""

MOST_DIFFERENCE = 40
"""How far one grey value (0 to 255) may be off. Measured on drawn receipts, 720 wide with digits 72 high: copies scaled
down to a third at JPEG quality 45 are off by up to 32, another digit by 53 and more. Smaller digits move less, so that
a likeness is a mark for people and decides nothing."""

LEAST_CONTRAST = 30
"""A plain surface is like any other and proves nothing."""

SAME_SHAPE = 0.02
"""How far the proportions may be off: scaling rounds to whole pixels."""


@dataclass(frozen=True)
class Likeness:
    """What is kept of a picture: ``bits`` in hexadecimal; ``grey`` begins with the proportions in thousandths."""

    bits: str
    grey: bytes


def likeness_of(content: bytes) -> Likeness | None:
    """Read a picture; None for what Pillow cannot read, or what is too large to be a slip."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                return None
            shape = round(opened.width / opened.height * 1000)
            grey = opened.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    small = grey.resize((SIDE, SIDE), Image.Resampling.BOX)
    fields = small.tobytes()
    if max(fields) - min(fields) < LEAST_CONTRAST:
        return None
    return Likeness(_bits(grey), min(shape, 65_535).to_bytes(2, "big") + fields)


def are_near(one: str, other: str) -> bool:
    """Whether two hashes may belong to the same picture."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR


def show_the_same(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints are of the same picture."""
    shapes = [int.from_bytes(each[:2], "big") for each in (one, other)]
    if abs(shapes[0] - shapes[1]) > SAME_SHAPE * max(shapes):
        return False
    return max(abs(a - b) for a, b in zip(one[2:], other[2:], strict=True)) <= MOST_DIFFERENCE


def _bits(grey: Image.Image) -> str:
    fields = grey.resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX).tobytes()
    rows = [fields[start : start + HASH_SIDE + 1] for start in range(0, len(fields), HASH_SIDE + 1)]
    bits = "".join("1" if row[n] > row[n + 1] else "0" for row in rows for n in range(HASH_SIDE))
    return f"{int(bits, 2):016x}"
