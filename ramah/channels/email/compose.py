"""A message of ours as a mail: plain text with an HTML twin, in the thread of what it answers."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate

from ramah.channels.content import Attachment, Outgoing
from ramah.channels.degrade import numbered, split_text
from ramah.channels.email.account import Mailbox
from ramah.channels.email.headers import words
from ramah.channels.email.message_ids import is_named, own_id
from ramah.channels.email.subjects import bare_subject

TEXT_LIMIT = 100_000
POLICY = SMTP.clone(cte_type="7bit")
"""Every server takes seven bits; not every one offers 8BITMIME."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")


def split_message(message: Outgoing) -> list[Outgoing]:
    """One mail carries it all: choices as numbered lines, a picture as a link. Only very long text needs several."""
    flat = numbered(message)
    text = "\n\n".join(part for part in (flat.text.strip(), flat.image_url or "") if part)
    if not text and flat.attachment is None:
        return []
    pieces = split_text(text, TEXT_LIMIT) or [""]
    first = flat.model_copy(update={"text": pieces[0], "image_url": None})
    later = [Outgoing(text=piece, subject=flat.subject, reply_to=flat.reply_to) for piece in pieces[1:]]
    return [first, *later]


def compose(mailbox: Mailbox, recipient: str, message: Outgoing, reference: str) -> EmailMessage:
    """The mail of one part that ``split_message`` made.

    ``Auto-Submitted`` is always set. RFC 3834 (2, 3.1.7) asks it of everything that an automatic process writes, and
    forbids it for what a person wrote; an ``Outgoing`` does not say who did. Of the two mistakes the unmarked bot is
    the worse: two assistants, or an assistant and an absence note, would write to each other without end, while a
    marked letter of a person still arrives.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = formataddr((_line(mailbox.name), f"{mailbox.address.partition('@')[0]}@{mailbox.domain}"))
    mail["To"] = recipient
    mail["Subject"] = _subject(mailbox, message)
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = own_id(reference, mailbox.domain)
    answers = is_named(message.reply_to)
    if answers:
        mail["In-Reply-To"] = message.reply_to
        mail["References"] = message.reply_to
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    # The same wish in the words of Exchange, which does not read the field above.
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    _fill(mail, message)
    return mail


def _fill(mail: EmailMessage, message: Outgoing) -> None:
    text = _sendable(message.text)
    mail.set_content(text + "\n", subtype="plain", charset="utf-8")
    mail.add_alternative(_html(text), subtype="html", charset="utf-8")
    if message.attachment is not None:
        _attach(mail, message.attachment)


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    kind = attachment.mime_type.partition(";")[0].strip().lower()
    main, _, sub = (kind if _TYPE.fullmatch(kind) else "application/octet-stream").partition("/")
    if main in ("text", "message", "multipart"):
        main, sub = "application", "octet-stream"
    name = _line(attachment.filename or "") or attachment.media_id
    mail.add_attachment(attachment.content or b"", maintype=main, subtype=sub, filename=name)


def _subject(mailbox: Mailbox, message: Outgoing) -> str:
    bare = _line(bare_subject(message.subject or ""))
    if not bare:
        return _line(mailbox.name) or mailbox.domain
    return f"Re: {bare}" if is_named(message.reply_to) else bare


def _html(text: str) -> str:
    paragraphs = "".join(f"<p>{_marked(part)}</p>\n" for part in text.split("\n\n") if part.strip())
    return f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{paragraphs}</body></html>\n'


def _marked(text: str) -> str:
    """Escaped text with its addresses as links."""
    marked, place = [], 0
    for found in _ADDRESS.finditer(text):
        link = html.escape(found.group(0))
        marked += [html.escape(text[place : found.start()]), f'<a href="{link}">{link}</a>']
        place = found.end()
    return "".join([*marked, html.escape(text[place:])]).replace("\n", "<br>\n")


def _sendable(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _line(value: str) -> str:
    """One line, without what would end a header field."""
    return " ".join(_CONTROL.sub(" ", words(value)).split())
