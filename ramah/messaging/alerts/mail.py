"""Mail to administrators over one SMTP server, named by address: ``smtp://``, ``smtps://`` or ``smtp+starttls://``."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from ramah.lib.errors import RamahError, SettingsError
from ramah.lib.guard import GUARDS, OutOfService, Protection
from ramah.settings import Settings

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class MailError(RamahError):
    """The mail server did not take a message. Worth another try."""

    subsystem = "mail"
    permanent = False


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)

    @classmethod
    def of(cls, url: str) -> MailServer:
        """From the setting. Raises SettingsError, without the address: it holds a password."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise SettingsError(f"RAMAH_SMTP_URL must begin with one of {', '.join(f'{name}://' for name in PORTS)}")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, password)


def hand_in(config: Settings, messages: Sequence[EmailMessage]) -> list[str]:
    """Send messages over one connection to the server that the settings name; returns the addresses that it refused for
    good.

    Raises MailError when the server does not answer, takes none of them now, or is left alone for a while."""
    server = MailServer.of(config.smtp_url or "")
    protection = Protection(1, config.mail_timeout, config.mail_breaker_failures, config.mail_breaker_rest)
    try:
        with GUARDS.guard("mail", f"{server.host}:{server.port}", protection, _is_outage):
            return _hand_in(server, messages, config.mail_timeout)
    except OutOfService as left_alone:
        raise MailError(str(left_alone), retry_after=left_alone.retry_after) from None


def _is_outage(error: Exception) -> bool:
    """No answer, or a broken connection; what the server says no to is an answer."""
    return isinstance(error, MailError) and isinstance(error.__cause__, OSError | smtplib.SMTPServerDisconnected)


def _hand_in(server: MailServer, messages: Sequence[EmailMessage], timeout: float) -> list[str]:
    refused: list[str] = []
    with _connected(server, timeout) as smtp:
        for message in messages:
            try:
                smtp.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                if any(code < 500 for code, _ in error.recipients.values()):
                    raise
                refused.extend(error.recipients)
    return refused


@contextmanager
def _connected(server: MailServer, timeout: float) -> Iterator[smtplib.SMTP]:
    try:
        with _open(server, timeout) as smtp:
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password or "")
            yield smtp
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", None)
        # The texts of servers may repeat what we said to them.
        told = f"{type(error).__name__}{f' {code}' if code else ''}"
        raise MailError(f"the mail server {server.host}:{server.port} did not take it ({told})") from error


def _open(server: MailServer, timeout: float) -> smtplib.SMTP:
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=timeout)
