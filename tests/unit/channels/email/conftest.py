"""A mail host on loopback, and the channel with short time-outs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramah.channels.email.account import Patience
from ramah.channels.email.channel import EmailChannel
from tests.fakes.mail.host import MailHost

PATIENCE = Patience(connect=2.0, read=0.5)


@pytest.fixture
def host() -> Iterator[MailHost]:
    """A running host without encryption."""
    with MailHost() as running:
        yield running


@pytest.fixture
def channel() -> EmailChannel:
    """The channel under test."""
    return EmailChannel(PATIENCE)
