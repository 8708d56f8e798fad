"""Forms as accounts describe them."""

from __future__ import annotations

from typing import Any

import pytest

from ramah.channels.content import LinkStatus, Outgoing
from ramah.channels.errors import ChannelError, PayloadError, SendOutcome, SignatureError
from ramah.channels.port import AccountAccess
from ramah.channels.webform.channel import WebFormChannel
from ramah.channels.webform.definition import FormUnusable, definition_of, worded
from tests.unit.channels.webform.forms import CONTACT, form_with

CHANNEL = WebFormChannel()


def test_a_whole_form_is_read() -> None:
    form = definition_of(CONTACT)
    assert [field.name for field in form.fields] == ["name", "email", "phone", "service", "message"]
    assert form.fields[3].choices[0].value == "Poles"
    assert worded(form.title, "ms") == "Hubungi kami"
    assert worded({"id": "Halo"}, "en") == "Halo"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"fields": []}, "fields"),
        ({"title": {}}, "title"),
        ({"title": {"fr": "Bonjour"}}, "title"),
        ({"thanks": None}, "thanks"),
        ({"answer_by": "pigeon"}, "answer_by"),
        ({"limit": "often"}, "limit"),
        ({"limit": "0/minute"}, "limit"),
        ({"limit": 10}, "limit"),
        ({"fields": [{"name": "A b", "label": "x"}]}, "name"),
        ({"fields": [{"name": "_token", "label": "x"}]}, "name"),
        ({"fields": [{"name": "a", "label": "x", "kind": "choice"}]}, "choices"),
        ({"fields": [{"name": "a", "label": "x"}, {"name": "a", "label": "y"}]}, "same name"),
        ({"fields": [{"name": "a", "label": "x"}], "answer_by": "email"}, "email"),
    ],
)
def test_a_form_that_cannot_be_shown_says_why(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(FormUnusable, match="the form is not set up") as caught:
        definition_of(form_with(**changes))
    assert place in str(caught.value)
    state = CHANNEL.check(AccountAccess("kilap-form", {}, options=form_with(**changes)))
    assert state.status is LinkStatus.FAILED


def test_a_form_that_can_be_shown_is_connected() -> None:
    assert CHANNEL.check(AccountAccess("kilap-form", {}, options=CONTACT)).status is LinkStatus.CONNECTED


def test_nothing_is_sent_to_a_page_that_was_closed() -> None:
    access = AccountAccess("kilap-form", {}, options=CONTACT)
    with pytest.raises(ChannelError) as caught:
        CHANNEL.send(access, "form-1", Outgoing(text="Halo"), "out-1")
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "no_address")
    assert CHANNEL.split(Outgoing(text="Halo"), "id") == [Outgoing(text="Halo")]


def test_nobody_posts_forms_but_our_own_page() -> None:
    with pytest.raises(SignatureError):
        CHANNEL.verify(AccountAccess("kilap-form", {}, options=CONTACT), {}, b"{}")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"key": "k", "language": "id", "values": {}}'])
def test_what_is_no_submission_cannot_be_read(body: bytes) -> None:
    with pytest.raises(PayloadError):
        CHANNEL.parse(AccountAccess("kilap-form", {}, options=CONTACT), body)
