"""The menu, the permissions behind it and the words in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from console import translations
from console.navigation import menu_of
from console.render import build_templates
from ramah.people.roles import Permission, Role, permissions
from ramah.people.sessions import Login


def login(*roles: str, language: str = "en") -> Login:
    return Login("s1", "o1", "Kilap", "Ani", "ani@example.com", roles, language, "token")


def test_an_agent_answers_and_manages_nothing() -> None:
    assert permissions([Role.AGENT]) == {Permission.ANSWER}


def test_an_administrator_may_everything() -> None:
    assert permissions([Role.ADMIN]) == set(Permission)


def test_two_roles_grant_what_either_grants() -> None:
    assert permissions([Role.SALES, Role.SUPERVISOR]) == permissions([Role.SUPERVISOR])


def test_an_unknown_role_grants_nothing() -> None:
    assert permissions(["owner"]) == frozenset()


def test_the_menu_shows_what_the_person_may_open() -> None:
    agents = [entry.path for entry in menu_of(login("agent"))]
    assert agents == ["/console", "/console/queue", "/console/contacts", "/console/payments"]
    assert "/console/channels" in [entry.path for entry in menu_of(login("admin"))]
    assert menu_of(None) == []


@pytest.fixture
def two_subjects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small catalogue in place of the shipped one."""
    folder = tmp_path / "id"
    folder.mkdir()
    (folder / "one.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Inbox"\nmsgstr "Kotak masuk"\n', encoding="utf-8")
    (folder / "two.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "%(n)s cars"\nmsgstr "%(n)s mobil"\n', encoding="utf-8"
    )
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    translations.catalogue.cache_clear()


@pytest.mark.usefixtures("two_subjects")
def test_words_come_from_the_files_of_all_subjects() -> None:
    assert translations.catalogue("id") == {"Inbox": "Kotak masuk", "%(n)s cars": "%(n)s mobil"}
    translations.catalogue.cache_clear()


@pytest.mark.usefixtures("two_subjects")
@pytest.mark.parametrize(
    ("language", "shown"), [("id", "Kotak masuk 1 mobil"), ("en", "Inbox 1 car"), ("xx", "Inbox 1 car")]
)
def test_a_template_speaks_the_language_of_its_rendering(language: str, shown: str) -> None:
    template = build_templates().from_string('{{ _("Inbox") }} {{ ngettext("%(n)s car", "%(n)s cars", 1, n=1) }}')
    assert template.render(language=language) == shown
    translations.catalogue.cache_clear()
