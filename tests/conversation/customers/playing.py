"""Plays one script: acts, answers to what is asked, and everything that a proof needs to know afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from benchmarks.customers.understanding import CONFIRMATION, Understood, understand
from ramah.cli.chat_seats import BOT, Answer
from tests.conversation.customers.person import Person, Phone, Visitor
from tests.conversation.customers.scripts import Act, Script
from tests.stack import Stack

MOST_TURNS = 24
"""For each booking."""
NOTHING = "nothing"
"""The name, in scripts, of an answer that asks for no step."""
DROPPED = "utter_draft_dropped"


@dataclass
class Story:
    """What happened: the steps asked in order, how often each question came, the references of bookings."""

    script: Script
    person: Person
    asked: list[str] = field(default_factory=list)
    questions: Counter[str] = field(default_factory=Counter)
    references: list[str] = field(default_factory=list)
    handled_by: str = BOT

    @property
    def transcript(self) -> str:
        """Both sides."""
        return self.person.transcript()


def play(stack: Stack, script: Script) -> Story:
    """Play a script to its end: its bookings are made, or nothing is asked any more."""
    person = _person(stack, script)
    story = Story(script, person)
    heard = None
    for act in script.does:
        heard = _do(story, act)
    acts = {step: list(planned) for step, planned in script.when.items()}
    while not _is_over(story, heard):
        most = MOST_TURNS * max(1, len(script.bookings))
        assert person.turns < most, f"no end after {most} turns\n{story.transcript}"
        assert heard is not None
        heard = _do(story, _next_act(story, heard, acts))
    unused = {step: planned for step, planned in acts.items() if planned and step != NOTHING}
    assert not unused, f"never came to {unused}\n{story.transcript}"
    return story


def _person(stack: Stack, script: Script) -> Person:
    if script.channel == "whatsapp":
        return Phone(stack, number=str(script.document["customer.phone"]).removeprefix("+"))
    return Visitor(stack, key=script.organisation)


def _next_act(story: Story, heard: Understood, acts: dict[str, list[Act]]) -> Act:
    step = heard.step or NOTHING
    if acts.get(step):
        return acts[step].pop(0)
    assert step in story.script.answers, f"nothing to say to {step}\n{story.transcript}"
    return story.script.answers[step]


def _is_over(story: Story, heard: Understood | None) -> bool:
    if story.script.ends == "person":
        return story.handled_by != BOT
    if story.script.ends == "dropped":
        return heard is not None and heard.step is None
    return len(story.references) >= max(1, len(story.script.bookings))


def _do(story: Story, act: Act) -> Understood:
    _act(story.person, act)
    answer = story.person.receive()
    story.handled_by = _handled_by(story.person)
    heard = understand(answer, story.script.language)
    _note(story, answer, heard)
    _expect(story, act, answer)
    return heard


def _handled_by(person: Person) -> str:
    """As the platform has it: the page hears of a change of hands a moment after the words that announce it."""
    with person.stack.database.every_organisation_reading() as session:
        return str(person.conversation(session).handled_by)


def _act(person: Person, act: Act) -> None:
    if isinstance(act, str):
        person.say(act)
        return
    if "days" in act:
        person.let_pass(timedelta(days=act["days"]))
    if "quick" in act:
        for text in act["quick"]:
            person.say(text)
    elif "tap" in act:
        person.tap(act["tap"], back=act.get("back", 0), times=act.get("times", 1))
    elif "reply" in act:
        person.reply(act["say"], act["reply"])
    elif "photo" in act:
        person.send_photo()
    elif "pin" in act:
        person.send_pin(*act["pin"])
    else:
        person.say(act["say"])


def _note(story: Story, answer: Answer, heard: Understood) -> None:
    if heard.step is not None:
        story.asked.append(heard.step)
    if heard.question and heard.step != CONFIRMATION:
        story.questions[heard.question] += 1
    if heard.booked is not None:
        story.references.append(heard.booked.variables["reference"])


def _expect(story: Story, act: Act, answer: Answer) -> None:
    wanted: Any = act.get("hears") if isinstance(act, dict) else None
    for words in [wanted] if isinstance(wanted, str) else wanted or []:
        assert words.casefold() in answer.text.casefold(), f"no {words!r} in the answer\n{story.transcript}"
