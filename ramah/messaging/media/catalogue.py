"""The types of files that are kept, and how each may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from ramah.channels.content import MediaKind

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class FileType:
    """One type that is kept. ``extensions`` begin with the usual one. ``inline``: a browser may show it by itself
    without running anything; all others are offered for download."""

    mime_type: str
    extensions: tuple[str, ...]
    kind: MediaKind
    inline: bool = False


JPEG = FileType("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), MediaKind.IMAGE, inline=True)
PNG = FileType("image/png", ("png",), MediaKind.IMAGE, inline=True)
WEBP = FileType("image/webp", ("webp",), MediaKind.IMAGE, inline=True)
GIF = FileType("image/gif", ("gif",), MediaKind.IMAGE, inline=True)
HEIC = FileType("image/heic", ("heic", "heif"), MediaKind.IMAGE)
MP4 = FileType("video/mp4", ("mp4", "m4v"), MediaKind.VIDEO, inline=True)
THREE_GP = FileType("video/3gpp", ("3gp", "3gpp"), MediaKind.VIDEO, inline=True)
OGG = FileType("audio/ogg", ("ogg", "oga", "opus"), MediaKind.AUDIO, inline=True)
MP3 = FileType("audio/mpeg", ("mp3",), MediaKind.AUDIO, inline=True)
AAC = FileType("audio/aac", ("aac",), MediaKind.AUDIO, inline=True)
AMR = FileType("audio/amr", ("amr",), MediaKind.AUDIO)
M4A = FileType("audio/mp4", ("m4a",), MediaKind.AUDIO, inline=True)
PDF = FileType("application/pdf", ("pdf",), MediaKind.DOCUMENT, inline=True)
DOCX = FileType(f"{_OFFICE}.wordprocessingml.document", ("docx",), MediaKind.DOCUMENT)
XLSX = FileType(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), MediaKind.DOCUMENT)
PPTX = FileType(f"{_OFFICE}.presentationml.presentation", ("pptx",), MediaKind.DOCUMENT)
DOC = FileType("application/msword", ("doc",), MediaKind.DOCUMENT)
XLS = FileType("application/vnd.ms-excel", ("xls",), MediaKind.DOCUMENT)
PPT = FileType("application/vnd.ms-powerpoint", ("ppt",), MediaKind.DOCUMENT)
TEXT = FileType("text/plain", ("txt", "text", "log"), MediaKind.DOCUMENT)
CSV = FileType("text/csv", ("csv",), MediaKind.DOCUMENT)
VCARD = FileType("text/vcard", ("vcf",), MediaKind.DOCUMENT)

KEPT = (
    JPEG, PNG, WEBP, GIF, HEIC, MP4, THREE_GP, OGG, MP3, AAC, AMR, M4A, PDF, DOCX, XLSX, PPTX, DOC, XLS, PPT, TEXT, CSV,
    VCARD,
)  # fmt: skip
ACCEPT = ",".join([f".{extension}" for kept in KEPT for extension in kept.extensions] + [t.mime_type for t in KEPT])
"""For the ``accept`` attribute of a file field: a help to the person; the content decides."""
_BY_MIME = {kept.mime_type: kept for kept in KEPT}


def type_called(mime_type: str | None) -> FileType | None:
    """The kept type of this name, or None."""
    return _BY_MIME.get((mime_type or "").partition(";")[0].strip().lower())
