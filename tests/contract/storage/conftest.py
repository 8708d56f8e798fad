"""The places under the contract: a local folder, and a bucket behind moto's server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from moto.server import ThreadedMotoServer

from ramah.integrations.storage import Storage, open_storage
from ramah.settings import Settings

REGION = "ap-southeast-3"


def settings_with(**values: object) -> Settings:
    """Settings that no environment file touches."""
    return Settings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """A server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address: str) -> str:
    """A new, empty bucket."""
    name = f"media-{uuid4().hex[:12]}"
    region = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    httpx.put(f"{s3_address}/{name}", content=region, timeout=10).raise_for_status()
    return name


def bucket_storage(s3_address: str, place: str) -> Storage:
    """The adapter for ``bucket`` or ``bucket/prefix``."""
    url = f"s3://{place}?endpoint={s3_address}&region={REGION}"
    return open_storage(settings_with(media_url=url, media_key="AKIDEXAMPLE", media_secret="secret"))


@pytest.fixture(params=["folder", "bucket", "bucket with a prefix"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each place in turn."""
    if request.param == "folder":
        return open_storage(settings_with(media_url=f"file://{tmp_path}/not/there/yet"))
    name = request.getfixturevalue("bucket")
    place = f"{name}/of/ramah" if request.param.endswith("prefix") else name
    return bucket_storage(request.getfixturevalue("s3_address"), place)
