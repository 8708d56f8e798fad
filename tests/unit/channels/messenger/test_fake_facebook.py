"""The stand-in for Facebook posts what pages, people and Facebook itself do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ramah.channels.content import Incoming, Outgoing, ReceiptStatus
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.messenger.login import FIELDS
from ramah.channels.port import AccountAccess
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import App, Habits, PageOnFacebook
from tests.unit.channels.messenger.recorded import AINA, PAGE


class Webhook:
    """An endpoint that keeps what it gets; ``refuse`` next deliveries are answered with 503."""

    def __init__(self) -> None:
        self.bodies: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.bodies.append(({key.lower(): value for key, value in self.headers.items()}, body))
                webhook.refuse -= 1
                self.send_response(503 if webhook.refuse >= 0 else 200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.stop()


@pytest.fixture
def subscribed(webhook: Webhook) -> Iterator[FacebookServer]:
    """A page whose events are posted to us."""
    with FacebookServer(App(webhook_url=webhook.url)) as server:
        server.platform.open_page(PageOnFacebook(fields=frozenset(FIELDS)), "EAA-page-token")
        server.platform.person_does(PAGE, AINA, {"message": {"mid": "m_first", "text": "halo"}})
        yield server


@pytest.fixture
def channel(subscribed: FacebookServer) -> Iterator[MessengerChannel]:
    made = MessengerChannel(subscribed.url, "v23.0")
    yield made
    made.close()


def access(server: FacebookServer) -> AccountAccess:
    return AccountAccess(PAGE, {"page_token": "EAA-page-token", "app_secret": server.platform.app.secret})


def heard(server: FacebookServer, channel: MessengerChannel, webhook: Webhook) -> list[Incoming]:
    """All messages that were posted, each body verified."""
    assert server.postman.drain(5.0)
    for headers, body in webhook.bodies:
        channel.verify(access(server), headers, body)
    return [
        item for _, body in webhook.bodies for batch in channel.parse(access(server), body) for item in batch.incoming
    ]


def test_people_are_heard_again_until_we_answer(
    subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook
) -> None:
    subscribed.postman.drain(5.0)
    webhook.refuse = 2
    subscribed.platform.person_does(PAGE, AINA, {"message": {"mid": "m_2", "text": "lagi"}}, repeat=2)
    assert [item.external_id for item in heard(subscribed, channel, webhook)] == ["m_first", *["m_2"] * 4]


def test_what_we_send_comes_back_with_our_reference(
    subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook
) -> None:
    sent = channel.send(access(subscribed), AINA, Outgoing(text="Siap"), "out-7")
    echo = heard(subscribed, channel, webhook)[-1]
    assert echo.from_business
    assert (echo.reference, echo.external_id, echo.text) == ("out-7", sent.provider_id, "Siap")


@pytest.mark.parametrize(("delivered", "receipts"), [("mids", 1), ("watermark", 0)])
def test_deliveries_name_messages_or_a_moment_after_the_send(
    subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook, delivered: str, receipts: int
) -> None:
    subscribed.platform.habits = Habits(delivered="mids" if delivered == "mids" else "watermark", read=True)
    sent = channel.send(access(subscribed), AINA, Outgoing(text="Siap"), "out-7")
    heard(subscribed, channel, webhook)
    batches = [batch for _, body in webhook.bodies for batch in channel.parse(access(subscribed), body)]
    assert [item.provider_id for batch in batches for item in batch.receipts] == [sent.provider_id] * receipts
    marks = [mark for batch in batches for mark in batch.watermarks]
    assert [mark.status for mark in marks] == [ReceiptStatus.DELIVERED, ReceiptStatus.READ]
    line = subscribed.platform.lines[-1]
    assert all(mark.up_to.timestamp() >= int(line.at * 1000) / 1000 for mark in marks)


def test_everything_may_come_twice(subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook) -> None:
    subscribed.platform.habits = Habits(repeat=2)
    channel.send(access(subscribed), AINA, Outgoing(text="Siap"), "out-7")
    echoes = [item for item in heard(subscribed, channel, webhook) if item.from_business]
    assert len(echoes) == 2
    assert echoes[0].external_id == echoes[1].external_id


def test_an_answer_in_the_page_inbox_has_no_reference(
    subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook
) -> None:
    subscribed.platform.staff_answers(PAGE, AINA, "Saya bantu ya")
    echo = heard(subscribed, channel, webhook)[-1]
    assert (echo.from_business, echo.reference, echo.sender.platform_id) == (True, None, AINA)


def test_a_page_that_is_not_subscribed_is_silent(
    subscribed: FacebookServer, channel: MessengerChannel, webhook: Webhook
) -> None:
    subscribed.platform.pages[PAGE].fields = frozenset()
    subscribed.platform.person_does(PAGE, AINA, {"message": {"mid": "m_2", "text": "halo?"}})
    assert [item.external_id for item in heard(subscribed, channel, webhook)] == ["m_first"]
