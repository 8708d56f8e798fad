"""A mail server on loopback that wants a login and keeps what it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ramah.settings import Settings
from tests.integration.conftest import defaults


@dataclass
class Mailbox:
    """A mail server that keeps what it takes; ``refuses`` is its answer to recipients, by address."""

    messages: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient of somebody who logged in, or not."""
        if not session.authenticated:
            return "530 log in first"
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message."""
        found = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.messages.append(found)
        return "250 OK"

    @property
    def to(self) -> list[str]:
        """Who got something."""
        return [str(message["To"]) for message in self.messages]


def _is_known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ramah", b"p@ss:word")
    return AuthResult(success=known, handled=known)


class AnyPort(Controller):
    """Serves on a free port, which it knows once it listens."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has few types


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[Controller]:
    """Serve on a free port until left."""
    controller = AnyPort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        auth_require_tls=False,
        authenticator=_is_known,
        loop=asyncio.new_event_loop(),
    )
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def settings_for(server: Controller) -> Settings:
    """Settings that lead to the mail server."""
    return defaults(
        smtp_url=f"smtp://ramah:p%40ss%3Aword@127.0.0.1:{server.port}",
        mail_from="Ramah <ramah@kilap.example>",
        public_url="https://desk.example",
    )
