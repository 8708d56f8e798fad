"""From a message that did not arrive to the conversation at that very message; and how the channels stand."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import locked
from ramah.messaging.links import prove
from ramah.messaging.models import Author
from ramah.messaging.outbox import Writer, write_outbound
from tests.browser.chat_page import PATIENCE
from tests.browser.conftest import picture
from tests.browser.console_pages import Desk, open_desk, operator

LONG = 60
"""Messages after the one that is looked for: it is far above the end of the thread."""


def fail_one(desk: Desk) -> str:
    """A message to the second customer that WhatsApp refused, and much that was said since; returns its address."""
    conversation_id = desk.conversations[1]
    with desk.database.tenant(desk.account.organisation_id) as session:
        prove(session, desk.account, "send")
        conversation = locked(session, conversation_id)
        writer = Writer(Author.BOT, conversation.epoch)
        (row,) = write_outbound(session, conversation, writer, Outgoing(text="Masih perlu ganti oli?"), "late")
        row.status, row.error_code, row.error_text = "failed", "131047", "Re-engagement message"
        (sent,) = write_outbound(session, conversation, writer, Outgoing(text="Baik, kami tunggu."), "sent")
        sent.status = "read"
    for number in range(LONG):
        desk.write(1, f"pesan berikutnya {number}", f"later-{number}")
    return f"#message-{row.position}"


def test_a_message_that_did_not_arrive_is_opened_where_it_stands(browser: Browser, tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        anchor = fail_one(desk)
        with operator(browser, desk) as page:
            page.set_default_timeout(PATIENCE)
            page.goto(f"{desk.url}/console/channels/health")
            card = page.locator(f'[data-account="{desk.account.id}"]')
            expect(card).to_contain_text("Some messages did not arrive")
            card.scroll_into_view_if_needed()
            picture(page, "channel-health")
            card.get_by_role("link", name="Show them").click()
            row = page.locator("tbody tr")
            expect(row).to_have_count(1)
            expect(row).to_contain_text("Not delivered")
            page.get_by_label("Status").select_option("")
            page.get_by_role("button", name="Show", exact=True).click()
            expect(row).to_have_count(50)
            page.get_by_role("link", name="Earlier").click()
            found = page.get_by_role("link", name="Masih perlu ganti oli?")
            found.scroll_into_view_if_needed()
            picture(page, "message-log")
            found.click()
            expect(page.locator(anchor)).to_be_in_viewport()
            expect(page.locator(anchor)).to_have_attribute("data-sought", "")
