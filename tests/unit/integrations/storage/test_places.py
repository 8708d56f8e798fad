"""The address of the place for files, and the names in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.integrations.storage.keys import checked_key, content_key
from ramah.integrations.storage.places import Bucket, Folder, read_place
from ramah.lib.errors import SettingsError

SHA = "ab" * 32


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file://var/media", Path.cwd() / "var/media"),
        ("file:///srv/media", Path("/srv/media")),
        ("file:///srv/my%20media", Path("/srv/my media")),
    ],
)
def test_a_folder_is_read_as_it_is_documented(url: str, folder: Path) -> None:
    assert read_place(url, None, None) == Folder(folder)


def test_a_bucket_has_an_endpoint_a_region_and_a_prefix() -> None:
    place = read_place("s3://media/of/ramah?endpoint=http://minio:9000/&region=id-1", "key", "hush")
    assert place == Bucket("media", "of/ramah", "http://minio:9000", "id-1", "key", "hush")
    assert "hush" not in repr(place)


def test_a_bucket_at_amazon_needs_its_name_only() -> None:
    assert read_place("s3://media", None, None) == Bucket("media")


@pytest.mark.parametrize(
    "url",
    [
        "", "var/media", "file://", "file:///", "s3://", "http://minio/media", "s3://key:secret@media",
        "s3://media?endpoint=minio:9000", "s3://media?bucket=x", "s3://media?regoin=x",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_with_the_settings_name(url: str) -> None:
    with pytest.raises(SettingsError, match="RAMAH_MEDIA_URL"):
        read_place(url, None, None)


def test_a_key_without_its_secret_is_refused() -> None:
    for key, secret in (("key", None), (None, "secret"), ("key", "")):
        with pytest.raises(SettingsError, match="belong together"):
            read_place("s3://media", key, secret)


def test_the_same_content_has_one_name_per_organisation() -> None:
    assert content_key("org-1", SHA) == f"org-1/ab/{SHA}"
    assert content_key("org-2", SHA) != content_key("org-1", SHA)


@pytest.mark.parametrize("sha256", ["", "ab", SHA.upper(), SHA + "0", "../" + SHA[3:], SHA[:-1] + "g"])
def test_what_is_no_sha256_names_nothing(sha256: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        content_key("org-1", sha256)


@given(st.text(max_size=40))
def test_no_name_ever_leaves_its_folder(key: str) -> None:
    root = Path("/srv/media")
    try:
        inside = (root / checked_key(key)).resolve()
    except ValueError:
        return
    assert inside.is_relative_to(root) and inside != root
