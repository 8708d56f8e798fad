"""One raw mail, as it lies in the mailbox, as messages and receipts of ours.

Read with ``compat32``, the stdlib's forgiving policy; see ``headers`` for why. Any bytes are a mail: what cannot be
understood is shown as unsupported, and the envelope keeps it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser

from ramah.channels.content import Batch, Incoming, IncomingKind, RemoteMedia, Sender
from ramah.channels.email.account import ascii_domain
from ramah.channels.email.automatic import is_automatic
from ramah.channels.email.headers import Correspondent, correspondents, date_of, source, sources, text_of
from ramah.channels.email.headings import is_forward_subject
from ramah.channels.email.html_text import text_of_html
from ramah.channels.email.marks import CUT, UNREADABLE
from ramah.channels.email.message_ids import hashed, ids_in, reference_in, stored_form
from ramah.channels.email.parts import Contents, contents_of, file_of
from ramah.channels.email.providers import PUBLIC_PROVIDERS
from ramah.channels.email.reports import Report, report_in
from ramah.channels.email.subjects import with_subject
from ramah.channels.email.trimming import own_words

LONGEST_TEXT = 100_000
NOBODY = "unknown@invalid"
"""RFC 2606 keeps ``invalid`` from ever being a domain."""
_NOTED = ("authentication-results", "references", "list-id", "auto-submitted")


def parse_mail(address: str, body: bytes) -> list[Batch]:
    """The batch of one mail in the mailbox ``address`` (lower-case)."""
    domain = ascii_domain(address.rpartition("@")[2])
    try:
        message = BytesParser().parsebytes(body)
        contents, report = contents_of(message), report_in(message, domain, date_of(message) or datetime.now(UTC))
    except RecursionError:
        # Containers in containers, hundreds deep: nobody writes such a mail, but it must not stop the mailbox.
        message = BytesHeaderParser().parsebytes(body)
        contents, report = Contents(), Report()
    incoming = () if _is_receipt_only(report) else (_incoming(address, domain, message, contents, report, body),)
    return [
        Batch(
            account_external_id=address,
            incoming=incoming,
            receipts=report.receipts,
            notices=report.notices,
        )
    ]


def _is_receipt_only(report: Report) -> bool:
    """Late, delivered, read: a tick or a log line. That something did not arrive is shown in the thread as well."""
    reported = bool(report.receipts or report.notices)
    return reported and not any(receipt.error_code or receipt.error_text for receipt in report.receipts)


def _incoming(address: str, domain: str, message: Message, contents: Contents, report: Report, body: bytes) -> Incoming:
    named = next(iter(ids_in(source(message, "message-id"))), None) or hashed(body)
    sender = Correspondent(report.unreached) if report.unreached else _sender(message)
    answered = next(iter(ids_in(source(message, "in-reply-to"))), None)
    files = tuple(file_of(number, leaf, named) for number, leaf in contents.files)
    text = _text(message, contents)
    return Incoming(
        external_id=stored_form(named),
        sender=Sender(platform_id=sender.address, name=sender.name),
        kind=_kind(text, files),
        text=text,
        reply_to=stored_form(answered) if answered else None,
        sent_at=date_of(message),
        media=files,
        automatic=_is_not_to_be_answered(address, domain, message, sender, named),
        raw=_raw(message),
    )


def _sender(message: Message) -> Correspondent:
    """Who wrote, by the address that answers go to.

    ``Reply-To`` counts only within the domain of ``From``, and never at providers where anybody may have an address:
    nobody checks it, so that a stranger could otherwise write in another customer's name, or have us write to people
    who never asked.
    """
    written = correspondents(message, "from") or correspondents(message, "sender")
    if not written:
        return Correspondent(NOBODY)
    sender = written[0]
    wanted = next(iter(correspondents(message, "reply-to")), sender)
    if wanted.domain != sender.domain or sender.domain in PUBLIC_PROVIDERS:
        return sender
    return Correspondent(wanted.address, sender.name or wanted.name)


def _is_not_to_be_answered(address: str, domain: str, message: Message, sender: Correspondent, message_id: str) -> bool:
    ours = sender.address == address or reference_in(message_id, domain) is not None
    return ours or sender.address == NOBODY or is_automatic(message)


def _text(message: Message, contents: Contents) -> str:
    subject = text_of(message, "subject")
    forwarded = is_forward_subject(subject)
    passages = [
        text_of_html(passage.text, without_quotes=not forwarded) if passage.is_html else passage.text
        for passage in contents.passages
    ]
    written = "\n\n".join(passage.strip() for passage in passages if passage.strip())
    words = own_words(written[:LONGEST_TEXT], forwarded=forwarded)
    begins_thread = not source(message, "in-reply-to") and not source(message, "references")
    return with_subject(words, subject) if begins_thread else words


def _kind(text: str, files: tuple[RemoteMedia, ...]) -> IncomingKind:
    if text:
        return IncomingKind.TEXT
    return IncomingKind.MEDIA if files else IncomingKind.UNSUPPORTED


def _raw(message: Message) -> dict[str, object]:
    """What the thread and the answer need of the headers; the envelope has them all."""
    raw: dict[str, object] = {
        "subject": text_of(message, "subject")[:500],
        "from": [one.address for one in correspondents(message, "from")][:5],
        "to": [one.address for one in correspondents(message, "to")][:20],
        "cc": [one.address for one in correspondents(message, "cc")][:20],
        "reply_to": [one.address for one in correspondents(message, "reply-to")][:5],
        "message_id": source(message, "message-id")[:998],
    }
    raw.update({name.replace("-", "_"): sources(message, name)[0][:2000] for name in _NOTED if source(message, name)})
    if source(message, CUT):
        raw["too_large"] = source(message, CUT)[:40]
    if source(message, UNREADABLE):
        raw["unreadable"] = source(message, UNREADABLE)[:300]
    return raw
