"""A linked phone, once at each gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.channels.device.stand import NAMES, Stand, stand_of


@pytest.fixture(params=NAMES)
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """A linked phone at a gateway; a test may name the gateways with ``parametrize("stand", ..., indirect=True)``."""
    with stand_of(request.param) as made:
        made.link()
        yield made


@pytest.fixture(params=NAMES)
def unlinked(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """An account that has no client at its gateway yet."""
    with stand_of(request.param) as made:
        yield made
