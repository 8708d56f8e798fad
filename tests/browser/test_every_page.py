"""Every page of the console in both themes, on a desk and on a phone: nothing that hinders, nothing that is slow."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.static_assets import TESTS_VENDOR
from tests.browser.conftest import picture
from tests.browser.console_pages import Desk, open_desk, operator

PAGES = {
    "inbox": "/console",
    "thread": "/console/conversations/{0}",
    "contacts": "/console/contacts",
    "contact": "/console/contacts/{1}",
    "duplicates": "/console/contacts/duplicates",
    "merge": "/console/contacts/duplicates/{1}/{2}",
    "imports": "/console/contacts/import",
    "import": "/console/contacts/import/{3}",
    "labels": "/console/labels",
    "alerts": "/console/alerts/settings",
    "payments": "/console/payments",
    "queue": "/console/queue",
    "queue-settings": "/console/queue/settings",
    "hours": "/console/hours",
    "ledger": "/console/ledger",
    "channels": "/console/channels",
    "health": "/console/channels/health",
    "link-phone": "/console/channels/devices/new",
    "messenger": "/console/channels/messenger",
    "preferences": "/console/preferences",
    "staff": "/console/staff",
    "why": "/console/why/{4}",
    "incidents": "/console/incidents",
    "incident": "/console/incidents/{5}",
    "audit": "/console/audit",
    "messages": "/console/messages",
    "system": "/console/system",
    "account": "/console/account",
    "second-factor": "/console/account/second-factor",
    "api": "/api/docs",
    "missing": "/console/nowhere",
    "styleguide": "/styleguide",
}
MANUAL = frozenset({"duplicates", "merge", "import", "labels", "alerts", "why", "incidents", "system"})
"""Pages whose picture stands in the manual just as they are here."""
WIDTHS = {"desk": (1280, 860), "phone": (390, 844)}
SERIOUS = ("serious", "critical")
MOST_BYTES = 150 * 1024


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all pages."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the first places where it is."""
    page.evaluate((TESTS_VENDOR / "axe.min.js").read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


def too_wide(page: Page) -> list[str]:
    """Whether one must push the page aside to read it."""
    wider = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return [f"{wider} px wider than the window"] if wider > 0 else []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_hinders_anybody(browser: Browser, desk: Desk, scheme: str, width: str) -> None:
    found = {}
    with operator(browser, desk, *WIDTHS[width], scheme) as page:
        for name, path in PAGES.items():
            asked = (desk.conversations[0], desk.contact, desk.twin, desk.file, desk.turn, desk.incident)
            page.goto(desk.url + path.format(*asked))
            found[name] = [*faults(page), *too_wide(page)]
            if name in MANUAL and (scheme, width) == ("light", "desk"):
                expect(page.locator("#pill")).to_have_attribute("data-state", "live")
                picture(page, name)
            if "RAMAH_LOOK" in os.environ:
                page.screenshot(path=Path(os.environ["RAMAH_LOOK"]) / f"{name}-{scheme}-{width}.png")
    assert not {name: one for name, one in found.items() if one}


def test_times_stand_in_the_organisations_zone_wherever_the_reader_is(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk, timezone="America/New_York") as page:
        page.goto(desk.url + PAGES["thread"].format(desk.conversations[0], desk.contact))
        written = page.locator('.message time[data-moment="clock"]').first
        moment = datetime.fromisoformat(str(written.get_attribute("datetime")))
        assert re.sub(r"\D", "", written.inner_text()) == f"{moment.astimezone(ZoneInfo('Asia/Jakarta')):%H%M}"


@pytest.mark.parametrize("path", ["/console", "/console/preferences", "/login"])
def test_a_first_load_brings_little(browser: Browser, desk: Desk, path: str) -> None:
    sizes: dict[str, int] = {}
    with operator(browser, desk) as page:
        if path == "/login":
            page.context.clear_cookies()
        page.on("response", lambda answer: sizes.update(_script_or_style(answer)))
        page.goto(desk.url + path, wait_until="load")
        total = sum(len(gzip.compress(page.request.get(url).body())) for url in sizes)
    assert sizes and total < MOST_BYTES, f"{total} bytes: {sorted(sizes)}"


def _script_or_style(answer: Any) -> dict[str, int]:
    kind = answer.request.resource_type
    return {answer.url: 0} if kind in ("script", "stylesheet") else {}


def test_a_correction_of_a_contact_is_seen_at_once(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk) as page:
        page.goto(f"{desk.url}/console/contacts")
        page.keyboard.press("/")
        page.keyboard.type("siti")
        expect(page.locator("#contact-rows tr")).to_have_count(2)
        page.locator(f"#contact-rows a[href$='{desk.contact}']").first.click()
        page.get_by_label("Plate", exact=True).fill("b 1234 xyz")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.locator("ins")).to_have_text("B 1234 XYZ")
        picture(page, "contact")


def test_news_show_on_the_tab_and_on_the_menu_of_every_page(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk) as page:
        page.goto(f"{desk.url}/console/preferences")
        expect(page.locator("#pill")).to_have_attribute("data-state", "live")
        before = int(page.locator("body").get_attribute("data-news") or "-1")
        desk.write(0, "masih di sana?", "m-news")
        expect(page.locator("body")).to_have_attribute("data-news", "1")
        expect(page.locator("#news-badge")).to_have_text("1")
        assert before in (0, 1) and page.title().startswith("(1) Preferences")
        picture(page, "preferences")


def test_one_tab_of_several_makes_the_sign_and_none_while_one_reads(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk) as page:
        other = page.context.new_page()
        for tab, path in ((page, "/console/preferences"), (other, "/console/payments")):
            tab.add_init_script("addEventListener('ramah:sign', () => (window.signs = (window.signs ?? 0) + 1), true)")
            tab.goto(desk.url + path)
            expect(tab.locator("#pill")).to_have_attribute("data-state", "live")
            expect(tab.locator("body")).to_have_attribute("data-news", "1")
        desk.write(0, "halo?", "m-tabs")
        page.wait_for_function("() => JSON.parse(localStorage.getItem('ramah:signs') ?? '[]').length === 1")
        page.wait_for_timeout(600)
        assert sum(tab.evaluate("() => window.signs ?? 0") for tab in (page, other)) == 1


def test_a_page_is_found_and_opened_by_the_keyboard_alone(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk) as page:
        page.goto(f"{desk.url}/console/preferences")
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Find a page")
        expect(field).to_be_focused()
        page.keyboard.type("budi")
        expect(page.get_by_role("option", name="Budi Santoso").first).to_be_visible()
        picture(page, "command-bar")
        assert faults(page) == []
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/conversations/*")
        expect(page.locator(".thread-head h2")).to_have_text("Budi Santoso")
        page.keyboard.press("g")
        page.keyboard.press("p")
        page.wait_for_url("**/console/payments")
        page.keyboard.press("?")
        expect(page.locator("#keys dl")).to_contain_text("Next slip")
        expect(page.locator("#keys dl")).to_contain_text("Ledger")
