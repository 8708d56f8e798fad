"""What every channel promises about the messages that it brings in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ramah.channels import port
from ramah.channels.content import IncomingKind, Outgoing
from ramah.channels.errors import ChannelError, PayloadError, SendOutcome, SignatureError
from tests.contract.channels.conftest import BUILDERS, FOLDER, KINDS
from tests.contract.channels.expectations import as_json, at, choices, paths, read, replaced, say
from tests.contract.channels.harness import ChannelUnderTest
from tests.contract.channels.pictures import PNG

ODD_VALUES: tuple[Any, ...] = (None, True, -1, 1e300, "", "\ud83d", "x" * 300, [], [None], {}, {"id": {}})
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
MANY_TIMES = settings(
    deadline=None,
    derandomize=True,
    max_examples=100,
    # Parsing keeps nothing between two bodies, so one channel serves all of them.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def parses(subject: ChannelUnderTest, body: bytes) -> bool:
    """Whether a body could be read; any error but PayloadError fails the test."""
    try:
        subject.channel.parse(subject.access, body)
    except PayloadError:
        return False
    return True


def test_every_channel_that_sends_is_under_the_contract() -> None:
    folders = {path.parent.name for path in Path(port.__file__).parent.glob("*/channel.py")}
    # The web chat sends nothing (its messages are rows that the browser fetches), and nothing is sent to a form.
    assert folders - {"webchat", "webform"} - set(BUILDERS) == set()
    builders = {path.stem for path in FOLDER.glob("*.py")} & set(KINDS)
    assert builders == set(BUILDERS)


def test_it_takes_what_the_provider_signed(subject: ChannelUnderTest) -> None:
    signed = subject.text_from_person("halo", 1)
    if subject.channel.abilities.webhook:
        subject.channel.verify(subject.access, signed.headers, signed.body)


@pytest.mark.parametrize("spoil", [lambda value: value + "0", lambda value: value[:-1], lambda value: ""])
def test_it_refuses_a_wrong_signature(subject: ChannelUnderTest, spoil: Any) -> None:
    signed = subject.text_from_person("halo", 1)
    with pytest.raises(SignatureError):
        subject.channel.verify(
            subject.access, {name: spoil(value) for name, value in signed.headers.items()}, signed.body
        )


def test_it_refuses_a_body_without_a_signature(subject: ChannelUnderTest) -> None:
    with pytest.raises(SignatureError):
        subject.channel.verify(subject.access, {}, subject.text_from_person("halo", 1).body)


def test_it_refuses_a_changed_body_where_the_body_is_signed(subject: ChannelUnderTest) -> None:
    signed, another = subject.text_from_person("halo", 1), subject.text_from_person("bukan halo", 2)
    if signed.headers != another.headers:
        with pytest.raises(SignatureError):
            subject.channel.verify(subject.access, signed.headers, another.body)


def test_nobody_proves_the_address_without_a_token(subject: ChannelUnderTest) -> None:
    assert subject.channel.challenge(subject.access, {}) is None
    assert subject.channel.challenge(subject.access, {"hub.mode": "subscribe", "hub.challenge": "1"}) is None


@pytest.mark.parametrize("text", ["halo", "mau cuci 🚗 besok\njam 10 di Jl. Ampera", "2"])
def test_it_reads_what_somebody_typed(subject: ChannelUnderTest, text: str) -> None:
    (incoming,) = read(subject, subject.text_from_person(text, 1))
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, text)
    assert incoming.sender.platform_id == subject.recipient
    assert not incoming.from_business
    assert incoming.external_id


def test_it_reads_what_somebody_tapped(subject: ChannelUnderTest) -> None:
    say(subject, Outgoing(text="Yang mana?", choices=choices(2)))
    if not subject.shown()[-1].choices:
        pytest.skip("nothing can be tapped on this channel")
    (incoming,) = read(subject, subject.tap_from_person(1, 1))
    assert (incoming.kind, incoming.payload) == (IncomingKind.TAP, "/pick2")
    assert incoming.sender.platform_id == subject.recipient


def test_a_file_can_be_fetched_but_not_above_the_bound(subject: ChannelUnderTest) -> None:
    signed = subject.image_from_person(PNG, 1)
    if signed is None:
        pytest.skip("this channel carries no files")
    (incoming,) = read(subject, signed)
    (media,) = incoming.media
    assert incoming.kind is IncomingKind.MEDIA
    assert subject.channel.fetch(subject.access, media, 1_000_000).content == PNG
    with pytest.raises(ChannelError) as caught:
        subject.channel.fetch(subject.access, media, len(PNG) - 1)
    assert caught.value.outcome is SendOutcome.GIVE_UP


def test_a_message_that_comes_twice_is_the_same_message(subject: ChannelUnderTest) -> None:
    bodies = [subject.text_from_person(text, number) for text, number in (("halo", 1), ("halo", 1), ("halo", 2))]
    first, again, other = (read(subject, signed)[0].external_id for signed in bodies)
    assert first == again == read(subject, bodies[0])[0].external_id
    assert other != first


def test_a_broken_item_hides_no_neighbour(subject: ChannelUnderTest) -> None:
    body = as_json(subject.text_from_person("halo", 1).body)
    for path in paths(body):
        items = at(body, path)
        if not isinstance(items, list):
            continue
        for junk in ODD_VALUES:
            spoilt = json.dumps(json.loads(replaced(body, path, [junk, *items, junk]))).encode()
            found = [item for batch in subject.channel.parse(subject.access, spoilt) for item in batch.incoming]
            assert "halo" in [item.text for item in found], f"{junk!r} at {path}"


def test_no_odd_value_anywhere_breaks_the_reading(subject: ChannelUnderTest) -> None:
    signed = [subject.text_from_person("halo", 1), subject.image_from_person(PNG, 2)]
    for body in [as_json(item.body) for item in signed if item is not None]:
        for path in paths(body):
            for value in ODD_VALUES:
                parses(subject, replaced(body, path, value))


def test_a_body_that_broke_off_is_refused_or_read(subject: ChannelUnderTest) -> None:
    body = subject.text_from_person("halo 🚗", 1).body
    for length in range(0, len(body), max(1, len(body) // 200)):
        parses(subject, body[:length])


@MANY_TIMES
@given(value=JSON_VALUES)
def test_any_json_is_refused_or_read(subject: ChannelUnderTest, value: Any) -> None:
    parses(subject, json.dumps(value).encode())


@MANY_TIMES
@given(body=st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(subject: ChannelUnderTest, body: bytes) -> None:
    parses(subject, body)


@pytest.mark.parametrize("depth", [500, 100_000])
def test_a_bottomless_body_is_refused_or_read(subject: ChannelUnderTest, depth: int) -> None:
    parses(subject, b"[" * depth + b"]" * depth)
    parses(subject, b'{"entry":' * depth + b"1" + b"}" * depth)
