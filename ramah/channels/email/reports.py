"""What mail systems and programs report on mails of ours: not delivered, late, delivered, read.

RFC 3464 (delivery status notifications) and RFC 8098 (disposition notifications); bounces of systems that follow
neither count only when they quote an id of ours and a permanent status code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import HeaderParser

from ramah.channels.content import Receipt, ReceiptStatus
from ramah.channels.email.automatic import is_from_machine
from ramah.channels.email.headers import correspondents, source, text_of
from ramah.channels.email.message_ids import ids_in, own_ids_in, reference_in, stored_form
from ramah.channels.email.parts import leaves, text_in

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_STATUSES = {"failed": ReceiptStatus.FAILED, "delivered": ReceiptStatus.DELIVERED}
LONGEST_REPORT = 100_000


@dataclass(frozen=True)
class Report:
    """What a mail says about others. ``unreached`` is the address that a mail of ours did not get to."""

    receipts: tuple[Receipt, ...] = ()
    notices: tuple[dict[str, object], ...] = ()
    unreached: str | None = None


@dataclass
class _Findings:
    receipts: list[Receipt] = field(default_factory=list)
    notices: list[dict[str, object]] = field(default_factory=list)
    unreached: str | None = None


@dataclass(frozen=True)
class _Subject:
    """The mail that is reported on."""

    message_id: str
    reference: str | None
    at: datetime


def report_in(message: Message, domain: str, at: datetime) -> Report:
    """Everything that a mail reports. ``domain`` is ours; ``at`` is the moment that receipts carry."""
    parts = {leaf.get_content_type(): leaf for leaf in reversed(leaves(message))}
    about = _about(message, parts, domain, at)
    findings = _Findings()
    if "message/delivery-status" in parts:
        for block in _blocks(parts["message/delivery-status"]):
            _read_delivery(block, about, findings)
    elif "message/disposition-notification" in parts:
        for block in _blocks(parts["message/disposition-notification"]):
            _read_disposition(block, domain, at, findings)
    elif is_from_machine(message):
        _read_free_text(message, domain, at, findings)
    return Report(tuple(findings.receipts), tuple(findings.notices), findings.unreached)


def _blocks(part: Message) -> list[Message]:
    """The groups of fields in a report part."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    return [HeaderParser().parsestr(block) for block in text_in(part)[:LONGEST_REPORT].split("\n\n")]


def _about(message: Message, parts: dict[str, Message], domain: str, at: datetime) -> _Subject | None:
    """The mail reported on: its own header if that came back, else what the report answers."""
    returned = _returned(parts)
    named = ids_in(source(returned, "message-id")) if returned is not None else []
    answered = ids_in(source(message, "in-reply-to")) + ids_in(source(message, "references"))
    ours = [found for found in (*named, *answered) if reference_in(found, domain) is not None]
    chosen = next(iter((*ours, *named)), None)
    return _Subject(stored_form(chosen), reference_in(chosen, domain), at) if chosen else None


def _returned(parts: dict[str, Message]) -> Message | None:
    whole, headers = parts.get("message/rfc822"), parts.get("text/rfc822-headers")
    if whole is not None:
        payload = whole.get_payload()
        return payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
    return HeaderParser().parsestr(text_in(headers)[:LONGEST_REPORT]) if headers is not None else None


def _read_delivery(block: Message, about: _Subject | None, findings: _Findings) -> None:
    """One recipient of RFC 3464, 2.3. The block about the whole message has no action."""
    action = source(block, "action").partition(" ")[0].lower()
    recipient = source(block, "final-recipient").partition(";")[2].strip().lower()
    status = _ENHANCED.search(source(block, "status"))
    diagnosis = source(block, "diagnostic-code").partition(";")[2].strip()
    if action in _STATUSES and about is not None:
        failed = action == "failed"
        findings.receipts.append(
            Receipt(
                provider_id=about.message_id,
                reference=about.reference,
                status=_STATUSES[action],
                at=about.at,
                error_code=status.group(1) if status and failed else None,
                error_text=(diagnosis or "the mail system gave it back")[:400] if failed else None,
            )
        )
        if failed and about.reference is not None and "@" in recipient:
            findings.unreached = recipient
    elif action:
        about_id = about.message_id if about else None
        notice = {"report": action, "about": about_id, "recipient": recipient[:200], "said": diagnosis[:400]}
        findings.notices.append(dict(notice))


def _read_disposition(block: Message, domain: str, at: datetime, findings: _Findings) -> None:
    """RFC 8098, 3.2: ``displayed`` means that somebody opened it."""
    disposition = source(block, "disposition").rpartition(";")[2].strip().lower()
    named = ids_in(source(block, "original-message-id"))
    if disposition.startswith("displayed") and named:
        findings.receipts.append(
            Receipt(
                provider_id=stored_form(named[0]),
                reference=reference_in(named[0], domain),
                status=ReceiptStatus.READ,
                at=at,
            )
        )
    elif disposition:
        about = named[0][:200] if named else None
        findings.notices.append({"report": f"disposition {disposition[:100]}", "about": about})


def _read_free_text(message: Message, domain: str, at: datetime, findings: _Findings) -> None:
    """Bounces in words only. They quote the mail that came back, and with it our id."""
    said = "\n".join(text_in(leaf) for leaf in leaves(message) if leaf.get_content_maintype() != "message")
    said = said[:LONGEST_REPORT]
    ours, status = own_ids_in(said, domain), _ENHANCED.search(said)
    if not ours or status is None:
        return
    if not status.group(1).startswith("5"):
        findings.notices.append({"report": text_of(message, "subject")[:200], "about": ours[0]})
        return
    findings.receipts.append(
        Receipt(
            provider_id=stored_form(ours[0]),
            reference=reference_in(ours[0], domain),
            status=ReceiptStatus.FAILED,
            at=at,
            error_code=status.group(1),
            error_text=" ".join(said[:400].split()),
        )
    )
    findings.unreached = next((one.address for one in correspondents(message, "x-failed-recipients")), None)
