"""An SMTP submission server that keeps what it takes (aiosmtpd), with faults on order."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.mail.faults import Fault, FaultQueue

_AFTER_RCPT = {
    Fault.GREYLISTED: "450 4.7.1 Greylisted, please come again in 5 minutes",
    Fault.FULL: "452 4.2.2 The mailbox is full",
    Fault.UNKNOWN_PERSON: "550 5.1.1 The account does not exist",
    Fault.CUT_BEFORE_DATA: "",
}
_AFTER_DATA = {
    Fault.TOO_LARGE: "552 5.3.4 Message size exceeds fixed limit",
    Fault.POLICY: "554 5.7.1 Message rejected by policy",
    Fault.TRY_LATER: "451 4.3.0 Temporary failure",
    Fault.CLOSING: "421 4.3.2 Shutting down",
    Fault.DAILY_LIMIT: "550 5.4.5 Daily user sending limit exceeded",
    Fault.CUT_AFTER_DATA: "",
    Fault.SILENT_AFTER_DATA: "",
    Fault.NONSENSE: "what was the question",
}
_TAKEN = frozenset({Fault.CUT_AFTER_DATA, Fault.SILENT_AFTER_DATA, Fault.NONSENSE})
_DRIP = 0.05
_SILENCE = 60.0


@dataclass(frozen=True)
class TakenMail:
    """A mail that the server answers for."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail as the recipient's program reads it."""
        return BytesParser(policy=default).parsebytes(self.raw)


class SmtpServer:
    """Takes mails from whoever logs in. ``security`` is ssl, starttls or none; the first two need ``tls``."""

    def __init__(
        self,
        faults: FaultQueue,
        username: str,
        password: str,
        security: str = "none",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.taken: list[TakenMail] = []
        self.tries: list[str] = []
        self._credentials = (username.encode(), password.encode())
        self._faults = faults
        self._failing: Fault | None = None
        self._refused: Session | None = None
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=tls if security == "ssl" else None,
            tls_context=tls if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=self._authenticate,
            auth_require_tls=security == "starttls",
            data_size_limit=2_000_000,
            ident="fake",
        )

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return self._controller.bound_port

    def start(self) -> None:
        """Serve in the background."""
        self._controller.start()

    def stop(self) -> None:
        """Close the port."""
        self._controller.stop()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        # A client tries one mechanism after the other; the fault holds for all of them.
        self._failing = self._faults.take(Fault.WRONG_LOGIN, Fault.LOGIN_LATER) or (
            self._failing if session is self._refused else None
        )
        self._refused = session if self._failing else None
        if self._failing is Fault.LOGIN_LATER:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
        right = (data.login, data.password) == self._credentials and self._failing is None
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._faults.take(Fault.WRONG_SENDER):
            return "553 5.7.1 Sender address rejected: not owned by user"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A recipient."""
        if self._faults.take(Fault.DRIPPING):
            await _drip(server)
        fault = self._faults.take(*_AFTER_RCPT)
        if fault is Fault.CUT_BEFORE_DATA:
            _cut(server)
        if fault is not None:
            return _AFTER_RCPT[fault]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The content."""
        fault = self._faults.take(*_AFTER_DATA)
        if fault is None or fault in _TAKEN:
            raw = envelope.original_content or b""
            self.taken.append(TakenMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        if fault is Fault.SILENT_AFTER_DATA:
            await asyncio.sleep(_SILENCE)
        if fault is Fault.CUT_AFTER_DATA:
            _cut(server)
        return "250 2.0.0 Queued" if fault is None else _AFTER_DATA[fault]

    def greeting(self) -> str | None:
        """What is said in place of a greeting, if anything."""
        return "421 4.3.2 Too many connections" if self._faults.take(Fault.BUSY_GREETING) else None


async def _drip(server: SMTP) -> None:
    while server.transport is not None and not server.transport.is_closing():
        await server.push("250-still looking")
        await asyncio.sleep(_DRIP)


def _cut(server: SMTP) -> None:
    assert server.transport is not None
    cast(asyncio.Transport, server.transport).abort()
    raise asyncio.CancelledError


class _Greeter(SMTP):
    owner: SmtpServer

    async def push(self, status: Any) -> None:
        """Say a line; the first one may be a refusal."""
        if isinstance(status, str) and status.startswith("220 ") and self.session and not self.session.host_name:
            refusal = self.owner.greeting() if "ready" not in status.lower() else None
            if refusal:
                await super().push(refusal)
                _cut(self)
        await super().push(status)


class _Controller(Controller):
    def __init__(self, owner: SmtpServer, **options: Any) -> None:
        self._owner = owner
        super().__init__(owner, **options)

    def factory(self) -> SMTP:
        made = _Greeter(self.handler, **self.SMTP_kwargs)
        made.owner = self._owner
        return made

    @property
    def bound_port(self) -> int:
        """The port that the system chose."""
        assert self.server is not None
        return int(cast(asyncio.Server, self.server).sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        # The library connects to the port that it was told, which is none here.
        self.port = self.bound_port
        super()._trigger_server()  # type: ignore[no-untyped-call]
