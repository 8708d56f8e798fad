"""Bodies that nobody would expect: one odd value costs at most itself, and nothing but PayloadError is raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import IncomingKind
from ramah.channels.errors import PayloadError
from ramah.channels.telegram.parse import parse_update
from tests.unit.channels.telegram.recorded import AINA, NAMES, as_object, changed, parsed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["message_id", "date", "edit_date", "chat", "from", "text", "photo", "contact", "location", "document", "id"]
FIELDS += ["data", "message", "user", "new_reaction", "entities", "reply_markup", "sticker", "venue", "dice", "poll"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"update_id":"1"}', b"\xff", b"1e999", b'{"update_id":NaN}', b"[" * 100_000]
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_update("123", body)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(name=st.sampled_from(NAMES), field=st.sampled_from(FIELDS), value=JSON)
def test_no_odd_value_loses_an_update(name: str, field: str, value: Any) -> None:
    batch = parsed(changed(name, **{field: value}))
    assert len(batch.incoming) + len(batch.notices) == 1
    assert all(len(message.external_id) <= 200 for message in batch.incoming)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(value=JSON)
def test_any_json_is_an_update_or_refused(value: Any) -> None:
    for body in (value, {"update_id": 1, "message": value}, {"update_id": 1, "callback_query": value}):
        try:
            (batch,) = parse_update("123", json.dumps(body).encode())
        except PayloadError as error:
            assert str(error)  # noqa: PT017 - either is right, nothing else may come
            continue
        assert len(batch.incoming) + len(batch.notices) == 1


@settings(deadline=None, derandomize=True)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_an_update_or_refused(body: bytes) -> None:
    try:
        parse_update("123", body)
    except PayloadError as error:
        assert str(error)  # noqa: PT017 - either is right, nothing else may come


@pytest.mark.parametrize(
    ("field", "value"), [("photo", "none"), ("entities", [5]), ("date", "soon"), ("sticker", {}), ("location", {})]
)
def test_words_beside_something_broken_are_still_read(field: str, value: Any) -> None:
    (message,) = parsed(changed("text", **{field: value})).incoming
    assert (message.external_id, message.kind) == (f"{AINA}:41", IncomingKind.TEXT)
    assert message.text == "Halo, mau cuci mobil besok 🚗"


def test_a_caption_beside_something_broken_is_kept() -> None:
    (message,) = parsed(changed("photo", photo="none")).incoming
    assert (message.kind, message.text) == (IncomingKind.UNSUPPORTED, "lecet di pintu")


def test_a_broken_edit_is_an_edit_and_not_its_original() -> None:
    (message,) = parsed(changed("edited_text", entities=[5])).incoming
    assert (message.kind, message.text, message.edit_of) == (IncomingKind.EDIT, "Halo, lusa saja", f"{AINA}:41")
    assert message.external_id.startswith(f"{AINA}:41@1760000100-")


def test_a_tap_beside_something_broken_is_a_tap() -> None:
    under = {**as_object("tap")["callback_query"]["message"], "date": "soon"}
    (message,) = parsed(changed("tap", message=under)).incoming
    assert (message.kind, message.payload, message.external_id) == (IncomingKind.TAP, "/deny", "cb:4382bfdwdsb323b2d9")


@pytest.mark.parametrize("name", ["group_text", "from_bot"])
def test_what_concerns_nobody_stays_a_notice_when_it_is_broken(name: str) -> None:
    assert parsed(changed(name, entities=[5])).incoming == ()
