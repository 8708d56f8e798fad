"""What a customer hears who chooses a division or waits in its line. Runs in the transaction that finishes the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing
from ramah.messaging.claims import Claim
from ramah.messaging.divisions.agents import Team, online_team
from ramah.messaging.divisions.choosing import SHOW_MENU, SHOW_PLACE, chosen_id, likely, named, says
from ramah.messaging.divisions.estimates import Wait, estimator, wait_in_words
from ramah.messaging.divisions.menu import (
    Around,
    menu_lines,
    menu_message,
    note_told,
    place_choices,
    suggestion_message,
)
from ramah.messaging.divisions.opening import Closed, all_closed, closed
from ramah.messaging.divisions.places import place_of
from ramah.messaging.divisions.texts import Texts, texts_from
from ramah.messaging.divisions.waiting import MENU, active_divisions, leave_line, new_wait, put_into, wait_of
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.inbox import SAY
from ramah.messaging.models import ChannelAccount, Conversation, Division, HandledBy, QueueSettings, QueueWait
from ramah.messaging.queueing import ask_for_person
from ramah.messaging.registry import channel_for
from ramah.store import utc_now

MOST_TRIES = 3
"""After so many answers that nobody understood, the customer waits for anybody instead of reading the menu again."""
REMIND_AFTER = timedelta(minutes=10)
BY_MENU = "chose_division"
NOBODY = Team((), frozenset())


@dataclass
class Desk:
    """One customer in front of the menu or in a line."""

    session: Session
    conversation: Conversation
    claim: Claim
    payload: str | None

    def __post_init__(self) -> None:
        self.settings = self.session.get(QueueSettings, self.conversation.organisation_id)
        self.texts: Texts = texts_from(self.settings, self.conversation.language or self.claim.organisation_language)

    def answer(self) -> list[Outgoing]:
        """What is said; the conversation and its wait are changed beside it."""
        if self.conversation.handled_by == HandledBy.BOT:
            return self._begin() if self.claim.kind != SAY else []
        if self.conversation.handled_by != HandledBy.QUEUE:
            return []
        wait = wait_of(self.session, self.conversation) or new_wait(self.session, self.conversation)
        if self.claim.kind == SAY:
            return self._said(wait)
        if self.conversation.awaiting_division_selection:
            return self._choosing(wait)
        return self._waiting(wait)

    def _begin(self) -> list[Outgoing]:
        """A chat begins with the menu, or a division of an old menu was tapped."""
        ask_for_person(self.session, self.conversation, BY_MENU, may_choose=False)
        wait = wait_of(self.session, self.conversation)
        if wait is None:
            return []
        divisions = active_divisions(self.session)
        if not divisions:
            return self._anybody(wait)
        chosen = self._chosen(divisions, wait)
        if chosen is not None or len(divisions) == 1:
            return self._put(wait, chosen or divisions[0])
        self.conversation.awaiting_division_selection = True
        return self._suggested(wait, divisions) or [self._menu(wait, divisions)]

    def _said(self, wait: QueueWait) -> list[Outgoing]:
        if self.claim.raw.get("response") != MENU:
            return [self._place_told(wait, "queue_message_template")]
        if not self.conversation.awaiting_division_selection:
            return []
        return [self._menu(wait, active_divisions(self.session))]

    def _choosing(self, wait: QueueWait) -> list[Outgoing]:
        divisions = active_divisions(self.session)
        chosen = self._chosen(divisions, wait)
        if chosen is not None:
            return self._put(wait, chosen)
        if not divisions:
            return self._anybody(wait)
        if self.payload == SHOW_MENU or self._asks_place() or says(self.claim.text, "menu_words"):
            return [self._menu(wait, divisions)]
        suggested = self._suggested(wait, divisions)
        if suggested:
            return suggested
        wait.tries += 1
        if wait.tries >= MOST_TRIES:
            return self._anybody(wait)
        return [self._menu(wait, divisions, "not_understood_message")]

    def _waiting(self, wait: QueueWait) -> list[Outgoing]:
        divisions = active_divisions(self.session)
        if self._asks_place():
            return [self._place_told(wait, "queue_position_message")]
        if self.payload == SHOW_MENU or says(self.claim.text, "menu_words"):
            # They keep their place until they choose another line.
            return [self._menu(wait, divisions)]
        tapped = chosen_id(self.payload)
        chosen = next((one for one in divisions if one.id == tapped), None) or self._by_number(divisions, wait)
        if chosen is not None and chosen.id != self.conversation.division_id:
            return self._put(wait, chosen)
        told = self.conversation.told_waiting_at
        if told is None or utc_now() - told > REMIND_AFTER:
            return [self._place_told(wait, "queue_position_message")]
        return []

    def _by_number(self, divisions: list[Division], wait: QueueWait) -> Division | None:
        return named(divisions, wait.offered, self.claim.text) if wait.offered else None

    def _chosen(self, divisions: list[Division], wait: QueueWait) -> Division | None:
        tapped = chosen_id(self.payload)
        if tapped is not None:
            return next((one for one in divisions if one.id == tapped), None)
        if len(wait.offered) == 1 and says(self.claim.text, "yes_words"):
            return next((one for one in divisions if one.id == wait.offered[0]), None)
        return named(divisions, wait.offered, self.claim.text)

    def _asks_place(self) -> bool:
        keyword = self.settings.check_queue_keyword if self.settings else "#"
        return self.payload == SHOW_PLACE or self.claim.text.strip().casefold() == keyword.casefold()

    def _suggested(self, wait: QueueWait, divisions: list[Division]) -> list[Outgoing]:
        closed = self._closed(divisions)
        found = likely([one for one in divisions if one.id not in closed], self.claim.text)
        if not found:
            return []
        wait.offered = [division.id for division in found]
        return [suggestion_message(found, self.texts)]

    def _menu(self, wait: QueueWait, divisions: list[Division], heading: str = "welcome_message") -> Outgoing:
        closed = self._closed(divisions)
        offered = [division for division in divisions if division.id not in closed]
        wait.offered = [division.id for division in offered]
        account = self.session.get_one(ChannelAccount, self.conversation.channel_account_id)
        has_buttons = channel_for(account.kind).abilities.buttons > 0
        around = Around(heading, tuple(closed.values()), self._has_assistant)
        return menu_message(menu_lines(self.session, offered), self.texts, has_buttons=has_buttons, around=around)

    def _closed(self, divisions: list[Division]) -> dict[str, Closed]:
        return {one.division.id: one for one in all_closed(divisions, utc_now())}

    @property
    def _has_assistant(self) -> bool:
        return self.claim.bot.mode is not BotMode.OFF

    def _anybody(self, wait: QueueWait) -> list[Outgoing]:
        put_into(self.session, self.conversation, wait, None)
        return [self._place_told(wait, "any_team_message")]

    def _put(self, wait: QueueWait, division: Division) -> list[Outgoing]:
        shut = closed(division, utc_now())
        if shut is not None and self._has_assistant and not shut.plan.needs_human:
            # Nobody is to find it here tomorrow: the customer is told, and has the assistant again.
            leave_line(self.session, self.conversation)
            return [Outgoing(text=shut.message(self.texts))]
        put_into(self.session, self.conversation, wait, division.id)
        place = place_of(self.session, self.conversation)
        if place == 1 and self._team.best_for(division.id) is not None:
            note_told(wait, place)
            self.conversation.told_waiting_at = utc_now()
            return [Outgoing(text=self.texts.say("connecting_message", division=division.name))]
        return [self._place_told(wait, "queue_message_template")]

    @cached_property
    def _team(self) -> Team:
        return online_team(self.session, self.settings, utc_now()) if self.settings else NOBODY

    def _place_told(self, wait: QueueWait, name: str) -> Outgoing:
        """A place in line with the wait that goes with it, counted now."""
        place = place_of(self.session, self.conversation)
        division = self._division()
        shut = closed(division, utc_now())
        estimate = None if shut else self._estimate(division, place)
        note_told(wait, place, estimate, counts=shut is None)
        self.conversation.told_waiting_at = utc_now()
        if shut is not None:
            said = self._told_closed(shut, name, place)
        else:
            said = self._told_open(division, name, place, estimate)
        return Outgoing(text="\n".join(said), choices=place_choices(self.texts, has_assistant=self._has_assistant))

    def _told_closed(self, shut: Closed, name: str, place: int) -> list[str]:
        """The division's own message to whoever comes into its line; the place to whoever asks for it."""
        if name == "queue_message_template" and shut.plan.tells:
            return [shut.message(self.texts)]
        return [self.texts.say(name, division=shut.division.name, queue_number=place), shut.sentence(self.texts)]

    def _told_open(self, division: Division | None, name: str, place: int, estimate: Wait | None) -> list[str]:
        called = division.name if division else self.texts.word("any_team")
        said = [self.texts.say(name, division=called, queue_number=place)]
        if division is not None and division.show_wait_time:
            said.append(wait_in_words(estimate, self.texts))
        if name == "queue_message_template" and not self._team.anybody_for(self.conversation.division_id):
            said.append(self.texts.say("no_agent_available_message", division=called))
        return said

    def _division(self) -> Division | None:
        found = self.conversation.division_id
        return self.session.get(Division, found) if found else None

    def _estimate(self, division: Division | None, place: int) -> Wait | None:
        return estimator(self.session, [division]).wait(division.id, place) if division else None
