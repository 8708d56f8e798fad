"""What tests of files share: a provider that is played, a store that fails, and time that moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import time_machine
from sqlalchemy import select

from ramah.channels.content import (
    FetchedMedia,
    Incoming,
    IncomingKind,
    MediaKind,
    RemoteMedia,
    Sender,
)
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.messaging.inbox import accept
from ramah.messaging.media.fetching import fetch_one
from ramah.messaging.models import MediaFile
from ramah.store import Database
from tests.fakes.disk.files import picture
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant, defaults

Row = TypeVar("Row")
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
PHOTO = picture("JPEG", size=(900, 600))


@dataclass
class Provider(WhatsAppChannel):
    """WhatsApp with the far end played here: ``answer`` gives the file or raises what the client would."""

    answer: Callable[[RemoteMedia], bytes] = lambda media: PHOTO
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(base_url="http://127.0.0.1:9", version="v23.0")

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Answer as told."""
        self.asked.append(media.reference)
        return FetchedMedia(content=self.answer(media), mime_type=media.mime_type, filename=media.filename)


def fail_with(error: Exception) -> Callable[[RemoteMedia], bytes]:
    def raise_it(_media: RemoteMedia) -> bytes:
        raise error

    return raise_it


def passing(**more: Any) -> ChannelError:
    return ChannelError("not now", SendOutcome.RETRY, **more)


@dataclass
class Bench:
    """A tenant, its store, and the step under test."""

    database: Database
    tenant: Tenant
    storage: MoodyStorage
    clock: time_machine.Traveller

    def arrives(self, key: str = "1", who: str = "62811000001", **media: Any) -> int:
        """A message with one file; returns its number."""
        remote = RemoteMedia(**{"kind": MediaKind.IMAGE, "reference": f"ref-{key}", **media})
        message = Incoming(
            external_id=f"m-{key}", sender=Sender(platform_id=who), kind=IncomingKind.MEDIA, media=(remote,)
        )
        accepted = accept(self.database, self.tenant.whatsapp, message)
        assert accepted.inbound_id is not None
        return accepted.inbound_id

    def fetch(self, **settings: object) -> bool:
        """One step of the worker."""
        return fetch_one(self.database, self.storage, defaults(**settings), "w1")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.shift(timedelta(seconds=seconds + 1))

    def rows(self, kind: type[Row]) -> list[Row]:
        """All rows of a kind."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return list(session.scalars(select(kind)))

    def file(self) -> MediaFile:
        """The only file."""
        (row,) = self.rows(MediaFile)
        return row
