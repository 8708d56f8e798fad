"""The web chat when the network is bad: nothing is lost, nothing comes twice, in one tab or in two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.chat_page import (
    API,
    PATIENCE,
    POSTS,
    Opener,
    answer_with,
    arrived,
    live,
    phone_with_chat,
    rows,
    said,
    say,
    waits,
)
from tests.browser.conftest import picture
from tests.stack import Stack


@pytest.fixture
def tab(browser: Browser, stack: Stack) -> Iterator[Opener]:
    """Opens the chat in one more tab of the same phone."""
    with phone_with_chat(browser, stack) as opener:
        yield opener


def test_what_was_written_offline_survives_a_reload_and_is_sent_once_in_order(tab: Opener, stack: Stack) -> None:
    page = live(tab())
    texts = [f"reload {number}" for number in range(1, 6)]
    page.context.set_offline(True)
    for text in texts[:3]:
        say(page, text)
    waits(page, 3)
    expect(page.locator("#pill")).to_contain_text("3 pesan menunggu")
    picture(page, "webchat-offline")
    # The page itself comes back first; its server does not answer yet.
    page.route(API, lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    waits(page, 3)
    assert said(page) == texts[:3]
    for text in texts[3:]:
        say(page, text)
    waits(page, 5)
    assert rows(stack, "reload") == []
    page.unroute(API)
    arrived(page, 5)
    assert said(page) == texts
    assert rows(stack, "reload") == texts
    expect(page.locator("#chat")).not_to_have_attribute("data-stuck", "")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('waiting'))") == []


def test_a_tab_that_was_closed_offline_sends_when_the_chat_is_opened_again(tab: Opener, stack: Stack) -> None:
    page = live(tab())
    page.context.set_offline(True)
    say(page, "closed 1")
    say(page, "closed 2")
    waits(page, 2)
    page.close()
    page.context.set_offline(False)
    again = tab()
    arrived(again, 2)
    assert rows(stack, "closed") == ["closed 1", "closed 2"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_waited_out_and_nothing_is_called_failed(tab: Opener, stack: Stack, status: int) -> None:
    page = live(tab())
    refusals: list[str] = []

    def refuse(route: Route) -> None:
        refusals.append(route.request.post_data or "")
        answer_with(status)(route)

    page.route(POSTS, refuse)
    say(page, f"trouble {status} a")
    say(page, f"trouble {status} b")
    waits(page, 2)
    while len(refusals) < 4:
        page.wait_for_event("request", lambda request: bool(POSTS.search(request.url)))
    assert all(f"trouble {status} a" in body for body in refusals)
    page.unroute(POSTS)
    arrived(page, 2)
    assert rows(stack, f"trouble {status}") == [f"trouble {status} a", f"trouble {status} b"]


def test_an_answer_that_gets_lost_makes_no_second_message(tab: Opener, stack: Stack) -> None:
    page = live(tab())
    lost = 0

    def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost > 3:
            route.continue_()
            return
        route.fetch()  # the server gets it, the page hears nothing
        route.abort()

    page.route(POSTS, lose)
    say(page, "lost answer 1")
    say(page, "lost answer 2")
    arrived(page, 2)
    assert said(page) == rows(stack, "lost answer") == ["lost answer 1", "lost answer 2"]


def test_a_refused_message_is_kept_and_does_not_hold_up_the_others(tab: Opener, stack: Stack) -> None:
    page = live(tab())
    page.route(
        POSTS,
        lambda route: answer_with(400)(route) if "refused a" in (route.request.post_data or "") else route.continue_(),
    )
    say(page, "refused a")
    say(page, "refused b")
    failed = page.locator('.entry[data-status="failed"]')
    expect(failed).to_contain_text("Tidak terkirim", timeout=PATIENCE)
    arrived(page, 1)
    page.reload()
    expect(failed).to_contain_text("refused a", timeout=PATIENCE)
    page.unroute(POSTS)
    failed.get_by_role("button", name="Coba lagi").click()
    arrived(page, 2)
    assert rows(stack, "refused") == ["refused b", "refused a"]


def test_a_waiting_message_may_be_taken_back(tab: Opener, stack: Stack) -> None:
    page, other = live(tab()), live(tab())
    page.context.set_offline(True)
    say(page, "taken 1")
    say(page, "taken 2")
    for shown in (page, other):
        waits(shown, 2)
    page.locator(".entry", has_text="taken 1").get_by_role("button", name="Hapus").click()
    for shown in (page, other):
        waits(shown, 1)
    page.context.set_offline(False)
    arrived(page, 1)
    assert rows(stack, "taken") == ["taken 2"]


def test_two_tabs_are_one_conversation_and_send_each_message_once(tab: Opener, stack: Stack) -> None:
    one, two = live(tab()), live(tab())
    sent: Counter[str] = Counter()

    def count(response: Any) -> None:
        # What the server has answered: an attempt that the network broke off may be made again.
        if response.request.method == "POST" and POSTS.search(response.url):
            sent[response.request.post_data_json["text"]] += 1

    for page in (one, two):
        page.on("response", count)
    one.context.set_offline(True)
    texts = [f"tabs {number}" for number in range(8)]
    for number, text in enumerate(texts):
        page = (one, two)[number % 2]
        say(page, text)
        # What is written in one tab stands in the other at once.
        expect((two, one)[number % 2].locator(".entry", has_text=text)).to_have_count(1, timeout=PATIENCE)
    sent.clear()
    one.context.set_offline(False)
    for page in (one, two):
        arrived(page, len(texts))
        assert said(page) == texts
    assert rows(stack, "tabs") == texts
    assert sent == Counter(texts)
    say(two, "tabs live")
    expect(one.locator(".entry[data-position]", has_text="tabs live")).to_have_count(1, timeout=PATIENCE)


def test_without_locks_a_lease_keeps_two_tabs_apart(browser: Browser, stack: Stack) -> None:
    # On plain http (a shop's own network) browsers give no locks.
    no_locks = "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
    with phone_with_chat(browser, stack, no_locks) as tab:
        one, two = live(tab()), live(tab())
        one.context.set_offline(True)
        for number in range(6):
            say((one, two)[number % 2], f"lease {number}")
        one.context.set_offline(False)
        for page in (one, two):
            arrived(page, 6)
    assert rows(stack, "lease") == [f"lease {number}" for number in range(6)]
