"""One connection to a mailbox, opened for reading only, its failures mapped."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import (  # type: ignore[import-untyped]
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)

from ramah.channels.email.account import Mailbox, Wire
from ramah.channels.email.cutting import cut_after
from ramah.channels.errors import ChannelError, Scope, SendOutcome

# It writes whole mails into the log at the level DEBUG.
logging.getLogger("imapclient").setLevel(logging.INFO)
_FOR_THE_MOMENT = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]", "too many")
"""RFC 5530: why a login is refused though the password may be right."""
LOST = (OSError, IMAPClientError, ValueError, LookupError)
"""A connection that broke, a refusal, or an answer that is no IMAP."""


@contextmanager
def opened(mailbox: Mailbox, wire: Wire) -> Iterator[IMAPClient]:
    """A logged-in connection. Raises ChannelError for whatever goes wrong, while it is used as well."""
    try:
        client = _connected(mailbox, wire)
        try:
            with cut_after(wire.patience.whole, client.socket()):
                _log_in(client, mailbox)
                yield client
        finally:
            _leave(client)
    except LOST as error:
        raise _meaning(error) from error


def select_for_reading(client: IMAPClient, folder: str) -> int:
    """Open a folder without touching it (EXAMINE); returns its UIDVALIDITY. Raises ChannelError."""
    try:
        answer = client.select_folder(folder, readonly=True)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise ChannelError(f"IMAP has no folder {folder!r}: {_said(error)}", SendOutcome.CONFIGURATION) from error
    return int(answer.get(b"UIDVALIDITY", 0))


def _connected(mailbox: Mailbox, wire: Wire) -> IMAPClient:
    client = IMAPClient(
        mailbox.imap_host,
        mailbox.imap_port,
        ssl=mailbox.imap_ssl,
        ssl_context=wire.tls if mailbox.imap_ssl else None,
        timeout=SocketTimeout(wire.patience.connect, wire.patience.read),
    )
    client.normalise_times = False
    if not mailbox.imap_ssl and client.has_capability("STARTTLS"):
        client.starttls(wire.tls)
    return client


def _log_in(client: IMAPClient, mailbox: Mailbox) -> None:
    try:
        client.login(mailbox.username, mailbox.password.get_secret_value())
    except LoginError as error:
        said = _said(error)
        for_now = any(sign.lower() in said.lower() for sign in _FOR_THE_MOMENT)
        outcome = SendOutcome.RETRY if for_now else SendOutcome.CONFIGURATION
        raise ChannelError(f"IMAP refused the login: {said}", outcome, scope=Scope.ACCOUNT) from error
    except (UnicodeError, ValueError):
        # Without the cause: it quotes the password.
        problem = "IMAP cannot be given this user name or password"
        raise ChannelError(problem, SendOutcome.CONFIGURATION) from None


def _leave(client: IMAPClient) -> None:
    # A courtesy: all that was asked for has been answered, or the connection is broken anyway.
    with suppress(*LOST):
        client.logout()
    with suppress(*LOST):
        client.shutdown()


def _meaning(error: Exception) -> ChannelError:
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = f"the certificate of the IMAP server is not valid: {error.verify_message}"
        return ChannelError(problem, SendOutcome.CONFIGURATION)
    problem = f"IMAP does not answer: {_said(error) or type(error).__name__}"
    return ChannelError(problem, SendOutcome.RETRY, scope=Scope.ACCOUNT)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
