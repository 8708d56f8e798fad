"""WhatsApp under the channel contract: the Cloud API's fake, one number, one person who wrote before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ramah.channels.port import AccountAccess, Channel
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.contract.channels.harness import ChannelUnderTest, Fault, Shown, Signed
from tests.fakes.graph import faults
from tests.fakes.graph.accounts import Account, Limits
from tests.fakes.graph.journal import media_id, replies, shown_choices, shown_text
from tests.fakes.graph.people import PersonsFile, PersonWrites
from tests.fakes.graph.postman import encode, sign
from tests.fakes.graph.server import GraphServer

AINA = "60121112222"
# Meta has no code for "this person, never" that comes with the answer, but for test numbers: not on their list.
ORDERS = {
    Fault.TOO_FAST: {"fault": faults.Fault.BUSY, "retry_after": 7},
    Fault.BROKEN: {"fault": faults.Fault.SERVICE_DOWN},
    Fault.RESET: {"fault": faults.Fault.CUT},
    Fault.SILENT: {"fault": faults.Fault.HANG},
    Fault.UNAUTHORISED: {"fault": faults.Fault.UNAUTHORISED},
    Fault.UNREACHABLE_PERSON: {"fault": faults.Fault.NOT_ALLOWED},
    Fault.NONSENSE: {"fault": faults.Fault.NONSENSE},
}


class WhatsAppUnderTest:
    """The channel beside its fake."""

    recipient = AINA
    can_fail = frozenset(ORDERS)

    def __init__(self, server: GraphServer, account: Account, channel: WhatsAppChannel) -> None:
        secrets = {
            "access_token": account.token,
            "app_secret": account.app_secret,
            "verify_token": account.verify_token,
        }
        self.channel: Channel = channel
        self.access = AccountAccess(account.phone_number_id, secrets, base_url=server.url)
        self._graph = server.graph
        self._account = account
        self._written: dict[int, Signed] = {}

    def shown(self) -> list[Shown]:
        """What Aina got."""
        return [self._shown(line["body"]) for line in self._graph.lines(AINA, ours=True)]

    def break_next(self, fault: Fault) -> None:
        """The next message meets the fault."""
        self._graph.order_fault(faults.FaultOrder.model_validate(ORDERS[fault]))

    def text_from_person(self, text: str, number: int) -> Signed:
        """Aina types."""
        return self._from_aina(number, text=text)

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """Aina taps on the last message that she got."""
        line = self._graph.lines(AINA, ours=True)[-1]
        reply = replies(line["body"])[position]
        from_list = line["body"]["interactive"]["type"] == "list"
        tapped = {"payload": reply["id"], "title": reply["title"], "from_list": from_list}
        return self._from_aina(number, reply_to=line["id"], **tapped)

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """Aina sends a photo."""
        return self._from_aina(number, file=PersonsFile(content=content))

    def _from_aina(self, number: int, **content: object) -> Signed:
        if number not in self._written:
            message = PersonWrites.model_validate({"from": AINA, "id": f"wamid.aina-{number}", **content})
            body = encode(self._graph.note_person(message)[1])
            self._written[number] = Signed({"x-hub-signature-256": sign(self._account.app_secret, body)}, body)
        return self._written[number]

    def _shown(self, body: dict[str, Any]) -> Shown:
        stored = media_id(body)
        digest = self._graph.media.file(stored, self._graph.now).sha256 if stored else None
        return Shown(shown_text(body), tuple(shown_choices(body)), digest)


@contextmanager
def whatsapp() -> Iterator[ChannelUnderTest]:
    """The channel on the fake Graph; the service window is open."""
    account = Account(token="EAAG-contract-token", app_secret="contract-app-secret", verify_token="contract-verify")
    # The pace is the outbox's matter; the suite sends faster than anybody may.
    limits = Limits(pair_burst=10_000, throughput_burst=10_000)
    channel = WhatsAppChannel("http://127.0.0.1:9", "v23.0", connect_timeout=2.0, read_timeout=0.4)
    with GraphServer([account], limits=limits) as server:
        server.graph.person_writes(PersonWrites.model_validate({"from": AINA, "text": "halo"}))
        try:
            yield WhatsAppUnderTest(server, account, channel)
        finally:
            channel.close()
