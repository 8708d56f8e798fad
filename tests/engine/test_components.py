"""The parts of the engine that can be looked at one by one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running_engine import ROOT

from engine.components.features import features_of
from engine.connector.watch import watching
from engine.connector.wording import Wording
from engine.light_start import components_of_configuration, components_of_model

RESPONSES = {
    "utter_price": [
        {"text": "plain"},
        {"text": "id", "condition": [{"type": "slot", "name": "language", "value": "id"}]},
        {"text": "ms", "condition": [{"type": "slot", "name": "language", "value": "ms"}]},
        {
            "text": "ms upset",
            "condition": [
                {"type": "slot", "name": "language", "value": "ms"},
                {"type": "slot", "name": "mood", "value": "upset"},
            ],
        },
    ],
    "utter_filled": [{"text": "{{x}} {name} {{{name}}} {name}", "buttons": [{"title": "{n}", "payload": "/p{{{n}}}"}]}],
    "utter_malay": [{"text": "ms", "condition": [{"type": "slot", "name": "language", "value": "ms"}]}],
}


@pytest.mark.parametrize(
    ("slots", "text"),
    [
        ({}, "id"),
        ({"language": None}, "id"),
        ({"language": "ms"}, "ms"),
        ({"language": "ms", "mood": "upset"}, "ms upset"),
        ({"language": "en"}, "plain"),
    ],
)
def test_the_most_specific_wording_is_chosen(slots: dict[str, str | None], text: str) -> None:
    assert Wording(RESPONSES).generate_from_slots("utter_price", slots, "web")["text"] == text


def test_placeholders_are_filled_once_and_double_braces_are_single_ones() -> None:
    message = Wording(RESPONSES).generate_from_slots("utter_filled", {}, "web", name="{n}", n=5)
    assert message["text"] == "{x} {n} {{n}} {n}"
    assert message["buttons"] == [{"title": "5", "payload": "/p{5}"}]


def test_a_variable_that_names_a_meaning_shows_its_title_in_the_language() -> None:
    of = {"condition": [{"type": "slot", "name": "language", "value": "ms"}]}
    question = {"text": "{a} / {b}", "buttons": [{"title": "{a}", "payload": "/{c}"}]}
    wording = Wording({"utter_q": [question], "utter_meaning_pay": [{"text": "Pay"}, {"text": "Bayar", **of}]})
    message = wording.generate_from_slots(
        "utter_q", {"language": "ms"}, "web", a="utter_meaning_pay", b="utter_meaning_none", c="pay"
    )
    assert message["text"] == "Bayar / utter_meaning_none"
    assert message["buttons"] == [{"title": "Bayar", "payload": "/pay"}]


def test_a_variable_that_is_missing_is_logged_and_left_empty(caplog: pytest.LogCaptureFixture) -> None:
    message = Wording(RESPONSES).generate_from_slots("utter_filled", {}, "web", name="x")
    assert message["buttons"] == [{"title": "", "payload": "/p{}"}]
    assert "lacks the variables ['n']" in caplog.text


@pytest.mark.parametrize("name", ["utter_malay", "utter_nowhere"])
def test_a_missing_wording_is_noted(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with watching() as watch:
        assert Wording(RESPONSES).generate_from_slots(name, {"language": "en"}, "web") is None
    assert watch.missing_responses == [name]
    assert name in caplog.text


def test_features_treat_alike_what_means_the_same() -> None:
    assert features_of("HAIII jam 10") == features_of("hai jam 22")
    assert features_of("👋") == ["e:👋"]
    assert features_of("...") == []
    assert "p:mau cuci" in features_of("mau cuci mobil")


def test_tensorflow_is_left_out_of_the_shipped_pipeline(model: Path) -> None:
    assert "RulePolicy" in components_of_configuration(ROOT / "config.yml")
    assert any(name.endswith("LinearIntentClassifier") for name in components_of_model(model))
    program = (
        "from engine.light_start import *; import sys, pathlib\n"
        "from engine.quiet import silence; silence()\n"
        "left_out = leave_out_tensorflow(components_of_model(pathlib.Path(sys.argv[1])))\n"
        "from rasa.core.agent import Agent; import asyncio\n"
        "parsed = asyncio.run(Agent.load(sys.argv[1]).parse_message('halo kak'))\n"
        "print(left_out, type(sys.modules['tensorflow']).__name__, parsed['intent']['name'])\n"
    )
    command = [sys.executable, "-c", program, str(model)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.splitlines()[-1] == "True _HollowModule greet"


def test_tensorflow_stays_for_components_that_need_it() -> None:
    program = (
        "from engine.light_start import leave_out_tensorflow; import sys\n"
        "print(leave_out_tensorflow({'RulePolicy', 'DIETClassifier'}), len(sys.meta_path))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("False")
