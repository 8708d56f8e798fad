"""Names of file kinds and receipts that several gateways share."""

from __future__ import annotations

from ramah.channels.content import MediaKind, ReceiptStatus

MEDIA_KINDS = {kind.value: kind for kind in MediaKind}
RECEIPT_STATUSES = {status.value: status for status in ReceiptStatus}
_FAMILIES = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}


def kind_of_type(mime_type: str | None) -> MediaKind:
    """What a file is by its type; WhatsApp's only WebP files are stickers."""
    if mime_type and mime_type.startswith("image/webp"):
        return MediaKind.STICKER
    return _FAMILIES.get((mime_type or "").partition("/")[0], MediaKind.DOCUMENT)
