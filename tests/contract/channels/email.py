"""E-mail under the channel contract: a mail host on loopback, one mailbox, one person who wrote before.

Nobody posts mails to us, so that a ``Signed`` here is a raw mail without headers of a request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from ramah.channels.email.account import Patience
from ramah.channels.email.channel import EmailChannel
from ramah.channels.port import Channel
from tests.contract.channels.harness import ChannelUnderTest, Fault, Shown, Signed
from tests.fakes.mail import faults
from tests.fakes.mail.host import ADDRESS, MailHost

BUDI = "budi@contoh.example"
ORDERS = {
    Fault.TOO_FAST: faults.Fault.BUSY_GREETING,
    Fault.BROKEN: faults.Fault.CUT_BEFORE_DATA,
    Fault.RESET: faults.Fault.CUT_AFTER_DATA,
    Fault.SILENT: faults.Fault.SILENT_AFTER_DATA,
    Fault.UNAUTHORISED: faults.Fault.WRONG_LOGIN,
    Fault.UNREACHABLE_PERSON: faults.Fault.UNKNOWN_PERSON,
    Fault.NONSENSE: faults.Fault.NONSENSE,
}


class EmailUnderTest:
    """The channel beside its host."""

    recipient = BUDI
    can_fail = frozenset(ORDERS)

    def __init__(self, host: MailHost) -> None:
        self.channel: Channel = EmailChannel(Patience(connect=2.0, read=0.4))
        self.access = host.access()
        self._host = host

    def shown(self) -> list[Shown]:
        """What Budi's program shows."""
        return [_shown(taken.mail) for taken in self._host.smtp.taken if BUDI in taken.recipients]

    def break_next(self, fault: Fault) -> None:
        """The next mail meets the fault."""
        self._host.fail_next(ORDERS[fault])

    def text_from_person(self, text: str, number: int) -> Signed:
        """Budi answers."""
        mail = _from_budi(number)
        mail.set_content(text)
        return Signed({}, mail.as_bytes())

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """Nothing in a mail can be tapped."""
        return None

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """Budi sends a photo without a word; it lies in the mailbox."""
        mail = _from_budi(number)
        mail.add_attachment(content, maintype="image", subtype="png", filename="foto.png")
        return Signed({}, self._host.folder.add(mail.as_bytes()).raw)


def _from_budi(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Budi <{BUDI}>", ADDRESS, "Re: Jadwal"
    mail["Message-ID"], mail["In-Reply-To"] = f"<budi-{number}@contoh.example>", "<ramah.out-0@kilap.example>"
    return mail


def _shown(mail: EmailMessage) -> Shown:
    body = mail.get_body(("plain",))
    text = "" if body is None else str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")
    files = [part.get_content() for part in mail.iter_attachments()]
    return Shown(text, (), hashlib.sha256(files[0]).hexdigest() if files else None)


@contextmanager
def email() -> Iterator[ChannelUnderTest]:
    """The channel on a host that works."""
    with MailHost() as host:
        yield EmailUnderTest(host)
