"""Files as threads show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Attachment, IncomingKind, Outgoing
from ramah.messaging.models import Author, MediaFile, Outbound
from ramah.messaging.thread import Line


@dataclass(frozen=True)
class FileView:
    """One file of a line. ``status`` is waiting, stored, refused or failed; ``trouble`` says why it is not stored.

    ``mime_type`` and ``size`` (bytes) are proved once it is stored, before that the sender's word."""

    id: str
    kind: str
    name: str | None
    size: int | None
    mime_type: str | None
    status: str
    has_thumbnail: bool
    trouble: str | None = None


def files_of_lines(session: Session, inbound_ids: Iterable[int]) -> dict[int, list[FileView]]:
    """The files of these inbound messages, in the order they were attached. One query."""
    rows = session.scalars(
        select(MediaFile)
        .where(MediaFile.inbound_id.in_(list(inbound_ids)))
        .order_by(MediaFile.created_at, MediaFile.id)
    )
    files: dict[int, list[FileView]] = defaultdict(list)
    for row in rows:
        if row.inbound_id is not None:
            files[row.inbound_id].append(view_of(row))
    return dict(files)


def files_sent(session: Session, conversation_id: str, positions: Iterable[int]) -> dict[int, list[FileView]]:
    """The files of these outbound messages of a conversation, by position. Two queries at most."""
    rows = session.execute(
        select(Outbound.position, Outbound.content).where(
            Outbound.conversation_id == conversation_id, Outbound.position.in_(list(positions))
        )
    )
    named = {position: attachment.media_id for position, content in rows if (attachment := _attachment(content))}
    if not named:
        return {}
    found = session.scalars(select(MediaFile).where(MediaFile.id.in_(set(named.values()))))
    views = {row.id: view_of(row) for row in found}
    return {position: [views[media_id]] for position, media_id in named.items() if media_id in views}


def files_in(session: Session, conversation_id: str, lines: Sequence[Line]) -> dict[int, list[FileView]]:
    """The files of these lines of a web chat, by position. Nothing is asked about lines that can have none: there, a
    typed message has no files; those of other channels (mail) may, see ``files_of_lines``."""
    inbound = {line.inbound_id: line.position for line in lines if line.inbound_id and line.kind == IncomingKind.MEDIA}
    outbound = [line.position for line in lines if line.author in (Author.BOT, Author.STAFF, Author.SYSTEM)]
    received = files_of_lines(session, inbound) if inbound else {}
    sent = files_sent(session, conversation_id, outbound) if outbound else {}
    return {inbound[number]: files for number, files in received.items()} | sent


def _attachment(content: dict[str, object]) -> Attachment | None:
    return Outgoing.model_validate(content).attachment if "attachment" in content else None


def view_of(row: MediaFile) -> FileView:
    """A file's row as threads show it."""
    return FileView(
        id=row.id,
        kind=row.kind,
        name=row.filename,
        size=row.size,
        mime_type=row.mime_type or row.claimed_type,
        status=row.status,
        has_thumbnail=row.thumbnail_key is not None,
        trouble=row.error_text,
    )
