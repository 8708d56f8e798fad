"""The business of this benchmark: one organisation, several WhatsApp numbers, one operator."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from ramah.messaging.accounts import connect_account
from ramah.people import Organisation, Staff
from ramah.store import Database, utc_now

NUMBERS = 4
SECRETS = {"access_token": "bench-token", "app_secret": "bench-secret", "verify_token": "bench-verify"}
FIRST_PERSON = 628_000_000_000


@dataclass(frozen=True)
class Tenant:
    """Keys of the organisation, its accounts and its operator."""

    organisation_id: str
    account_ids: tuple[str, ...]
    staff_id: str


def person(number: int) -> str:
    """The phone number of person ``number``, digits only."""
    return str(FIRST_PERSON + number)


def number_id(index: int) -> str:
    """The provider's id of one of the business's numbers."""
    return f"90000{index}"


def public_key(index: int) -> str:
    """The part of the webhook's address that names the number."""
    return f"bench-{index}"


def make_tenant(database: Database, base_urls: list[str] | None = None) -> Tenant:
    """The organisation in an empty database; ``base_urls`` are where the provider of each number answers."""
    with database.every_organisation() as session:
        organisation = Organisation(slug="bench", name="Bench", country="ID", timezone="Asia/Jakarta")
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    with database.tenant(organisation_id) as session:
        staff = Staff(email="bench@bench.example", name="Bench", password_hash="-", roles=["agent"])
        session.add(staff)
        accounts = [
            connect_account(
                session,
                "whatsapp",
                f"Number {index}",
                number_id(index),
                SECRETS,
                base_url=base_urls[index] if base_urls else None,
                public_key=public_key(index),
            )
            for index in range(NUMBERS)
        ]
        session.flush()
        return Tenant(organisation_id, tuple(account.id for account in accounts), staff.id)


def text_body(index: int, sender: str, key: str, text: str) -> bytes:
    """A webhook body with one typed message to number ``index``, as Meta shapes it."""
    message = {
        "from": sender,
        "id": f"wamid.{key}",
        "timestamp": str(int(utc_now().timestamp())),
        "type": "text",
        "text": {"body": text},
    }
    contacts = [{"profile": {"name": "Aina"}, "wa_id": sender}]
    return _body(index, {"contacts": contacts, "messages": [message]})


def receipt_body(index: int, provider_id: str, status: str, reference: str | None = None) -> bytes:
    """A webhook body with one receipt."""
    item = {"id": provider_id, "status": status, "timestamp": str(int(utc_now().timestamp())), "recipient_id": "1"}
    return _body(index, {"statuses": [item | ({"biz_opaque_callback_data": reference} if reference else {})]})


def signed(body: bytes) -> dict[str, str]:
    """The headers that prove a body."""
    digest = hmac.new(SECRETS["app_secret"].encode(), body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}


def _body(index: int, content: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": "62215000000", "phone_number_id": number_id(index)}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
    entry = {"id": "2000001", "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
