"""Each kind of finding in a small broken project: the file, the line and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_project import Change, add, found_after, remove, replace, sound_project

NLU, RESPONSES = "data/food/nlu.en.yml", "data/food/responses.en.yml"
RULES, DOMAIN = "data/food/rules.yml", "data/food/domain.yml"
RULE = "- rule: Added\n{condition}  steps:\n  - intent: {intent}\n  - action: {action}\n"


def added_rule(intent: str = "nudge", action: str = "utter_greet", condition: str = "") -> Change:
    lines = f"  condition:\n  - {condition}\n" if condition else ""
    return add(RULES, RULE.format(condition=lines, intent=intent, action=action))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return sound_project(tmp_path)


def test_it_finds_nothing_in_a_sound_project(project: Path) -> None:
    assert found_after(project) == []


FINDINGS = {
    "the same example twice": (
        [add(NLU, "    - Bring  noodles QUICKLY!! en\n")],
        ("duplicate", NLU, 14, f"stands already in {NLU}:11 (order)"),
    ),
    "the same example in two intents and languages": (
        [add(NLU, "    - hello there id\n")],
        ("duplicate", "data/food/nlu.id.yml", 4, f"stands already in {NLU}:14 (order)"),
    ),
    "nearly the same example in two intents": (
        [add(NLU, "    - nice evening, greetings enn\n")],
        ("near-duplicate", NLU, 7, f"is nearly 'nice evening, greetings enn' in {NLU}:14 (order)"),
    ),
    "too few examples": (
        [
            replace("data_check.yml", "minimum_examples: 2", "minimum_examples: 5"),
            *[add(NLU, "    - tea now please\n")],
        ],
        ("too-few", NLU, 4, "intent 'greet' has 4 examples in en; 5 are needed"),
    ),
    "an intent without a language": (
        [replace(NLU, "- intent: greet", "- synonym: greet")],
        ("missing-language", DOMAIN, 1, "intent 'greet' has no example in en"),
    ),
    "an intent that outweighs the others": (
        [add("data_check.yml", "largest_share: 1.2\n"), add(NLU, "    - tea now\n    - cake later\n")],
        ("unequal-intents", NLU, 10, "intent 'order' has 6 examples in en, but 'greet' only 4"),
    ),
    "a language that outweighs the others": (
        [add("data_check.yml", "between_languages: 1.2\n"), add(NLU, "    - tea now\n    - cake later\n")],
        ("unequal-languages", "data/food/nlu.id.yml", 10, "write more in id"),
    ),
    "an example that another intent claims": (
        [add(NLU, "    - good morning dear friends, hello there everybody\n")],
        ("claimed", NLU, 14, "is an example of order, but greet claims it"),
    ),
    "a word marked once and once not": (
        [add(NLU, "    - two Large steaks\n")],
        ("annotation", NLU, 14, f"'Large' is not marked in 'two Large steaks', but in {NLU}:10 it is"),
    ),
    "a word with two entities": (
        [add(NLU, "    - two [large](dish) steaks\n"), replace(DOMAIN, "[size]", "[size, dish]")],
        ("annotation", NLU, 14, f"is marked as dish here and as size in {NLU}:10"),
    ),
    "a word with two values": (
        [add(NLU, '    - two [large]{"entity": "size", "value": "xl"} steaks\n')],
        ("annotation", NLU, 14, f"'large' means xl here and None in {NLU}:10"),
    ),
    "brackets that touch a space": (
        [replace(NLU, "[large](size)", "[large ](size)")],
        ("annotation", NLU, 10, "touch a space"),
    ),
    "brackets that cut a word": (
        [replace(NLU, "[large](size)", "[large](size)st")],
        ("annotation", NLU, 10, "ends in the middle of a word"),
    ),
    "an entity that nobody defined": (
        [replace(NLU, "[large](size)", "[large](girth)")],
        ("annotation", NLU, 10, "entity 'girth' of '[large]' is in no domain.yml"),
    ),
    "a synonym with two meanings": (
        [add(NLU, "- synonym: big\n  examples: |\n    - large\n- synonym: wide\n  examples: |\n    - Large\n")],
        ("annotation", NLU, 17, f"'large' stands for synonym 'wide' here and for 'big' in {NLU}:14"),
    ),
    "a lookup word that means nothing": (
        [add(NLU, "- lookup: size\n  examples: |\n    - gigantic\n")],
        ("annotation", NLU, 14, "'gigantic' of lookup 'size' means nothing"),
    ),
    "a response without a language": (
        [remove(RESPONSES)],
        ("response", "data/food/responses.id.yml", 2, "response 'utter_greet' is missing in responses.en.yml"),
    ),
    "a response with other variables": (
        [replace(RESPONSES, "{name}", "{{name}}")],
        ("response", RESPONSES, 2, "response 'utter_greet' says {name} in id, ms, but not in en"),
    ),
    "an unused response": (
        [
            add(f"data/food/responses.{language}.yml", "  utter_bye:\n  - text: Bye\n")
            for language in ("id", "ms", "en")
        ],
        ("unused", RESPONSES, 4, "response 'utter_bye' is used nowhere"),
    ),
    "an unused intent": (
        [replace(DOMAIN, "nudge]", "nudge, shout]"), replace("data_check.yml", "nudge:", "shout: x, nudge:")],
        ("unused", DOMAIN, 1, "intent 'shout' is used nowhere"),
    ),
    "an unused entity": ([replace(DOMAIN, "[size]", "[size, hue]")], ("unused", DOMAIN, 2, "entity 'hue'")),
    "an unused slot": (
        [replace(DOMAIN, "forms:", "  hue: {type: text, mappings: [{type: custom}]}\nforms:")],
        ("unused", DOMAIN, 6, "slot 'hue'"),
    ),
    "an unused form": (
        [replace(DOMAIN, "actions:", "  pay_form: {required_slots: [size]}\nactions:")],
        ("unused", DOMAIN, 8, "form 'pay_form'"),
    ),
    "an unused action": (
        [
            replace(DOMAIN, "[action_serve]", "[action_serve, action_rest]"),
            add("actions/food.py", "class Rest:\n    def name(self) -> str:\n        return 'action_rest'\n"),
        ],
        ("unused", DOMAIN, 8, "action 'action_rest' is used nowhere"),
    ),
    "an action without code": (
        [replace("actions/food.py", "action_serve", "action_cook")],
        ("no-code", DOMAIN, 8, "action 'action_serve' has no code"),
    ),
    "a rule whose intent nobody defined": (
        [added_rule(intent="shout")],
        ("dead-rule", RULES, 17, "intent 'shout' is in no"),
    ),
    "a rule whose intent has no examples": (
        [replace("data_check.yml", "nudge: sent by a timer", "sulk: x")],
        ("dead-rule", RULES, 13, "its intent 'nudge' has no examples"),
    ),
    "a rule whose action is missing": (
        [replace(RULES, "action: utter_greet", "action: utter_hello")],
        ("dead-rule", RULES, 2, "its action 'utter_hello' is in no domain.yml"),
    ),
    "a rule in a form that nobody defined": (
        [added_rule(condition="active_loop: pay_form")],
        ("dead-rule", RULES, 17, "its form 'pay_form' is in no domain.yml"),
    ),
    "a rule on a slot that nobody defined": (
        [added_rule(condition="slot_was_set: [{hue: red}]")],
        ("dead-rule", RULES, 17, "its slot 'hue' is in no domain.yml"),
    ),
    "a rule that another one shadows": (
        [added_rule(intent="greet", action="action_serve", condition="active_loop: null")],
        ("dead-rule", RULES, 17, f"rule 'Greeting' in {RULES}:2 answers the same intent"),
    ),
}


@pytest.mark.parametrize(("changes", "expected"), FINDINGS.values(), ids=FINDINGS)
def test_it_finds(project: Path, changes: list[Change], expected: tuple[str, str, int, str]) -> None:
    check, path, line, words = expected
    found = found_after(project, *changes)
    assert [item for item in found if (item.check, item.path, item.line) == (check, path, line)], found
    assert any(words in item.message for item in found if item.check == check), found


def test_it_keeps_two_rules_that_differ_by_what_the_form_did(project: Path) -> None:
    ended = "- rule: Ended\n  steps:\n  - intent: order\n  - action: order_form\n  - active_loop: null\n"
    assert found_after(project, add(RULES, ended)) == []


def test_it_takes_an_f_string_of_the_code_for_a_use(project: Path) -> None:
    words = "  utter_bye_soon:\n  - text: Bye\n"
    changes = [add(f"data/food/responses.{language}.yml", words) for language in ("id", "ms", "en")]
    code = "def bye(when: str) -> str:\n    return f'utter_bye_{when}'\n"
    assert found_after(project, *changes, add("actions/food.py", code)) == []
