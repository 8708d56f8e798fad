"""What the page and its programs do with the bot's hours as a whole, and with its mode."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import DEFAULT, Kept, Owner, forget, keep, kept
from ramah.messaging.hours.plan import Plan
from ramah.messaging.models import ChannelAccount, Division, Hours, HoursOwner
from ramah.people import Organisation
from ramah.people.audit import Subject, record
from ramah.store import Database

HOURS_CHANGED, MODE_CHANGED = "settings.hours", "settings.bot_mode"


@dataclass(frozen=True)
class BotName:
    """One bot to choose: an account, or the default of all (``name`` is then empty). ``own``: it keeps own hours."""

    id: str
    name: str
    channel: str
    own: bool


@dataclass(frozen=True)
class BotPage:
    """All that the page shows, read in one go. ``organisation`` is how customers know whose hours these are."""

    bots: list[BotName]
    chosen: BotName
    kept: Kept
    mode: BotMode
    organisation: str
    country: str
    language: str


def read_page(database: Database, owner: Owner) -> BotPage:
    """The hours of a bot among those of the others. Raises NotFound."""
    with database.tenant_reading(owner.organisation_id) as session:
        found = kept(session, owner)
        organisation = session.get_one(Organisation, owner.organisation_id)
        accounts = session.scalars(select(ChannelAccount).where(ChannelAccount.active).order_by(ChannelAccount.name))
        own = set(session.scalars(select(Hours.owner_id).where(Hours.owner_kind == HoursOwner.BOT)))
        bots = [BotName(DEFAULT, "", "", DEFAULT in own)]
        bots += [BotName(account.id, account.name, account.kind, account.id in own) for account in accounts]
        chosen = next((bot for bot in bots if bot.id == owner.id), None) or _inactive(
            session.get_one(ChannelAccount, owner.id), own
        )
        mode = BotMode(organisation.bot_mode)
        return BotPage(bots, chosen, found, mode, organisation.name, organisation.country, organisation.language)


def read_division(database: Database, organisation_id: str, division_id: str) -> BotPage:
    """The same for a division, which stands alone. Raises NotFound."""
    owner = Owner(organisation_id, division_id, HoursOwner.DIVISION)
    with database.tenant_reading(organisation_id) as session:
        found = kept(session, owner)
        division, organisation = session.get_one(Division, division_id), session.get_one(Organisation, organisation_id)
        chosen = BotName(division_id, division.name, "", found.own)
        mode = BotMode(organisation.bot_mode)
        return BotPage([], chosen, found, mode, division.name, organisation.country, organisation.language)


def save_plan(database: Database, owner: Owner, plan: Plan) -> None:
    """The plan is the owner's own from the next message on. Raises NotFound."""
    with database.tenant(owner.organisation_id) as session:
        keep(session, owner, plan)
        record(session, HOURS_CHANGED, Subject(owner.kind, owner.id, owner.id), new=plan.model_dump(mode="json"))


def follow_default(database: Database, owner: Owner) -> None:
    """The owner keeps no hours of its own any more. Raises NotFound, and BadInput for the default itself."""
    with database.tenant(owner.organisation_id) as session:
        forget(session, owner)
        record(session, HOURS_CHANGED, Subject(owner.kind, owner.id, owner.id), new={"own": False})


def organisation_name(database: Database, organisation_id: str) -> str:
    """How customers know the organisation."""
    with database.tenant_reading(organisation_id) as session:
        return session.get_one(Organisation, organisation_id).name


def set_mode(database: Database, organisation_id: str, mode: BotMode) -> None:
    """What the bot may do from the next message on."""
    with database.tenant(organisation_id) as session:
        organisation = session.get_one(Organisation, organisation_id, with_for_update={"key_share": True})
        about = Subject("organisation", organisation_id, organisation.name)
        record(session, MODE_CHANGED, about, old={"mode": organisation.bot_mode}, new={"mode": mode.value})
        organisation.bot_mode = mode


def _inactive(account: ChannelAccount, own: set[str]) -> BotName:
    return BotName(account.id, account.name, account.kind, account.id in own)
