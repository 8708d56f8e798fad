"""A real headless browser on the running stack."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stack import PROJECT, Stack, fresh_url

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
IMAGES = PROJECT / "docs" / "images"
COLOURS = 192

# A busy machine makes the pages slow, not wrong; the library's own patience is five seconds.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium; `make browser` installs it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "no Chromium found: run `make browser`, or install the package chromium"
    return {"executable_path": path, "args": list(QUIET)}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes on the embedded database, as a newcomer has them."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url("sqlite", folder) as url:
        running = Stack(folder, url)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def picture(page: Page, name: str) -> None:
    """Keep a screenshot for the manual when RAMAH_SAVE_IMAGES is set: in so few colours that it weighs a third."""
    if os.environ.get("RAMAH_SAVE_IMAGES"):
        IMAGES.mkdir(exist_ok=True)
        with Image.open(BytesIO(page.screenshot())) as drawn:
            drawn.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)
