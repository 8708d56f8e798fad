"""Places that fail for real: a full disk, a folder that is none, a server that is down, a wrong bucket."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import obstore
import pytest
from obstore.store import S3Store

from ramah.integrations.storage import (
    StorageError,
    StorageRefused,
    StorageUnavailable,
    open_storage,
)
from tests.contract.storage.conftest import REGION, bucket_storage, settings_with
from tests.stack import free_ports

if TYPE_CHECKING:
    from obstore.store import S3Config

PROJECT = Path(__file__).resolve().parents[3]
KEY = "6f1d/ab/cdef"
# The kernel stops a file at this size as it stops one on a full disk: in the middle of the write.
FULL_DISK = f"""
import resource, sys
from ramah.integrations.storage import StorageUnavailable, open_storage
from ramah.settings import Settings
storage = open_storage(Settings(_env_file=None, media_url="file://" + sys.argv[1]))
storage.put("{KEY}", b"fits", "text/plain")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    storage.put("{KEY}2", b"x" * 200_000, "text/plain")
except StorageUnavailable as error:
    print("unavailable", error.permanent)
print(storage.exists("{KEY}2"), storage.get("{KEY}", 10))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
storage.put("{KEY}2", b"x" * 200_000, "text/plain")
print(len(storage.get("{KEY}2", 200_000)))
"""


def test_a_write_that_the_disk_cuts_off_leaves_nothing_and_passes_later(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )
    assert ran.stdout.splitlines() == ["unavailable False", "False b'fits'", "200000"], ran.stderr
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["cdef", "cdef2"]


def test_a_folder_that_cannot_be_made_is_unavailable_until_it_can(tmp_path: Path) -> None:
    in_the_way = tmp_path / "media"
    in_the_way.write_text("a file")
    storage = open_storage(settings_with(media_url=f"file://{in_the_way}"))
    for use in (lambda: storage.put(KEY, b"x", "text/plain"), lambda: storage.exists(KEY)):
        with pytest.raises(StorageUnavailable):
            use()
    in_the_way.unlink()
    storage.put(KEY, b"x", "text/plain")
    assert storage.get(KEY, 1) == b"x"


def test_a_folder_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    storage = open_storage(settings_with(media_url=f"file://{tmp_path}/media"))
    storage.put(KEY, b"x", "text/plain")
    (tmp_path / "media").rename(tmp_path / "elsewhere")
    storage.put(KEY, b"y", "text/plain")
    assert storage.get(KEY, 1) == b"y"


def test_a_server_that_is_down_is_unavailable_soon() -> None:
    storage = bucket_storage(f"http://127.0.0.1:{free_ports(1)[0]}", "media")
    for use in (lambda: storage.put(KEY, b"x", "text/plain"), lambda: storage.get(KEY, 1)):
        with pytest.raises(StorageUnavailable) as failed:
            use()
        assert not failed.value.permanent
        assert "AKIDEXAMPLE" not in str(failed.value)


def test_a_bucket_that_does_not_exist_is_for_an_administrator(s3_address: str) -> None:
    storage = bucket_storage(s3_address, "nobody-made-this")
    with pytest.raises(StorageRefused):
        storage.put(KEY, b"x", "text/plain")
    with pytest.raises(StorageError):
        storage.get(KEY, 1)


def test_the_bucket_keeps_the_type_and_shows_nothing_to_strangers(s3_address: str, bucket: str) -> None:
    bucket_storage(s3_address, bucket).put(KEY, b"x", "image/png")
    access = {"region": REGION, "endpoint": s3_address, "access_key_id": "k", "secret_access_key": "s"}
    own = S3Store(bucket, config=cast("S3Config", access), client_options={"allow_http": True})
    assert obstore.get(own, KEY).attributes["Content-Type"] == "image/png"
    assert httpx.get(f"{s3_address}/{bucket}/{KEY}", timeout=10).status_code == 403
