"""Skill folders: what is merged, and the errors that name file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running_engine import ROOT

from engine.importer import SkillError, SkillImporter

PROJECT = ROOT / "tests/engine/project"
Change = Callable[[Path], None]


@pytest.fixture
def skills(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    return tmp_path


def read(skills: Path) -> SkillImporter:
    return SkillImporter(str(ROOT / "config.yml"), str(skills / "domain.yml"), [str(skills / "data")])


def test_the_domain_holds_the_parts_of_all_skills(skills: Path) -> None:
    domain = read(skills).get_domain()
    assert {"greet", "book_service"} <= set(domain.intents)
    assert {"action_fallback", "action_submit", "utter_greet"} <= set(domain.action_names_or_texts)
    assert "booking_form" in domain.form_names
    assert {"language", "name"} <= {slot.name for slot in domain.slots}
    assert domain.session_config.session_expiration_time == 0


def test_every_variation_has_the_condition_of_its_language(skills: Path) -> None:
    variations = read(skills).get_domain().responses["utter_greet"]
    conditions = [[c["value"] for c in v.get("condition", [])] for v in variations]
    assert conditions == [["id"], ["id"], ["ms"], ["ms"], ["en"], ["en"], []]
    assert variations[-1]["text"] == "Halo! Ada yang bisa dibantu?"
    assert "channel" not in variations[-1]


def test_a_variation_keeps_its_own_conditions(skills: Path) -> None:
    path = skills / "data/booking/responses.ms.yml"
    own = '    - text: "Maaf"\n      condition:\n        - {type: slot, name: plate, value: x}\n'
    path.write_text(path.read_text().replace("  utter_booked:\n", f"  utter_booked:\n{own}"))
    variations = read(skills).get_domain().responses["utter_booked"]
    found = next(variation for variation in variations if variation["text"] == "Maaf")
    assert [condition["name"] for condition in found["condition"]] == ["plate", "language"]


def test_every_example_knows_its_language(skills: Path) -> None:
    examples = read(skills).get_nlu_data().intent_examples
    languages = {e.get("text"): e.get("metadata")["example"]["language"] for e in examples}
    assert languages["mau booking cuci mobil"] == "id"
    assert languages["nak tempah basuh kereta"] == "ms"
    assert languages["book my car in please"] == "en"


def test_rules_of_all_skills_are_read(skills: Path) -> None:
    names = {step.block_name for step in read(skills).get_stories().story_steps}
    assert {"greet", "begin booking"} <= names


def read_everything(skills: Path) -> None:
    importer = read(skills)
    importer.get_domain()
    importer.get_nlu_data()
    importer.get_stories()


def rename(old: str, new: str) -> Change:
    return lambda root: (root / old).rename(root / new) and None


def replace(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new, 1))

    return change


def append(name: str, text: str) -> Change:
    return lambda root: (root / name).write_text((root / name).read_text() + text) and None


GENERAL = "data/general"
ERRORS = {
    "a language we do not speak": (
        rename(f"{GENERAL}/nlu.en.yml", f"{GENERAL}/nlu.fr.yml"),
        r"nlu\.fr\.yml: 'fr' is not",
    ),
    "no language": (rename(f"{GENERAL}/nlu.en.yml", f"{GENERAL}/nlu.yml"), r"nlu\.yml: the language is missing"),
    "rules in a language": (
        rename(f"{GENERAL}/rules.yml", f"{GENERAL}/rules.id.yml"),
        r"rules\.id\.yml: name it rules\.yml",
    ),
    "an unknown file": (rename(f"{GENERAL}/rules.yml", f"{GENERAL}/rule.yml"), r"rule\.yml: a skill folder holds"),
    "a response in two languages only": (
        replace("data/booking/responses.ms.yml", "utter_booked:", "utter_booked_too:"),
        r"responses\.\w+\.yml:\d+: response 'utter_booked\w*' is missing in responses\.",
    ),
    "a response in two skills": (
        append("data/booking/responses.id.yml", "  utter_greet:\n    - text: lagi\n"),
        r"response 'utter_greet' stands already in responses\.\w+\.yml of skill '\w+', line \d+",
    ),
    "a response twice in one file": (
        append("data/booking/responses.id.yml", "  utter_booked:\n    - text: lagi\n"),
        r'responses\.id\.yml:\d+: found duplicate key "utter_booked"',
    ),
    "an intent in two skills": (
        replace("data/booking/domain.yml", "intents: [", "intents: [greet, "),
        r"domain\.yml:\d+: intent 'greet' is defined already in skill",
    ),
    "a slot of the root again": (
        append("data/general/domain.yml", "slots:\n  language:\n    type: text\n    mappings: []\n"),
        r"domain\.yml:5: slot 'language' is defined already in domain\.yml",
    ),
    "examples of an intent in two skills": (
        append("data/booking/nlu.id.yml", "  - intent: greet\n    examples: |\n      - oi\n"),
        r"intent 'greet' has examples already in skill",
    ),
    "an unknown section": (
        append("data/general/domain.yml", "session_config: {}\n"),
        r"domain\.yml:4: 'session_config' does not belong here",
    ),
    "an unknown key in a response": (
        replace("data/general/responses.id.yml", "channel: whatsapp", "chanel: whatsapp"),
        r"responses\.id\.yml:9: unknown key 'chanel' in response 'utter_greet'",
    ),
    "an unknown key in a button": (
        replace(
            "data/general/responses.id.yml", "payload: /book_service", "payload: /book_service\n          titel: x"
        ),
        r"responses\.id\.yml:8: unknown key 'titel' in a button of 'utter_greet'",
    ),
    "a button that does nothing": (
        replace("data/general/responses.id.yml", "payload: /book_service", "payload: book_service"),
        r"responses\.id\.yml:4: a button of 'utter_greet' needs",
    ),
    "a variation without content": (
        replace("data/general/responses.ms.yml", '- text: "Jumpa lagi! 👋"', "- channel: web"),
        r"responses\.ms\.yml:\d+: a variation of 'utter_goodbye' says nothing",
    ),
    "no variations": (
        append("data/general/responses.id.yml", "  utter_new:\n"),
        r"responses\.id\.yml:\d+: response 'utter_new' needs at least one variation",
    ),
    "a response with another name": (
        append("data/general/responses.id.yml", "  say_new:\n    - text: x\n"),
        r"response 'say_new' must begin with 'utter_'",
    ),
    "a lookup that no example uses": (
        append("data/general/nlu.id.yml", "  - lookup: colour\n    examples: |\n      - merah\n"),
        r"nlu\.id\.yml:\d+: lookup 'colour' is never used",
    ),
    "broken YAML": (append("data/general/rules.yml", "  - rule: [\n"), r"rules\.yml:\d+: "),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_mistake_is_named_with_its_place(skills: Path, case: str) -> None:
    change, expected = ERRORS[case]
    change(skills)
    with pytest.raises(SkillError, match=expected):
        read_everything(skills)
