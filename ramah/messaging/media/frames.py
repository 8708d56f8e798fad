"""Sound and moving pictures by the fields of their own headers, where a signature alone names too few files.

Sources: ISO/IEC 14496-12 (brands of ``ftyp`` boxes), 3GPP TS 26.244, ISO/IEC 23008-12 (HEIF), ISO/IEC 11172-3 and
13818-7 (frame headers of MP3 and AAC), RFC 3533 (Ogg).
"""

from __future__ import annotations

from ramah.messaging.media import catalogue
from ramah.messaging.media.catalogue import FileType

_MP4_BRANDS = frozenset(
    (
        *(f"iso{version}" for version in "m23456789"),
        *("mp41", "mp42", "mp71", "avc1", "M4V", "M4VH", "M4VP", "MSNV", "dash", "XAVC", "f4v"),
    )
)
_THREE_GP_BRANDS = ("3gp", "3gr", "3gs", "3ge", "3gg")
_HEIC_BRANDS = frozenset(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"])
_M4A_BRANDS = frozenset(("M4A", "M4B"))
_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")


def type_of(content: bytes) -> FileType | None:
    """The type, or None for another kind of file."""
    if content[4:8] == b"ftyp":
        return _boxed(content)
    if content[:4] == b"OggS":
        return catalogue.OGG if any(sound in content[:512] for sound in _OGG_SOUND) else None
    if content[:3] == b"ID3":
        return catalogue.MP3
    return _framed(content)


def _boxed(content: bytes) -> FileType | None:
    major = content[8:12].decode("latin-1").strip()
    if major in _MP4_BRANDS:
        return catalogue.MP4
    if major.startswith(_THREE_GP_BRANDS):
        return catalogue.THREE_GP
    if major in _M4A_BRANDS:
        return catalogue.M4A
    # AVIF says the same words but for its brands; it is not in the catalogue.
    return catalogue.HEIC if major in _HEIC_BRANDS and b"avif" not in content[8:64] else None


def _framed(content: bytes) -> FileType | None:
    """A bare stream of frames: eleven (MP3) or twelve (AAC) set bits, then fields that have impossible values."""
    if len(content) < 7 or content[0] != 0xFF:
        return None
    second, third = content[1], content[2]
    if second & 0xF6 == 0xF0:
        return catalogue.AAC if (third >> 2) & 0xF < 13 else None
    is_layer_three = second & 0xE0 == 0xE0 and second & 0x18 != 0x08 and second & 0x06 == 0x02
    has_rates = third >> 4 not in (0x0, 0xF) and third & 0x0C != 0x0C
    return catalogue.MP3 if is_layer_three and has_rates else None
