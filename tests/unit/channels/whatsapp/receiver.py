"""An endpoint that receives webhooks in tests."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from ramah.channels.content import Receipt
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account


class Webhook:
    """An endpoint that verifies and keeps what it gets; ``refuse`` next deliveries are answered with 503."""

    def __init__(self) -> None:
        self.bodies: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        self.verify_token = Account().verify_token
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/hook"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def receipts(self, channel: WhatsAppChannel) -> list[Receipt]:
        return [
            receipt
            for _, body in self.bodies
            for batch in channel.parse(AccountAccess("1000001", {}), body)
            for receipt in batch.receipts
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.bodies.append(({key.lower(): value for key, value in self.headers.items()}, body))
                webhook.refuse -= 1
                self.send_response(503 if webhook.refuse >= 0 else 200)
                self.end_headers()

            def do_GET(self) -> None:
                access = AccountAccess("1000001", {"verify_token": webhook.verify_token})
                params = dict(parse_qsl(urlsplit(self.path).query))
                challenge = WhatsAppChannel("http://127.0.0.1:9", "v23.0").challenge(access, params)
                self.send_response(403 if challenge is None else 200)
                self.end_headers()
                self.wfile.write((challenge or "").encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
