"""Every act that is written has a name that the filter of the audit log offers and the screen can say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from console.staff.words import ACTIONS as WORDS
from ramah.billing.approval import DONE
from ramah.desk.canned import VARIABLES
from ramah.people.audit import ACTIONS

CODE = Path(__file__).parents[2]
ACTION = re.compile(r"(login|account|staff|settings|contact|label|payment|export|conversation)\.[a-z_]+")
NOT_ACTS = frozenset({*VARIABLES, "login.html", "staff.id"})
"""Other things that are written like an act."""
NAMED = (*CODE.glob("ramah/**/*.py"), *CODE.glob("console/**/*.py"))


def written() -> Iterator[str]:
    """What code writes: whole names wherever they stand, and the notes of changes of hands."""
    for path in NAMED:
        if path.name in ("audit.py", "words.py"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in documented and ACTION.fullmatch(str(node.value)):
                yield str(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "change_hands":
                notes = [one.value for one in node.args if isinstance(one, ast.Constant)]
                yield from (f"conversation.{note}" for note in notes if isinstance(note, str))


def test_every_act_that_is_written_can_be_filtered_for() -> None:
    acts = {*written(), *(f"payment.{word}" for word in DONE.values())}
    assert {"settings.hours", "settings.bot_mode", "contact.merged", "conversation.taken_over"} <= acts
    assert not sorted(acts - set(ACTIONS) - NOT_ACTS)


def test_every_act_has_words_and_no_words_are_left_over() -> None:
    assert set(WORDS) == set(ACTIONS)
