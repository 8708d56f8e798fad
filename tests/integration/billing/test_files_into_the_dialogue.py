"""Files and places reach the dialogue as payloads; words under a file reach it as words."""

from __future__ import annotations

import pytest

from ramah.channels.content import Incoming, IncomingKind, MediaKind, Place, RemoteMedia, Sender
from ramah.messaging.inbox import accept
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant


def sent(database: Database, tenant: Tenant, kind: IncomingKind, text: str = "", file: MediaKind | None = None) -> int:
    """A message of a visitor; returns its number."""
    media = (RemoteMedia(kind=file, reference="r"),) if file else ()
    place = Place(latitude=-6.2, longitude=106.8, name=text or None) if kind is IncomingKind.LOCATION else None
    message = Incoming(
        external_id="m-1", sender=Sender(platform_id="v"), kind=kind, text=text, media=media, place=place
    )
    accepted = accept(database, tenant.webchat, message)
    assert accepted.inbound_id is not None
    return accepted.inbound_id


@pytest.mark.parametrize("file", [MediaKind.IMAGE, MediaKind.DOCUMENT])
@pytest.mark.parametrize("text", ["", "👍"])
def test_a_file_without_words_names_its_message(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, file: MediaKind, text: str
) -> None:
    number = sent(database, kilap, IncomingKind.MEDIA, text, file)
    assert runner.run_one()
    assert [turn.payload for turn in engine.turns] == [f'/send_file{{"file":"{number}"}}']


def test_a_file_with_words_is_its_words_under_the_number_of_its_message(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine
) -> None:
    number = sent(database, kilap, IncomingKind.MEDIA, "udah transfer kak", MediaKind.IMAGE)
    assert runner.run_one()
    (turn,) = engine.turns
    assert (turn.text, turn.payload, turn.message_id) == ("udah transfer kak", None, str(number))


@pytest.mark.parametrize("text", ["", "Kantor, Jl. Melati 5"])
def test_a_place_names_its_message(
    database: Database, kilap: Tenant, runner: TurnRunner, engine: ScriptedEngine, text: str
) -> None:
    number = sent(database, kilap, IncomingKind.LOCATION, text)
    assert runner.run_one()
    assert [turn.payload for turn in engine.turns] == [f'/send_place{{"file":"{number}"}}']


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        (IncomingKind.MEDIA, MediaKind.AUDIO),
        (IncomingKind.MEDIA, MediaKind.VIDEO),
        (IncomingKind.MEDIA, MediaKind.STICKER),
        (IncomingKind.CONTACTS, None),
    ],
)
def test_what_the_dialogue_cannot_use_is_answered_by_a_sentence(
    database: Database,
    kilap: Tenant,
    runner: TurnRunner,
    engine: ScriptedEngine,
    kind: IncomingKind,
    file: MediaKind | None,
) -> None:
    sent(database, kilap, kind, "", file)
    assert runner.run_one()
    assert (engine.turns, [said.response for said in engine.said]) == ([], ["utter_unsupported_message"])
