"""Files that are given to us directly: by a visitor of the web chat, or by somebody of ours for a message."""

from __future__ import annotations

from dataclasses import dataclass, field

import stamina
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming, RemoteMedia
from ramah.integrations.storage import Storage
from ramah.lib.errors import NotFound
from ramah.messaging.inbox import Accepted, accept_in
from ramah.messaging.media.examining import Examined, Stored, examine, store
from ramah.messaging.media.settling import note_stored
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, MediaFile, MediaStatus
from ramah.store import Database

UPLOADED = "upload"


@dataclass(frozen=True)
class Upload:
    """A file as it was given, and how many bytes are kept at most."""

    content: bytes = field(repr=False)
    filename: str | None
    most_bytes: int


def receive_upload(
    database: Database, storage: Storage, account: ChannelAccount, message: Incoming, upload: Upload
) -> Accepted:
    """A visitor's file becomes one message with its file stored, once per the message's id.

    The file is in the store before the message is written. Raises FileRefused and StorageError; then nothing is
    written."""
    known = _known(database, account, message.external_id)
    if known is not None:
        return known
    examined = examine(upload.content, upload.filename, upload.most_bytes)
    stored = store(storage, account.organisation_id, examined)
    return _accept(database, account, _with_file(message, examined), examined, stored)


# The same upload may come twice at once on PostgreSQL; the loser's second look finds the winner's row.
@stamina.retry(on=IntegrityError, attempts=4, wait_initial=0.02, wait_max=0.2)
def _accept(
    database: Database, account: ChannelAccount, message: Incoming, examined: Examined, stored: Stored
) -> Accepted:
    with database.tenant(account.organisation_id) as session:
        accepted = accept_in(session, account, message)
        if not accepted.repeated:
            row = session.scalars(select(MediaFile).where(MediaFile.inbound_id == accepted.inbound_id)).one()
            note_stored(row, examined, stored)
            row.remote = None
        return accepted


def store_upload(
    database: Database, storage: Storage, organisation_id: str, conversation_id: str, upload: Upload
) -> str:
    """Keep a file that is to go out in a conversation; returns its media id, for ``outgoing_file``.

    Raises FileRefused, StorageError, and NotFound for a conversation of somebody else."""
    with database.tenant_reading(organisation_id) as session:
        _conversation(session, conversation_id)
    examined = examine(upload.content, upload.filename, upload.most_bytes)
    stored = store(storage, organisation_id, examined)
    with database.tenant(organisation_id) as session:
        conversation = _conversation(session, conversation_id)
        row = MediaFile(
            organisation_id=organisation_id,
            channel_account_id=conversation.channel_account_id,
            conversation_id=conversation.id,
            kind=examined.type.kind,
            status=MediaStatus.STORED,
        )
        note_stored(row, examined, stored)
        session.add(row)
        session.flush()
        return row.id


def _with_file(message: Incoming, examined: Examined) -> Incoming:
    remote = RemoteMedia(
        kind=examined.type.kind,
        reference=UPLOADED,
        mime_type=examined.type.mime_type,
        filename=examined.filename,
        size=len(examined.content),
        sha256=examined.sha256,
    )
    return message.model_copy(update={"media": (remote,)})


def _known(database: Database, account: ChannelAccount, external_id: str) -> Accepted | None:
    with database.tenant_reading(account.organisation_id) as session:
        row = session.scalar(
            select(Inbound).where(Inbound.channel_account_id == account.id, Inbound.external_id == external_id)
        )
        return Accepted(row.id, row.conversation_id, row.position, repeated=True) if row else None


def _conversation(session: Session, conversation_id: str) -> Conversation:
    found = session.scalar(select(Conversation).where(Conversation.id == conversation_id))
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    return found
