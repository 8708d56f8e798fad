"""What the bot may do in a conversation: answer, draft for a person, keep silent; and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ramah.messaging.hours.opening import is_open, opened_since
from ramah.messaging.hours.plan import Plan
from ramah.messaging.hours.wording import outside_message
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.people import Organisation


class BotMode(StrEnum):
    """What an organisation lets its bot do."""

    ANSWERS = "answers"
    DRAFTS = "drafts"
    OFF = "off"


@dataclass(frozen=True)
class BotRules:
    """The rules of one turn. ``plan`` None: no hours are kept. ``told_at`` is when the message arrived that was last
    answered by the hours."""

    mode: BotMode = BotMode.ANSWERS
    plan: Plan | None = None
    told_at: datetime | None = None
    organisation: str = ""

    def is_outside(self, arrived: datetime, now: datetime) -> bool:
        """Whether a message is answered by the hours and not by the bot.

        It is judged by the moment at which it arrived: who wrote in time gets an answer, however late a busy or broken
        platform comes to it, and a turn that runs again decides the same. One that came too early and is looked at
        only now that it is open gets an answer too: "we are closed" would be untrue by the time it is read."""
        return self.plan is not None and not is_open(self.plan, arrived) and not is_open(self.plan, now)

    def tells(self, arrived: datetime) -> bool:
        """Whether the customer is told: once in each closed period of a conversation."""
        if self.plan is None or not self.plan.tells:
            return False
        return self.told_at is None or opened_since(self.plan, self.told_at, arrived)

    def message(self, language: str, now: datetime) -> str:
        """What they are told. The next opening is that after ``now``."""
        assert self.plan is not None  # noqa: S101 - only a plan can be outside
        return outside_message(self.plan, language, self.organisation, now)


def rules_of(organisation: Organisation, account: ChannelAccount, conversation: Conversation) -> BotRules:
    """From rows that are loaded: an account's own hours, else the organisation's. Sends no statement."""
    stored = account.bot_hours if account.bot_hours is not None else organisation.bot_hours
    plan = Plan.model_validate(stored) if stored and stored["enabled"] else None
    return BotRules(BotMode(organisation.bot_mode), plan, conversation.told_outside_at, organisation.name)
