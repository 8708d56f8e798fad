"""E-mail as a channel: a mailbox is asked for new mails, and answers leave by its SMTP server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from ramah.channels.content import Batch, Collected, FetchedMedia, LinkState, LinkStatus, Outgoing, RemoteMedia, Sent
from ramah.channels.email.account import Mailbox, Patience, Wire, ascii_domain, mailbox_of
from ramah.channels.email.collecting import collect_new
from ramah.channels.email.compose import TEXT_LIMIT, compose, split_message
from ramah.channels.email.fetching import fetch_part
from ramah.channels.email.imap import opened, select_for_reading
from ramah.channels.email.parse import NOBODY, parse_mail
from ramah.channels.email.refusals import Stage, refusal
from ramah.channels.email.smtp import connected, transmit
from ramah.channels.errors import ChannelError, SendOutcome, SignatureError
from ramah.channels.port import Abilities, AccountAccess, ChannelDefaults, Pace


class EmailChannel(ChannelDefaults):
    """Mailboxes. ``external_id`` is the address in lower case. Options: ``imap_host``, ``imap_port``, ``imap_ssl``,
    ``imap_folder``, ``smtp_host``, ``smtp_port``, ``smtp_security`` (ssl, starttls, none), ``from_name``. Secrets:
    ``username``, ``password``."""

    kind = "email"
    abilities = Abilities(
        buttons=0,
        list_rows=0,
        text_limit=TEXT_LIMIT,
        # Nobody must report that a mail arrived; bounces are believed where they come.
        proves_delivery=False,
        quotes=True,
        # Far below what providers allow a day, so that one busy hour does not lock the mailbox.
        account_pace=Pace(1.0, 30),
        recipient_pace=Pace(5.0, 5),
        check_every=300.0,
    )

    def __init__(self, patience: Patience | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._wire = Wire(patience or Patience(), tls or ssl.create_default_context())

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Always refuses: mails are fetched by us and posted by nobody."""
        raise SignatureError("a mailbox has no webhook")

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read one raw mail. Any bytes are one."""
        return parse_mail(account.external_id.lower(), body)

    def far_end(self, account: AccountAccess) -> str:
        """The mailbox's own server."""
        return f"{account.options.get('imap_host', '')}:{account.options.get('imap_port', '')}"

    def collect(self, account: AccountAccess, cursor: str | None) -> Iterator[Collected]:
        """New mails after the cursor, oldest first, at most 50. Without a cursor: those of the last two days.
        Raises ChannelError."""
        return collect_new(mailbox_of(account), self._wire, cursor, datetime.now(UTC))

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """One mail carries everything; only text beyond ``text_limit`` needs several."""
        return split_message(message)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part. Raises ChannelError, or ValueError for a message that is not one mail."""
        parts = split_message(message)
        if len(parts) != 1:
            raise ValueError(f"this message is {len(parts)} mails, not one; split it first")
        mailbox = mailbox_of(account)
        mail = compose(mailbox, _deliverable(recipient), parts[0], reference)
        transmit(mailbox, self._wire, _deliverable(recipient), mail.as_bytes())
        return Sent(provider_id=mail["Message-ID"])

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Take a file out of its mail in the mailbox. Raises ChannelError."""
        return fetch_part(mailbox_of(account), self._wire, media, most_bytes)

    def check(self, account: AccountAccess) -> LinkState:
        """Log in for reading and for sending. Raises ChannelError when a server does not answer."""
        try:
            self._prove(mailbox_of(account))
        except ChannelError as error:
            if error.outcome is not SendOutcome.CONFIGURATION:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))
        return LinkState(status=LinkStatus.CONNECTED)

    def _prove(self, mailbox: Mailbox) -> None:
        with opened(mailbox, self._wire) as client:
            select_for_reading(client, mailbox.imap_folder)
            client.noop()
        with connected(mailbox, self._wire) as smtp:
            code, said = smtp.noop()
            if code != 250:
                raise refusal(Stage.LOGIN, code, said.decode("utf-8", "replace"))


def _deliverable(recipient: str) -> str:
    """An address as the wire takes it. Raises ChannelError for one that no mail can reach."""
    local, _, domain = recipient.rpartition("@")
    address = f"{local}@{ascii_domain(domain)}"
    sound = bool(local) and address.isascii() and address.isprintable() and not set(address) & set(' <>"(),:;\\')
    if not sound or recipient == NOBODY:
        raise ChannelError("no mail can be sent to this address", SendOutcome.GIVE_UP, code="address")
    return address
