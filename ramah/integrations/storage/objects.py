"""The adapter over obstore: a local folder, or a bucket of S3, MinIO and the like.

Writes are atomic in both: obstore writes a file beside the place and renames it; S3 shows whole objects only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, S3Store

from ramah.integrations.storage.errors import (
    ObjectMissing,
    ObjectTooLarge,
    StorageError,
    StorageRefused,
    StorageUnavailable,
)
from ramah.integrations.storage.keys import checked_key
from ramah.integrations.storage.places import Bucket, Folder
from ramah.lib.guard import GUARDS, OutOfService, Protection
from ramah.lib.sandbox import current_sandbox

if TYPE_CHECKING:
    from obstore.store import S3Config

_REFUSALS = ("NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "InvalidBucketName")


@dataclass(frozen=True)
class Patience:
    """How long a bucket is waited for, in seconds, and how often a request that failed is made again."""

    connect: float = 5.0
    request: float = 60.0
    retries: int = 2
    retrying: float = 20.0
    protection: Protection | None = None


class ObjectStorage:
    """Objects in a place. Opened at the first use, so that a process starts while its place is away."""

    def __init__(self, place: Folder | Bucket, patience: Patience | None = None) -> None:
        self._place = place
        self._patience = patience or Patience()

    def put(self, key: str, content: bytes, mime_type: str) -> None:
        """See ``Storage``."""
        _refuse_in_sandbox("put")
        with self._call(f"storing {checked_key(key)}"):
            if isinstance(self._place, Folder):
                # A folder keeps no types; the row does. In one piece, so that nothing half-written can stay.
                obstore.put(self._store, key, content, use_multipart=False)
                _sync(self._place, key)
            else:
                obstore.put(self._store, key, content, attributes={"Content-Type": mime_type}, use_multipart=False)

    def get(self, key: str, most_bytes: int) -> bytes:
        """See ``Storage``."""
        with self._call(f"reading {checked_key(key)}"):
            found = obstore.get(self._store, key)
            if found.meta["size"] > most_bytes:
                raise ObjectTooLarge(f"the object has {found.meta['size']} bytes, at most {most_bytes} are read")
            return bytes(found.bytes())

    def get_part(self, key: str, start: int, length: int) -> bytes:
        """See ``Storage``."""
        with self._call(f"reading {checked_key(key)}"):
            size = int(obstore.head(self._store, key)["size"])
            if length < 1 or not 0 <= start < size:
                raise ValueError("nothing is at this place of the object")
            return bytes(obstore.get_range(self._store, key, start=start, length=min(length, size - start)))

    def exists(self, key: str) -> bool:
        """See ``Storage``."""
        try:
            with self._call(f"looking for {checked_key(key)}"):
                obstore.head(self._store, key)
        except ObjectMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        _refuse_in_sandbox("delete")
        try:
            with self._call(f"deleting {checked_key(key)}"):
                obstore.delete(self._store, key)
        except ObjectMissing:
            return

    @contextmanager
    def _call(self, doing: str) -> Iterator[None]:
        """One call; to a bucket through its guard. A folder is the system's own disk and needs none."""
        protection = self._patience.protection
        if protection is None or isinstance(self._place, Folder):
            with _typed(doing):
                yield
            return
        name = f"{self._place.endpoint or 's3'}/{self._place.name}"
        try:
            with GUARDS.guard("storage", name, protection, _is_outage), _typed(doing):
                yield
        except OutOfService as refused:
            raise StorageUnavailable(f"{doing}: {refused}", retry_after=refused.retry_after) from None

    @cached_property
    def _store(self) -> Any:
        if isinstance(self._place, Folder):
            return LocalStore(prefix=self._place.path, mkdir=True)
        return _bucket(self._place, self._patience)


def _bucket(place: Bucket, patience: Patience) -> Any:
    options: S3Config = {"region": place.region, "virtual_hosted_style_request": place.endpoint is None}
    if place.endpoint:
        options["endpoint"] = place.endpoint
    if place.key and place.secret:
        options["access_key_id"], options["secret_access_key"] = place.key, place.secret
    return S3Store(
        place.name,
        prefix=place.prefix or None,
        config=options,
        client_options={
            "allow_http": (place.endpoint or "").startswith("http://"),
            "connect_timeout": timedelta(seconds=patience.connect),
            "timeout": timedelta(seconds=patience.request),
        },
        retry_config={"max_retries": patience.retries, "retry_timeout": timedelta(seconds=patience.retrying)},
    )


def _sync(place: Folder, key: str) -> None:
    """Have the bytes and their name on the disk before anybody is told that they are safe."""
    path = place.path / key
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refuse_in_sandbox(operation: str) -> None:
    sandbox = current_sandbox()
    if sandbox is not None:
        sandbox.withhold("storage", operation)
        raise StorageRefused("files stay as they are in a sandbox")


@contextmanager
def _typed(doing: str) -> Iterator[None]:
    """Our own errors for those of obstore and of the system. Their debug text, which may hold addresses with
    signatures, is left out."""
    try:
        yield
    except FileNotFoundError as error:
        raise _missing(doing, error) from error
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise StorageRefused(f"{doing}: {_words(error)}") from error
    except (OSError, BaseError) as error:
        raise _failure(doing, error) from error


def _is_outage(error: Exception) -> bool:
    return isinstance(error, StorageUnavailable)


def _missing(doing: str, error: Exception) -> StorageError:
    if "NoSuchBucket" in str(error) or doing.startswith("storing"):
        return StorageRefused(f"{doing}: there is no such bucket or folder")
    return ObjectMissing(f"{doing}: it is not there")


def _failure(doing: str, error: Exception) -> StorageError:
    refused = any(word in str(error) for word in _REFUSALS)
    return (StorageRefused if refused else StorageUnavailable)(f"{doing}: {_words(error)}")


def _words(error: Exception) -> str:
    return str(error).partition("\n\nDebug source")[0].partition("?X-Amz")[0][:200]
