"""A page on a server that behaves like Facebook, and the channel before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.port import AccountAccess
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import HUMAN_AGENT, App, Limits, PageOnFacebook
from tests.unit.channels.messenger.recorded import AINA, PAGE


@pytest.fixture
def facebook() -> Iterator[FacebookServer]:
    app = App(wants_proof=True, tags=frozenset({HUMAN_AGENT}))
    with FacebookServer(app, limits=Limits(rate=0.01, burst=20)) as server:
        server.platform.open_page(PageOnFacebook(), "EAA-page-token")
        server.platform.person_does(PAGE, AINA, {"message": {"mid": "m_first", "text": "halo"}})
        yield server


@pytest.fixture
def platform(facebook: FacebookServer) -> Platform:
    return facebook.platform


@pytest.fixture
def access(facebook: FacebookServer) -> AccountAccess:
    return AccountAccess(PAGE, {"page_token": "EAA-page-token", "app_secret": facebook.platform.app.secret})


@pytest.fixture
def channel(facebook: FacebookServer) -> Iterator[MessengerChannel]:
    made = MessengerChannel(facebook.url, "v23.0", connect_timeout=2.0, read_timeout=0.3)
    yield made
    made.close()
