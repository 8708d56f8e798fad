"""What the YAML names and what the action server offers are the same."""

from __future__ import annotations

from pathlib import Path

from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from ramah.booking.facts import STEPS

PROJECT = Path(__file__).resolve().parents[2]


def domain_parts() -> list[dict[str, object]]:
    """The root domain and that of each skill."""
    yaml = YAML(typ="safe")
    return [yaml.load(path.read_text(encoding="utf-8")) for path in (PROJECT / "data").glob("*/domain.yml")]


def test_every_custom_action_of_the_domain_exists_and_none_is_unknown_to_it() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    named = {str(name) for part in domain_parts() for name in part.get("actions") or []}  # type: ignore[attr-defined]
    custom = {name for name in named if not name.startswith("utter_")}
    # The SDK takes in every class that is loaded, those of other tests as well.
    ours = {name for name, run in executor.actions.items() if run.__module__.startswith("actions.")}
    assert custom == ours


def test_every_step_is_a_slot_that_the_form_requires_in_this_order() -> None:
    forms = {name: form for part in domain_parts() for name, form in (part.get("forms") or {}).items()}  # type: ignore[attr-defined]
    assert tuple(forms["booking_form"]["required_slots"]) == STEPS
