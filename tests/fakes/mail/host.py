"""The whole host: the mailbox, both servers, and the account that uses them."""

from __future__ import annotations

import ssl
from email.message import EmailMessage

from ramah.channels.port import AccountAccess
from tests.fakes.mail.faults import Fault, FaultQueue
from tests.fakes.mail.imap import ImapServer
from tests.fakes.mail.mailbox import Folder, StoredMail
from tests.fakes.mail.smtp import SmtpServer

USERNAME, PASSWORD = "kilap-mail-user", 'ra"ha\\sia 1'
ADDRESS = "cs@kilap.example"


class MailHost:
    """Start it, let mails arrive in ``folder``, look at what the SMTP server has ``taken``."""

    def __init__(self, security: str = "none", tls: ssl.SSLContext | None = None) -> None:
        self.folder, self.faults = Folder(), FaultQueue()
        self.imap = ImapServer(self.folder, self.faults, USERNAME, PASSWORD)
        if security == "ssl":
            self.imap.tls = tls
        self.smtp = SmtpServer(self.faults, USERNAME, PASSWORD, security, tls)
        self._security = security

    def __enter__(self) -> MailHost:
        self.imap.start()
        self.smtp.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.smtp.stop()
        self.imap.stop()

    def options(self) -> dict[str, object]:
        """The account's options for this host."""
        return {
            "imap_host": "127.0.0.1",
            "imap_port": self.imap.port,
            "imap_ssl": self._security == "ssl",
            "imap_folder": "INBOX",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp.port,
            "smtp_security": self._security,
            "from_name": "Kilap Auto Care",
        }

    def access(self, **changes: object) -> AccountAccess:
        """The account, with some options changed."""
        secrets = {"username": USERNAME, "password": PASSWORD}
        return AccountAccess(ADDRESS, secrets, options={**self.options(), **changes}, name="Kilap")

    def fail_next(self, *faults: Fault) -> None:
        """Let these faults happen, in this order."""
        self.faults.order(*faults)

    def arrives(
        self, text: str, message_id: str = "<m1@contoh.example>", sender: str = "budi@contoh.example"
    ) -> StoredMail:
        """A typed mail from a person."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = sender, ADDRESS, message_id
        mail["Subject"] = "Re: Jadwal"
        mail["In-Reply-To"] = "<ramah.out-0@kilap.example>"
        mail.set_content(text)
        return self.folder.add(mail.as_bytes())
