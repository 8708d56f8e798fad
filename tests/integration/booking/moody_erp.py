"""The embedded ERP with moods: it refuses, loses its answer, or takes the process down with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ramah.booking.embedded.adapter import EmbeddedErp
from ramah.integrations.erp.document import BookingDocument, BookingReceipt


class ProcessDied(BaseException):
    """Nothing in the process may catch this, as nothing survives a kill."""


@dataclass
class Moods:
    """What the next bookings meet, in order: ``before`` the write and ``after`` it. ``asked`` are all attempts."""

    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    asked: list[BookingDocument] = field(default_factory=list)


def moody(moods: Moods) -> type[EmbeddedErp]:
    """An adapter with these moods, to stand where the embedded one does."""

    class MoodyErp(EmbeddedErp):
        def book(self, document: BookingDocument, capacity: int) -> BookingReceipt:
            moods.asked.append(document)
            if moods.before:
                raise moods.before.pop(0)
            receipt = super().book(document, capacity)
            if moods.after:
                raise moods.after.pop(0)
            return receipt

    return MoodyErp
