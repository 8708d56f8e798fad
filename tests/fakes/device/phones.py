"""The small WhatsApp: clients of the gateway, the QR codes that link a phone, and what people get."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.device.events import Acknowledged, Changed, Event, File, Sent, Wrote
from tests.fakes.device.faults import Fault, lose_after, refuse_before
from tests.fakes.device.refusals import Refusal

NOWHERE = "6000000000"
"""Numbers that begin so are not on WhatsApp."""


@dataclass
class Client:
    """One client (session, instance, device) and the phone that it is linked to."""

    id: str
    name: str = ""
    reference: str | None = None
    webhook_url: str = ""
    secret: str = ""
    status: str = "scan_qr"
    number: str | None = None
    codes_from: float = 0.0
    salt: str = field(default_factory=lambda: secrets.token_hex(24))
    sent: list[Sent] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    marked_read: list[str] = field(default_factory=list)
    typing_to: list[str] = field(default_factory=list)
    logouts: int = 0


class Phones:
    """All clients of one gateway. ``qr_seconds`` are the lives of the codes of one row; after the last there is none.

    ``tell`` is called with each event of a client, in the order in which they happen.
    """

    def __init__(self, qr_seconds: tuple[float, ...], tell: Callable[[Client, Event], None]) -> None:
        self._qr_seconds = qr_seconds
        self._tell = tell
        self._lock = threading.RLock()
        self._ahead = 0.0
        self.clients: dict[str, Client] = {}
        self.faults: list[Fault] = []
        self.files: dict[str, File] = {}
        self.receipts: tuple[str, ...] = ("sent", "delivered", "read")

    @property
    def now(self) -> float:
        """Unix seconds of the gateway's clock."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    def add(self, client: Client) -> Client:
        """A new client that waits for a phone."""
        with self._lock:
            client.codes_from = self.now
            self.clients[client.id] = client
            return client

    def find(self, client_id: str) -> Client:
        """A client, with its codes run out when they have. Raises Refusal."""
        with self._lock:
            client = self.clients.get(client_id)
            if client is None:
                raise Refusal("client_not_found")
            if client.status == "scan_qr" and self.code(client) is None:
                client.status = "failed"
            return client

    def code(self, client: Client) -> tuple[str, float] | None:
        """The code to scan now and when it ends; None when the row is over."""
        ends = client.codes_from
        for index, seconds in enumerate(self._qr_seconds):
            ends += seconds
            if self.now < ends:
                return f"2@{client.salt}{index},{client.salt[:32]},{client.id[:8]}", ends
        return None

    def new_codes(self, client: Client) -> None:
        """Begin a new row. Raises Refusal for a client that is linked."""
        if client.status == "connected":
            raise Refusal("already_connected")
        client.salt, client.codes_from, client.status = secrets.token_hex(24), self.now, "scan_qr"

    def scan(self, client_id: str, number: str) -> None:
        """A phone scans the code. Raises Refusal when there is none."""
        client = self.find(client_id)
        if client.status != "scan_qr":
            raise Refusal("invalid_request")
        client.number, client.status = number, "connected"
        self._tell(client, Changed(self.now, "connected"))

    def change(self, client_id: str, status: str, reason: str | None = None) -> None:
        """The link changes by itself: lost, back, logged out on the phone, banned."""
        client = self.find(client_id)
        client.status = status
        self._tell(client, Changed(self.now, status, reason))

    def show_code(self, client_id: str) -> None:
        """Tell the code that is to be scanned now."""
        client = self.find(client_id)
        code = self.code(client)
        if code is not None:
            self._tell(client, Changed(self.now, "scan_qr", code=code[0], expires_at=code[1]))

    def restart(self, client: Client) -> None:
        """Connect again; without a phone begin a new row of codes."""
        if client.status in ("disconnected", "connected"):
            client.status = "connected"
        else:
            self.new_codes(client)

    def delete(self, client_id: str) -> None:
        """Forget a client. Raises Refusal."""
        with self._lock:
            self.find(client_id)
            del self.clients[client_id]

    def log_out(self, client: Client) -> None:
        """End the link from our side."""
        client.logouts += 1
        client.status, client.number = "logged_out", None

    def send(self, client: Client, message: Sent, *, idempotent: bool = False) -> str:
        """Deliver a message of ours; the id is WhatsApp's. Raises Refusal, or what becomes of the answer."""
        with self._lock:
            fault = self.faults.pop(0) if self.faults else None
            refuse_before(fault)
            if client.status != "connected":
                raise Refusal("not_connected")
            if message.to.startswith(NOWHERE):
                raise Refusal("not_on_whatsapp")
            known = client.results.get(message.reference or "") if idempotent else None
            if known is None:
                client.sent.append(message)
                client.results[message.reference or message.id] = message.id
                self._acknowledge(client, message)
            lose_after(fault)
            return known or message.id

    def write(self, client_id: str, message: Wrote) -> None:
        """Somebody writes."""
        self._tell(self.find(client_id), message)

    def _acknowledge(self, client: Client, message: Sent) -> None:
        for status in self.receipts:
            event = Acknowledged(message.id, self.now, status, message.to, message.reference)
            self._tell(client, event)
