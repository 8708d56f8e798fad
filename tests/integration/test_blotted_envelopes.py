"""What a gateway writes about its own keys reaches no row of ours."""

from __future__ import annotations

import json

import pytest

from ramah.channels.errors import SignatureError
from ramah.messaging.accounts import connect_account
from ramah.messaging.models import Envelope, Inbound
from ramah.messaging.webhooks import receive
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything, rows_of

SECRET, API_KEY, PLANTED = "webhook-secret-1", "gateway-key-1", "B6D711FC-DE4D-4FD5-9365-44120E713976"
KEY = {"id": "BAE5", "remoteJid": "60123456789@s.whatsapp.net", "fromMe": False}
DATA = {"key": KEY, "pushName": "Ana", "message": {"conversation": "hi"}, "messageTimestamp": 1760000000}
HEAD = {"event": "messages.upsert", "instance": "shop1", "apikey": PLANTED, "server_url": f"http://x/?k={API_KEY}"}
BODY = json.dumps({**HEAD, "data": {**DATA, "apikey": PLANTED}}).encode()
OPTIONS = {"gateway": "evolution", "client_id": "shop1"}


def test_the_key_of_an_instance_is_verified_with_the_body_and_kept_nowhere(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        access = {"api_key": API_KEY, "webhook_secret": SECRET}
        phone = connect_account(session, "device", "KL", "kl", access, base_url="http://127.0.0.1:9", options=OPTIONS)
    with pytest.raises(SignatureError):
        receive(database, phone, {"x-ramah-token": "wrong"}, BODY)
    for _ in range(2):
        receive(database, phone, {"x-ramah-token": SECRET}, BODY)
    (envelope,) = rows_of(database, Envelope)
    assert (envelope.repeats, envelope.messages) == (1, 1)
    assert [row.text for row in rows_of(database, Inbound)] == ["hi"]
    kept = repr(everything(database))
    assert PLANTED not in kept and API_KEY not in kept and SECRET not in kept
