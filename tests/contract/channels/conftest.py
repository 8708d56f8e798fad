"""The channels under the contract. Another one is a builder file of its kind's name, and its line in ``KINDS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

import pytest

from tests.contract.channels.harness import ChannelUnderTest

Builder = Callable[[], AbstractContextManager[ChannelUnderTest]]

KINDS = (
    "whatsapp",
    "telegram",
    "messenger",
    "device",
    "email",
)
FOLDER = Path(__file__).parent


def _builder(kind: str) -> Builder:
    """The builder of a kind: the function of the same name in the file of the same name."""
    found: Builder = getattr(import_module(f"tests.contract.channels.{kind}"), kind)
    return found


# A file that cannot be imported fails the whole suite; a channel without a file fails a test of its own.
BUILDERS = {kind: _builder(kind) for kind in KINDS if (FOLDER / f"{kind}.py").is_file()}


@pytest.fixture(params=sorted(BUILDERS))
def subject(request: pytest.FixtureRequest) -> Iterator[ChannelUnderTest]:
    """Each channel in turn, before a healthy provider."""
    with BUILDERS[request.param]() as built:
        yield built
