"""The public form: shown, checked, sent, abused."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from ramah.messaging.models import ChannelAccount, Envelope, EnvelopeStatus
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.webform.conftest import (
    PAGE,
    Visitor,
    connect,
    messages,
)
from tests.unit.channels.webform.forms import FILLED


def test_a_form_is_sent_and_thanked_for(visitor: Visitor, database: Database) -> None:
    answer = visitor.send()
    assert answer.status_code == 200
    assert "Terima kasih." in answer.text
    (stored,) = messages(database)
    assert "Pesan:\nBesok bisa?\nJam 10." in stored.text
    assert stored.raw["form"]["phone"] == "+6281234567890"
    with database.every_organisation_reading() as session:
        envelope = session.scalars(select(Envelope)).one()
        assert (envelope.status, envelope.messages) == (EnvelopeStatus.DONE, 1)
        assert b"Besok bisa?" in envelope.body


def test_the_page_speaks_three_languages_and_keeps_what_was_typed(visitor: Visitor) -> None:
    assert '<html lang="id">' in visitor.open().text
    assert "Contact us" in visitor.open(f"{PAGE}?lang=en").text
    assert '<html lang="id">' in visitor.open(f"{PAGE}?lang=fr").text
    switched = visitor.send({"name": "Budi <b>"}, _switch="ms", _language="id")
    assert switched.status_code == 200
    assert '<html lang="ms">' in switched.text
    assert 'value="Budi &lt;b&gt;"' in switched.text
    assert 'role="alert"' not in switched.text


def test_every_field_has_a_label_and_every_error_is_tied_to_its_field(visitor: Visitor) -> None:
    page = visitor.send({**FILLED, "email": "budi", "message": ""})
    assert page.status_code == 422
    for name in FILLED:
        assert f'<label for="field-{name}">' in page.text
        assert f'id="field-{name}"' in page.text
    for name in ("email", "message"):
        assert re.search(rf'id="field-{name}"[^>]*aria-invalid="true" aria-describedby="problem-{name}"', page.text)
        assert f'<a href="#field-{name}">' in page.text
    assert 'value="budi"' in page.text
    assert 'value="Budi Santoso"' in page.text
    assert '<option value="wash" selected>' in page.text


def test_a_corrected_form_passes(visitor: Visitor, database: Database) -> None:
    assert visitor.send({**FILLED, "email": "budi"}).status_code == 422
    assert visitor.send().status_code == 200
    assert len(messages(database)) == 1


def test_who_fills_in_what_nobody_sees_is_asked_once_more(visitor: Visitor, database: Database) -> None:
    page = visitor.send(_website="https://spam.example")
    assert page.status_code == 422
    assert "tekan Kirim" in page.text
    assert 'value="Budi Santoso"' in page.text
    assert "spam.example" not in page.text
    assert messages(database) == []
    assert visitor.send().status_code == 200


def test_who_is_faster_than_a_person_is_asked_once_more(visitor: Visitor, database: Database) -> None:
    visitor.open()
    visitor.clock.now -= 9
    assert visitor.send().status_code == 422
    assert messages(database) == []
    visitor.clock.now += 3
    assert visitor.send().status_code == 200


@pytest.mark.parametrize("token", ["", "forged", "1699999990.abcdefghijklmnopqrstuv." + "0" * 64])
def test_a_token_that_is_none_gets_a_new_page_with_everything_on_it(
    visitor: Visitor, database: Database, token: str
) -> None:
    visitor.token = token
    page = visitor.send()
    assert page.status_code == 422
    assert 'value="Budi Santoso"' in page.text
    assert messages(database) == []
    visitor.clock.now += 5
    assert visitor.send().status_code == 200


def test_a_page_from_yesterday_is_asked_once_more(visitor: Visitor, database: Database) -> None:
    visitor.clock.now += 90_000
    assert "sudah terbuka cukup lama" in visitor.send().text
    visitor.clock.now += 5
    assert visitor.send().status_code == 200
    assert len(messages(database)) == 1


def test_a_double_click_is_one_message_and_a_correction_is_heard(visitor: Visitor, database: Database) -> None:
    token = visitor.token
    for values in (FILLED, FILLED, {**FILLED, "message": "Maksud saya lusa."}):
        visitor.token = token
        assert visitor.send(values).status_code == 200
    first, second = messages(database)
    assert "lusa" in second.text
    assert first.conversation_id != second.conversation_id


def test_too_many_are_asked_to_wait_and_lose_nothing(visitor: Visitor, database: Database) -> None:
    answers = [visitor.send({**FILLED, "message": f"Pesan {number}"}) for number in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Pesan 11" in answers[-1].text
    assert len(messages(database)) == 10


def test_an_organisation_may_set_how_often_its_form_is_sent(visitor: Visitor, database: Database) -> None:
    with database.every_organisation() as session:
        account = session.scalars(select(ChannelAccount).where(ChannelAccount.kind == "webform")).one()
        account.options = {**account.options, "limit": "2/hour"}
    answers = [visitor.send({**FILLED, "message": f"Pesan {number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 60


def test_what_is_too_large_is_refused(visitor: Visitor, database: Database) -> None:
    assert visitor.send({**FILLED, "message": "x" * 70_000}).status_code == 413
    assert visitor.send({**FILLED, "message": "x" * 5_001}).status_code == 422
    assert messages(database) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"name=%ff%00&_token=%00", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b'{"values": {"name": 1}}', "application/json"),
        (b"", "text/plain"),
    ],
)
def test_what_no_browser_sends_is_refused_not_a_failure(
    visitor: Visitor, database: Database, content: bytes, kind: str
) -> None:
    answer = visitor.client.post(PAGE, content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 422)
    assert messages(database) == []


def test_programs_speak_json(visitor: Visitor, database: Database) -> None:
    described = visitor.client.get(f"{PAGE}?lang=en", headers={"accept": "application/json"}).json()
    assert [field["name"] for field in described["fields"]] == list(FILLED)
    visitor.clock.now += 5
    body = {"token": described["token"], "language": "en", "values": {**FILLED, "email": "x"}}
    refused = visitor.client.post(PAGE, json=body)
    assert refused.status_code == 422
    assert refused.json()["problems"]["email"]["code"] == "no_email"
    body["values"] = FILLED
    sent = visitor.client.post(PAGE, json=body)
    assert (sent.status_code, sent.json()) == (201, {"sent": True, "thanks": "Thank you."})
    assert "Name: Budi Santoso" in messages(database)[0].text


def test_the_form_may_stand_in_a_frame_and_needs_no_script(visitor: Visitor) -> None:
    for answer in (visitor.open(), visitor.send({}), visitor.send()):
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors *" in policy and "unsafe" not in policy
        assert "x-frame-options" not in answer.headers
        assert "<script" not in answer.text and "style=" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in visitor.client.get("/login").headers["content-security-policy"]
    assert visitor.client.get("/static/webform/page.css").status_code == 200


@pytest.mark.parametrize("key", ["none", "kilap-web", "kilap-phone"])
def test_only_forms_are_shown(visitor: Visitor, key: str) -> None:
    assert visitor.client.get(f"/form/{key}").status_code == 404
    assert visitor.client.post(f"/form/{key}", data=FILLED).status_code == 404


def test_a_form_that_is_not_set_up_is_a_failure_that_is_seen(
    anybody: httpx.Client, database: Database, kilap: Tenant
) -> None:
    connect(database, kilap, fields=[])
    assert anybody.get(PAGE).status_code == 500
