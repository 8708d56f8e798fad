"""What every place for files promises."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from ramah.integrations.storage import ObjectMissing, ObjectTooLarge, Storage, content_key

KEY = content_key("6f1d", hashlib.sha256(b"halo").hexdigest())
MEGABYTE = 1024 * 1024


def test_what_was_put_is_read_back(storage: Storage) -> None:
    storage.put(KEY, b"halo", "text/plain")
    assert storage.exists(KEY)
    assert storage.get(KEY, 4) == b"halo"


def test_an_empty_and_a_large_object_come_back_whole(storage: Storage) -> None:
    for content in (b"", bytes(range(256)) * 4 * 1024 * 12):
        storage.put(KEY, content, "video/mp4")
        assert storage.get(KEY, 12 * MEGABYTE) == content


def test_putting_again_replaces_and_leaves_one_object(storage: Storage) -> None:
    for content in (b"one", b"two"):
        storage.put(KEY, content, "text/plain")
    assert storage.get(KEY, 10) == b"two"


def test_a_part_ends_where_the_object_ends(storage: Storage) -> None:
    storage.put(KEY, b"0123456789", "audio/ogg")
    assert storage.get_part(KEY, 0, 1) == b"0"
    assert storage.get_part(KEY, 4, 3) == b"456"
    assert storage.get_part(KEY, 8, 100) == b"89"


@pytest.mark.parametrize(("start", "length"), [(10, 1), (99, 5), (-1, 3), (0, 0)])
def test_a_part_that_is_not_there_is_refused(storage: Storage, start: int, length: int) -> None:
    storage.put(KEY, b"0123456789", "audio/ogg")
    with pytest.raises(ValueError, match="nothing is at this place"):
        storage.get_part(KEY, start, length)


def test_what_is_not_there_is_missing_for_good(storage: Storage) -> None:
    assert not storage.exists(KEY)
    with pytest.raises(ObjectMissing) as refused:
        storage.get(KEY, 10)
    assert refused.value.permanent
    with pytest.raises(ObjectMissing):
        storage.get_part(KEY, 0, 1)


def test_an_object_larger_than_wanted_is_not_read(storage: Storage) -> None:
    storage.put(KEY, b"12345", "text/plain")
    with pytest.raises(ObjectTooLarge):
        storage.get(KEY, 4)


def test_deleting_twice_is_fine(storage: Storage) -> None:
    storage.put(KEY, b"halo", "text/plain")
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/b/", ".hidden", "a\x00b", "x" * 500]
)
def test_a_name_that_leaves_the_place_is_refused_before_anything_happens(storage: Storage, key: str) -> None:
    for use in (
        lambda: storage.put(key, b"x", "text/plain"),
        lambda: storage.get(key, 10),
        lambda: storage.get_part(key, 0, 1),
        lambda: storage.exists(key),
        lambda: storage.delete(key),
    ):
        with pytest.raises(ValueError, match="not a name"):
            use()


def test_many_threads_may_put_the_same_and_different_objects(storage: Storage) -> None:
    contents = [bytes([number % 4]) * 1000 for number in range(24)]
    keys = [content_key("6f1d", hashlib.sha256(content).hexdigest()) for content in contents]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: storage.put(pair[0], pair[1], "text/plain"), zip(keys, contents, strict=True)))
    assert [storage.get(key, 1000) for key in keys] == contents
