"""From slips and bills to what the templates show. No queries, no decisions but of words."""

from __future__ import annotations

from typing import Any

from console.inbox.presenters import contact_name, naturalsize
from console.translations import mark, translator
from ramah.billing.bills import BillView
from ramah.billing.flags import Flag
from ramah.billing.matching import Certainty
from ramah.billing.models import ProofStatus
from ramah.billing.queue import QueueItem
from ramah.lib.wording import long_date, money
from ramah.messaging.media.links import file_links
from ramah.settings import Settings

CERTAINTIES = {
    Certainty.EXACT: ("good", mark("Amount and reference fit")),
    Certainty.CHOSEN: ("good", mark("The customer named this bill")),
    Certainty.REFERENCE: ("good", mark("The reference fits")),
    Certainty.AMOUNT: ("open", mark("Only this bill has the amount")),
    Certainty.ONLY: ("open", mark("The only open bill; nothing was read")),
    Certainty.NONE: ("bad", mark("No bill found; choose one")),
}
FLAGS = {
    Flag.OTHER_PERSON: mark("The same file came from somebody else"),
    Flag.AMOUNT_DIFFERS: mark("The amount is not that of the bill"),
    Flag.LOOKS_ALIKE: mark("The picture looks the same as an earlier slip; compare the two"),
    Flag.UNREADABLE: mark("The PDF has no text that can be read"),
    Flag.BILL_CLAIMED: mark("Another slip for this bill waits"),
}


def slip(item: QueueItem, config: Settings, language: str) -> dict[str, Any]:
    """One slip of the queue."""
    proof = item.proof
    links = file_links(config, item.file)
    tone, why = CERTAINTIES[Certainty(proof.certainty)]
    return {
        "id": proof.id,
        "name": contact_name(item.contact, language),
        "channel": item.channel,
        "conversation_id": proof.conversation_id,
        "at": proof.created_at,
        "said": proof.said,
        "ready": proof.status == ProofStatus.WAITING,
        "file": _file(item, links.whole, links.small),
        "bill": _bill(item.bill, language) if item.bill else None,
        "bills": [_bill(bill, language) for bill in item.bills],
        "read": _read(item, language),
        "tone": tone,
        "why": translator(language)(why),
        "flags": [_flag(Flag(name), item, language) for name in proof.flags],
    }


def decision(item: QueueItem, language: str) -> dict[str, Any]:
    """One decided slip."""
    return {
        "name": contact_name(item.contact, language),
        "conversation_id": item.proof.conversation_id,
        "bill": _bill(item.bill, language) if item.bill else None,
        "approved": item.proof.status == ProofStatus.APPROVED,
        "reason": item.proof.reason,
        "by": item.decided_by or "",
        "at": item.proof.decided_at,
    }


def _file(item: QueueItem, whole: str | None, small: str | None) -> dict[str, Any]:
    view = item.file
    shown = whole if (view.mime_type or "").startswith("image/") and view.mime_type != "image/heic" else None
    return {
        "url": whole,
        "picture_url": shown or small,
        "name": view.name or view.kind,
        "size": naturalsize(view.size),
    }


def _bill(bill: BillView, language: str) -> dict[str, str]:
    return {
        "id": bill.id,
        "reference": bill.reference,
        "description": bill.description,
        "amount": money(bill.amount_minor, bill.currency, language),
        "due": long_date(bill.due_on, language),
    }


def _read(item: QueueItem, language: str) -> str:
    """Amount and reference as they were read."""
    proof = item.proof
    amount = money(proof.amount_minor, proof.currency, language) if proof.amount_minor and proof.currency else None
    return ", ".join(part for part in (amount, proof.reference) if part)


def _flag(flag: Flag, item: QueueItem, language: str) -> str:
    others = f": {', '.join(item.others)}" if flag is Flag.OTHER_PERSON and item.others else ""
    return translator(language)(FLAGS[flag]) + others
