"""Files in the web chat: chosen, pasted, shown, sent once, stopped, refused; by pointer and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from ramah.messaging.models import Inbound, MediaFile, MediaStatus
from tests.browser.chat_page import (
    API,
    PATIENCE,
    Opener,
    arrived,
    live,
    phone_with_chat,
    rows,
    say,
    waits,
)
from tests.browser.conftest import picture
from tests.fakes.disk.files import SVG
from tests.fakes.disk.files import picture as painted
from tests.stack import Stack, wait_for


@pytest.fixture
def tab(browser: Browser, stack: Stack) -> Iterator[Opener]:
    """Opens the chat in one more tab of the same phone."""
    with phone_with_chat(browser, stack) as opener:
        yield opener


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture on the phone."""
    path = tmp_path / "mobil saya.jpg"
    path.write_bytes(painted("JPEG", size=(1200, 800)))
    return path


def test_a_picture_goes_up_with_its_words_and_the_operators_side_has_it(tab: Opener, stack: Stack, photo: Path) -> None:
    page = live(tab())
    page.locator("#files").set_input_files(photo)
    expect(page.locator("#tray")).to_contain_text("mobil saya.jpg")
    say(page, "picture with words")
    arrived(page, 1)
    shown = page.locator(".entry[data-position] .picture img")
    expect(shown).to_have_attribute("src", re.compile("^/media/"))
    wait_for(lambda: bool(shown.evaluate("image => image.naturalWidth")), "the small picture is drawn")
    picture(page, "webchat-picture")
    with stack.database.every_organisation_reading() as session:
        inbound = session.scalars(select(Inbound).where(Inbound.text == "picture with words")).one()
        file = session.scalars(select(MediaFile).where(MediaFile.inbound_id == inbound.id)).one()
    assert (inbound.kind, file.status, file.mime_type) == ("media", MediaStatus.STORED, "image/jpeg")
    whole = httpx.get(stack.console + str(page.locator(".picture").get_attribute("href")), timeout=10)
    assert whole.content == photo.read_bytes()
    assert (stack.folder / "media" / str(file.storage_key)).read_bytes() == photo.read_bytes()


def test_a_picture_chosen_offline_survives_a_reload(tab: Opener, stack: Stack, photo: Path) -> None:
    page = live(tab())
    page.context.set_offline(True)
    page.locator("#files").set_input_files(photo)
    say(page, "offline picture")
    waits(page, 1)
    page.route(API, lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    waits(page, 1)
    expect(page.locator(".entry .picture img")).to_have_attribute("src", re.compile("^data:image/"))
    page.unroute(API)
    arrived(page, 1)
    with stack.database.every_organisation_reading() as session:
        found = session.scalars(
            select(MediaFile).join(Inbound, Inbound.id == MediaFile.inbound_id).where(Inbound.text == "offline picture")
        ).all()
    assert [file.size for file in found] == [photo.stat().st_size]


def test_an_upload_shows_how_far_it_is_and_can_be_stopped(tab: Opener, stack: Stack, tmp_path: Path) -> None:
    page = live(tab())
    (tmp_path / "film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 8_000_000)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 50, "downloadThroughput": 1_000_000, "uploadThroughput": 400_000}
    session.send("Network.emulateNetworkConditions", slow)
    page.locator("#files").set_input_files(tmp_path / "film.mp4")
    say(page, "stopped upload")
    bar = page.get_by_role("progressbar", name="Mengirim film.mp4")
    expect(bar).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Batal").click()
    expect(page.locator(".entry")).to_have_count(0, timeout=PATIENCE)
    session.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1, "downloadThroughput": -1})
    say(page, "after the stopped upload")
    arrived(page, 1)
    assert rows(stack, "stopped upload") == ["after the stopped upload"]


def test_files_that_cannot_be_sent_are_refused_in_the_customers_language(
    tab: Opener, stack: Stack, tmp_path: Path
) -> None:
    page = live(tab())
    (tmp_path / "logo.svg").write_bytes(SVG)
    (tmp_path / "foto.jpg").write_bytes(SVG)
    page.locator("#files").set_input_files(tmp_path / "logo.svg")
    expect(page.get_by_role("alert")).to_contain_text("Jenis berkas ini tidak bisa dikirim")
    # A lie about the type is found out by the server.
    page.locator("#files").set_input_files(tmp_path / "foto.jpg")
    say(page, "a lie")
    failed = page.locator('.entry[data-status="failed"]')
    expect(failed).to_contain_text("Jenis berkas ini tidak bisa dikirim", timeout=PATIENCE)
    failed.get_by_role("button", name="Hapus").click()
    expect(page.locator(".entry")).to_have_count(0)
    assert rows(stack, "a lie") == []


def test_the_keyboard_alone_chooses_removes_and_sends_a_file(tab: Opener, photo: Path) -> None:
    page = tab()
    page.on("filechooser", lambda chooser: chooser.set_files([photo]))
    live(page).get_by_role("button", name="Lampirkan berkas").focus()
    page.keyboard.press("Enter")
    remove = page.get_by_role("button", name="Hapus mobil saya.jpg")
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tray")).to_be_hidden()
    expect(page.get_by_role("button", name="Lampirkan berkas")).to_be_focused()
    page.locator("#files").set_input_files(photo)
    page.locator("textarea").focus()
    page.keyboard.press("Enter")
    arrived(page, 1)


def test_a_pasted_picture_stands_in_the_tray(tab: Opener) -> None:
    page = live(tab())
    page.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement('canvas'), {width: 20, height: 20});
            const blob = await new Promise((done) => canvas.toBlob(done));
            const data = new DataTransfer();
            data.items.add(new File([blob], 'image.png', {type: 'image/png'}));
            document.querySelector('textarea').dispatchEvent(
              new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#tray")).to_contain_text("image.png")
    expect(page.locator("#tray img")).to_have_attribute("src", re.compile("^data:image/"))
