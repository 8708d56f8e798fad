"""Messenger under the channel contract: the fake Facebook, one page, one person who wrote before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.port import AccountAccess, Channel
from tests.contract.channels.harness import ChannelUnderTest, Fault, Shown, Signed
from tests.fakes.graph.postman import encode, sign
from tests.fakes.messenger import faults
from tests.fakes.messenger.platform import Line
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import App, PageOnFacebook

AINA = "2400100100100100"
ORDERS: dict[Fault, dict[str, Any]] = {
    Fault.TOO_FAST: {"fault": faults.Fault.REFUSE, "code": 613, "status": 403, "retry_after": 7},
    Fault.BROKEN: {"fault": faults.Fault.REFUSE, "code": 2, "status": 503},
    Fault.RESET: {"fault": faults.Fault.CUT},
    Fault.SILENT: {"fault": faults.Fault.HANG},
    Fault.UNAUTHORISED: {"fault": faults.Fault.REFUSE, "code": 190, "subcode": 463, "status": 401},
    Fault.UNREACHABLE_PERSON: {"fault": faults.Fault.REFUSE, "code": 551, "subcode": 1545041},
    Fault.NONSENSE: {"fault": faults.Fault.NONSENSE},
}


class MessengerUnderTest:
    """The channel beside its fake."""

    recipient = AINA
    can_fail = frozenset(ORDERS)

    def __init__(self, server: FacebookServer, page: PageOnFacebook, token: str, channel: MessengerChannel) -> None:
        app = server.platform.app
        secrets = {"page_token": token, "app_secret": app.secret, "verify_token": app.verify_token}
        self.channel: Channel = channel
        self.access = AccountAccess(page.id, secrets, base_url=server.url)
        self._server = server
        self._written: dict[int, Signed] = {}

    def shown(self) -> list[Shown]:
        """What Aina got."""
        return [self._shown(line) for line in self._server.platform.lines]

    def break_next(self, fault: Fault) -> None:
        """The next message meets the fault."""
        token = self.access.secrets["page_token"] if fault is Fault.UNAUTHORISED else "ordered"
        self._server.platform.order_fault(faults.FaultOrder(**ORDERS[fault], message=f"said {token}"))

    def text_from_person(self, text: str, number: int) -> Signed:
        """Aina types."""
        return self._from_aina(number, {"message": {"mid": f"m_aina-{number}", "text": text}})

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """Aina taps a quick reply of the last message that she got."""
        reply = self._server.platform.lines[-1].message["quick_replies"][position]
        tapped = {"quick_reply": {"payload": reply["payload"]}, "text": reply["title"]}
        return self._from_aina(number, {"message": {"mid": f"m_aina-{number}", **tapped}})

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """Aina sends a photo."""
        url = self._server.platform.file_from_person(content, "image/png", self._server.url)
        attachment = {"type": "image", "payload": {"url": url}}
        return self._from_aina(number, {"message": {"mid": f"m_aina-{number}", "attachments": [attachment]}})

    def _from_aina(self, number: int, content: dict[str, Any]) -> Signed:
        if number not in self._written:
            body = encode(self._server.platform.person_does(self.access.external_id, AINA, content))
            signature = sign(self.access.secrets["app_secret"], body)
            self._written[number] = Signed({"x-hub-signature-256": signature}, body)
        return self._written[number]

    def _shown(self, line: Line) -> Shown:
        replies = line.message.get("quick_replies", [])
        digest = hashlib.sha256(line.file).hexdigest() if line.file else None
        return Shown(line.message.get("text", ""), tuple(reply["title"] for reply in replies), digest)


@contextmanager
def messenger() -> Iterator[ChannelUnderTest]:
    """The channel on the fake Facebook; the reply window is open, and the app demands a proof of its secret."""
    app = App(secret="contract-app-secret", verify_token="contract-verify", wants_proof=True)
    channel = MessengerChannel("http://127.0.0.1:9", "v23.0", connect_timeout=2.0, read_timeout=0.4)
    page = PageOnFacebook()
    with FacebookServer(app) as server:
        token = server.platform.open_page(page, "EAA-contract-page-token")
        server.platform.person_does(page.id, AINA, {"message": {"mid": "m_first", "text": "halo"}})
        try:
            yield MessengerUnderTest(server, page, token, channel)
        finally:
            channel.close()
