"""The widget on somebody else's page."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.stack import Stack

PATIENCE = 30_000


@pytest.fixture
def shop(stack: Stack) -> Iterator[str]:
    """Another site, with nothing of ours but one script tag."""
    body = f'<h1>A shop</h1><script src="{stack.console}/static/widget.js" data-key="kilap-auto" defer></script>'

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """A shop of tests keeps no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def test_one_script_tag_puts_the_chat_on_another_site(browser: Browser, shop: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(shop)
    page.get_by_role("button").first.click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("#chat")).to_have_attribute("data-connection", "live", timeout=PATIENCE)
    chat.locator("textarea").first.fill("halo")
    chat.locator("textarea").first.press("Enter")
    expect(chat.get_by_role("button", name=re.compile("Booking")).last).to_be_visible(timeout=PATIENCE)
    context.close()
