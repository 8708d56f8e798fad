"""What alerts say in each language, to which mail server, and when they are told again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from ruamel.yaml import YAML

from ramah.lib.errors import SettingsError
from ramah.messaging.alerts.mail import MailServer
from ramah.messaging.alerts.schedule import tries_due
from ramah.messaging.alerts.wording import WORDS, worded
from ramah.messaging.models import Alert

LANGUAGES = ("id", "ms", "en")
FACTS = {
    "name": "WhatsApp Kilap",
    "since": "2026-03-04T05:00:00+00:00",
    "trouble": "the access token has expired",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("kind", ["connection_lost", "ledger", "other"])
@pytest.mark.parametrize("state", ["disconnected", "logged_out", "failed", ""])
def test_no_word_is_missing_in_any_language(language: str, over: bool, kind: str, state: str) -> None:
    facts = {**FACTS, "state": state, "day": "2026-03-04", "missing": "3", "named": "- thread x#1: why"}
    now = datetime(2026, 3, 4, tzinfo=UTC)
    alert = Alert(kind=kind, subject="s", detail=json.dumps(facts), opened_at=now, closed_at=now if over else None)
    text = worded(alert, language, "Asia/Jakarta")
    assert text.title and text.body and text.link
    assert "{" not in text.title + text.body
    assert " :" not in text.body and ": ." not in text.body


def test_the_words_exist_in_all_three_languages() -> None:
    found = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))["languages"]

    def shape(part: Any) -> Any:
        return {key: shape(value) for key, value in part.items()} if isinstance(part, dict) else None

    assert set(found) == set(LANGUAGES)
    assert shape(found["id"]) == shape(found["ms"]) == shape(found["en"])


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.example", ("smtp", "mail.example", 25, None, None)),
        ("smtps://u:p@mail.example", ("smtps", "mail.example", 465, "u", "p")),
        ("smtp+starttls://a%40b:p%2Fq@mail.example:2525", ("smtp+starttls", "mail.example", 2525, "a@b", "p/q")),
    ],
)
def test_a_mail_server_is_named_by_one_address(url: str, wanted: tuple[object, ...]) -> None:
    server = MailServer.of(url)
    assert (server.scheme, server.host, server.port, server.user, server.password) == wanted
    assert "p/q" not in repr(server)


@pytest.mark.parametrize("url", ["http://u:secret@mail.example", "smtp://", "mail.example"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        MailServer.of(url)
    assert "secret" not in str(refusal.value)


def test_tries_come_soon_at_first_and_hourly_later() -> None:
    moments = [second for second in range(1, 4 * 3600 + 1) if tries_due(second) > tries_due(second - 1)]
    waits = [later - earlier for earlier, later in zip([0, *moments], moments, strict=False)]
    assert tries_due(0) == 1
    assert waits[:7] == [30, 60, 120, 240, 480, 960, 1920]
    assert set(waits[7:]) == {3600}
