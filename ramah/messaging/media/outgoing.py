"""Files that go out: named in a message by their media id, filled with their bytes just before the send."""

from __future__ import annotations

from sqlalchemy import select

from ramah.channels.content import Attachment, MediaKind, Outgoing, TemplateParameter
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.integrations.storage import ObjectMissing, ObjectTooLarge, Storage, StorageError
from ramah.lib.errors import NotFound
from ramah.messaging.models import MediaFile, MediaStatus
from ramah.store import Database

FILE_MISSING = "file_missing"
STORE_AWAY = "store_away"


def outgoing_file(database: Database, organisation_id: str, media_id: str) -> Attachment:
    """The attachment that names a stored file, without its bytes. Raises NotFound for one that is not stored or
    belongs to somebody else."""
    row = _stored(database, organisation_id, media_id)
    if row is None or row.mime_type is None:
        raise NotFound(f"no stored file {media_id}")
    return Attachment(kind=MediaKind(row.kind), media_id=row.id, mime_type=row.mime_type, filename=row.filename)


def load(database: Database, storage: Storage, organisation_id: str, attachment: Attachment) -> Attachment:
    """The same attachment with its bytes. Raises ChannelError: RETRY while the store does not answer, GIVE_UP when
    the file is gone; nothing was sent in either case."""
    row = _stored(database, organisation_id, attachment.media_id)
    if row is None or row.storage_key is None or row.size is None:
        raise ChannelError("the file is not in the media store", SendOutcome.GIVE_UP, code=FILE_MISSING)
    try:
        content = storage.get(row.storage_key, row.size)
    except (ObjectMissing, ObjectTooLarge) as error:
        raise ChannelError(
            "the file is no longer in the media store", SendOutcome.GIVE_UP, code=FILE_MISSING
        ) from error
    except StorageError as error:
        raise ChannelError("the media store does not answer", SendOutcome.RETRY, code=STORE_AWAY) from error
    return attachment.model_copy(update={"content": content})


def with_contents(database: Database, storage: Storage, organisation_id: str, message: Outgoing) -> Outgoing:
    """A message with the bytes of all its files: its own, and those in the head of its template. Raises as ``load``."""

    def filled(attachment: Attachment | None) -> Attachment | None:
        return attachment and load(database, storage, organisation_id, attachment)

    def filled_in(parameter: TemplateParameter) -> TemplateParameter:
        return parameter.model_copy(update={"attachment": filled(parameter.attachment)})

    template = message.template
    if template is not None:
        template = template.model_copy(update={"parameters": tuple(map(filled_in, template.parameters))})
    return message.model_copy(update={"attachment": filled(message.attachment), "template": template})


def _stored(database: Database, organisation_id: str, media_id: str) -> MediaFile | None:
    with database.tenant_reading(organisation_id) as session:
        return session.scalar(select(MediaFile).where(MediaFile.id == media_id, MediaFile.status == MediaStatus.STORED))
