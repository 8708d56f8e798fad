"""One running stack for all conversations of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import backends
from tests.stack import Stack, fresh_url


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes, on PostgreSQL where there is one."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url(backends()[-1], folder) as url:
        running = Stack(folder, url)
        running.start()
        try:
            yield running
        finally:
            running.stop()
