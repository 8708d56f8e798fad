"""Two organisations on one running system whose customers, message ids and files are called alike: nothing crosses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from ramah.integrations.storage import open_storage
from ramah.messaging.accounts import connect_account
from ramah.messaging.ledger import prove_day
from ramah.messaging.live import missed_events
from ramah.messaging.media.fetching import fetch_one
from ramah.messaging.models import Conversation, Envelope, Inbound, LiveEvent, MediaFile, Outbound, ParkedReceipt
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Contact
from ramah.settings import Settings
from ramah.store import Database
from tests.databases import backends
from tests.fakes.graph import envelopes
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.people import PersonsFile, PersonWrites
from tests.fakes.graph.postman import encode, sign
from tests.fakes.graph.server import GraphServer
from tests.integration.conftest import Tenant, claimer, defaults
from tests.integration.console.visitors import StaffMember
from tests.integration.days import today
from tests.stack import wait_for
from worker.delivery import deliver_one

BUDI = "628110000042"
WORDS = {"kilap": "cuci mobil hari Sabtu", "stranger": "sewa tenda untuk Minggu"}
COLOURS = {"kilap": "red", "stranger": "blue"}
KEYS = {"kilap": "kilap-phone", "stranger": "stranger-phone"}
pytestmark = pytest.mark.parametrize("database", backends(), indirect=True)


@dataclass
class TwoHouses:
    """Both organisations behind one console and one provider."""

    database: Database
    graph: GraphServer
    console: httpx.Client
    tenants: dict[str, Tenant]
    config: Settings

    def account(self, slug: str) -> Account:
        """The provider's side of a number."""
        return self.graph.graph.accounts[self.tenants[slug].whatsapp.external_id]

    def post(self, slug: str, body: bytes) -> int:
        """Post a body to the webhook of one of them, signed with its own secret."""
        headers = {"x-hub-signature-256": sign(self.account(slug).app_secret, body)}
        return self.console.post(f"/webhooks/whatsapp/{KEYS[slug]}", content=body, headers=headers).status_code

    def budi_writes(self, slug: str) -> None:
        """Words and a picture, under the same ids whoever gets them."""
        picture = PersonsFile(content=picture_of(COLOURS[slug]), mime_type="image/png")
        for identifier, content in (("wamid.same-1", {"text": WORDS[slug]}), ("wamid.same-2", {"file": picture})):
            written = {"from": BUDI, "id": identifier, "phone_number_id": self.account(slug).phone_number_id, **content}
            body = encode(self.graph.graph.note_person(PersonWrites.model_validate(written))[1])
            assert self.post(slug, body) == 200

    def work(self, runner: TurnRunner) -> None:
        """One round of everything that a worker does, until nothing is left to do."""
        storage, hand = open_storage(self.config), claimer(self.database)
        while runner.run_one() or deliver_one(self.database, self.config, hand, storage):
            continue
        while fetch_one(self.database, storage, self.config, "worker-1"):
            continue
        assert self.graph.postman.drain(20)


def picture_of(colour: str) -> bytes:
    """A small picture, different for each colour."""
    written = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def houses(
    database: Database, anybody: httpx.Client, kilap: Tenant, stranger: Tenant, runner: TurnRunner, tmp_path: Path
) -> Iterator[TwoHouses]:
    """Budi wrote to both, both answered, and the provider told the fate of the answers."""
    tenants = {"kilap": kilap, "stranger": stranger}
    accounts = [
        Account(
            phone_number_id=tenant.whatsapp.external_id,
            token=f"token-{slug}",
            app_secret=f"secret-{slug}",
            webhook_url=f"{anybody.base_url}/webhooks/whatsapp/{KEYS[slug]}".replace("//webhooks", "/webhooks"),
        )
        for slug, tenant in tenants.items()
    ]
    config = defaults(media_url=f"file://{tmp_path / 'media'}")
    with GraphServer(accounts) as graph:
        for account, tenant in zip(accounts, tenants.values(), strict=True):
            secrets = {"access_token": account.token, "app_secret": account.app_secret, "verify_token": "v"}
            with database.tenant(tenant.id) as session:
                number = account.phone_number_id
                connect_account(session, "whatsapp", "Phone", number, secrets, base_url=graph.url)
        found = TwoHouses(database, graph, anybody, tenants, config)
        for slug in tenants:
            found.budi_writes(slug)
        found.work(runner)
        yield found


def test_each_organisation_has_its_own_rows_and_no_other(houses: TwoHouses) -> None:
    for slug, tenant in houses.tenants.items():
        with houses.database.tenant_reading(tenant.id) as session:
            inbound = session.scalars(select(Inbound).order_by(Inbound.position)).all()
            outbound = session.scalars(select(Outbound)).all()
            (file,) = session.scalars(select(MediaFile)).all()
            (conversation,) = session.scalars(select(Conversation)).all()
            contacts = session.scalars(select(Contact)).all()
            parked = session.scalars(select(ParkedReceipt)).all()
        assert [row.external_id for row in inbound] == ["wamid.same-1", "wamid.same-2"]
        assert inbound[0].text == WORDS[slug]
        assert len(contacts) == 1 and conversation.unread == 2
        assert {row.status for row in outbound} == {"read"} and parked == []
        assert f"echo {WORDS[slug]}" in [row.content["text"] for row in outbound]
        assert (file.status, tenant.id in str(file.storage_key)) == ("stored", True)


def test_answers_leave_by_the_number_that_was_written_to(houses: TwoHouses) -> None:
    seen = {(entry["phone_number_id"], entry["text"]) for entry in houses.graph.graph.journal()[BUDI]}
    for slug in houses.tenants:
        assert (houses.account(slug).phone_number_id, f"echo {WORDS[slug]}") in seen
    # A picture without words is answered as well, by the same number that it came to.
    worded = [(number, text) for number, text in seen if text.removeprefix("echo").strip()]
    assert len(worded) == len({number for number, _ in worded}) == 2


def test_a_receipt_posted_to_the_wrong_house_moves_nothing_there_or_here(houses: TwoHouses) -> None:
    with houses.database.tenant_reading(houses.tenants["kilap"].id) as session:
        row = session.scalars(select(Outbound)).first()
    assert row is not None
    item = {"id": row.provider_id, "biz_opaque_callback_data": row.id, "recipient_id": BUDI, "timestamp": "1760000000"}
    body = encode(envelopes.status(houses.account("stranger"), item | {"status": "failed"}))
    assert houses.post("stranger", body) == 200
    with houses.database.tenant_reading(houses.tenants["kilap"].id) as session:
        assert session.get_one(Outbound, row.id).status == "read"
    with houses.database.tenant_reading(houses.tenants["stranger"].id) as session:
        assert [parked.provider_id for parked in session.scalars(select(ParkedReceipt))] == [row.provider_id]


def test_people_see_their_own_thread_and_picture_only(
    houses: TwoHouses, alice: StaffMember, charlie: StaffMember
) -> None:
    staff = {"kilap": alice, "stranger": charlie}
    threads = {}
    for slug, tenant in houses.tenants.items():
        with houses.database.tenant_reading(tenant.id) as session:
            threads[slug] = session.scalars(select(Conversation.id)).one()
    for mine, other in (("kilap", "stranger"), ("stranger", "kilap")):
        page = staff[mine].get(f"/console/conversations/{threads[mine]}").text
        assert WORDS[mine] in page and WORDS[other] not in page
        listed = staff[mine].get("/console/").text + staff[mine].get("/console/conversations").text
        assert WORDS[other] not in listed and threads[other] not in listed
        assert staff[mine].get(f"/console/conversations/{threads[other]}").status_code == 404


def test_live_events_and_ledgers_know_their_own_only(houses: TwoHouses) -> None:
    for tenant in houses.tenants.values():
        with houses.database.tenant_reading(tenant.id) as session:
            conversation_id = session.scalars(select(Conversation.id)).one()
            envelopes_here = len(session.scalars(select(Envelope.id)).all())
            numbers = session.scalars(select(LiveEvent.sequence).order_by(LiveEvent.sequence)).all()
        events = missed_events(houses.database, tenant.id, 0)
        assert events and {event.conversation_id for event in events} == {conversation_id}
        assert list(numbers) == list(range(1, len(numbers) + 1))
        proof = prove_day(houses.database, tenant.id, today())
        assert (proof.is_whole, proof.counts["envelopes"]) == (True, envelopes_here)


def test_both_stay_apart_when_both_write_at_once(houses: TwoHouses, runner: TurnRunner) -> None:
    for number in range(5):
        for slug in houses.tenants:
            number_here = houses.account(slug).phone_number_id
            written = {"from": BUDI, "id": f"wamid.more-{number}", "text": f"{slug} {number}"}
            note = PersonWrites.model_validate({**written, "phone_number_id": number_here})
            houses.graph.graph.person_writes(note)
    wait_for(lambda: houses.graph.postman.waiting == 0, "all was taken in")
    houses.work(runner)
    texts = [(entry["phone_number_id"], entry["text"]) for entry in houses.graph.graph.journal()[BUDI]]
    for slug in houses.tenants:
        mine = [text for number, text in texts if number == houses.account(slug).phone_number_id]
        assert mine[-5:] == [f"echo {slug} {number}" for number in range(5)]
