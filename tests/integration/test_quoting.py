"""An answered bubble leads to the turn it came from, and a stranger's or unknown one to none."""

from __future__ import annotations

from sqlalchemy import update

from ramah.messaging.claims import claim_turn
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.models import Outbound
from ramah.messaging.quoting import quoted_turn
from ramah.messaging.turns import finish_turn
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message


def test_an_answer_to_an_old_bubble_names_its_turn(database: Database, kilap: Tenant) -> None:
    accept(database, kilap.whatsapp, text_message("mau booking"))
    first = claim_turn(database, "worker", 60)
    assert first is not None
    assert finish_turn(database, first, EngineTurn(replies=[EngineReply(text="Layanan mana?")]), 1)
    with database.every_organisation() as session:
        session.execute(update(Outbound).values(provider_id="wamid.1"))
    for key, quoted in (("2", "wamid.1"), ("3", "wamid.unknown"), ("4", None)):
        accept(database, kilap.whatsapp, text_message("yang ini", key).model_copy(update={"reply_to": quoted}))
        claim = claim_turn(database, "worker", 60)
        assert claim is not None
        expected = {"replied_turn": str(first.inbound_id)} if key == "2" else {}
        assert quoted_turn(database, claim) == expected
        finish_turn(database, claim, EngineTurn(replies=[]), 1)
