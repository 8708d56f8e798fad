"""Connecting Facebook pages: an administrator logs in at Facebook, chooses pages, and each becomes a channel account.

Between the steps everything travels sealed with the person who acts: the ``state`` through Facebook, and a ``ticket``
(the person's Facebook token) through the form. Both are good for ten minutes and for the same login to the console
only. Nothing of this waits for Facebook inside a transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.channels.errors import ChannelError
from ramah.channels.messenger.channel import HUMAN_AGENT_OPTION
from ramah.channels.messenger.client import GraphClient
from ramah.channels.messenger.login import FacebookLogin, Page
from ramah.channels.messenger.problems import ConnectProblem, problem_of
from ramah.lib.errors import NotFound, SettingsError
from ramah.lib.sealed import seal, unseal
from ramah.lib.signatures import same_text
from ramah.messaging.accounts import access_of, connect_account
from ramah.messaging.models import ChannelAccount
from ramah.settings import Settings
from ramah.store import Database, utc_now

log = structlog.get_logger()
KIND = "messenger"
CALLBACK = "/console/channels/messenger/callback"
GOOD_FOR = timedelta(minutes=10)
_STATE = "messenger-state"
_TICKET = "messenger-ticket"
# Meta's answers to a code that was used before, is too old, or came by another address.
_CODE_REFUSED = "100"


@dataclass(frozen=True)
class Administrator:
    """Who acts. ``session`` is something that only their login to the console has; it ties the steps together."""

    organisation_id: str
    staff_id: str
    session: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class Begun:
    """Where to send the person, and the state that must come back."""

    url: str
    state: str = field(repr=False)


@dataclass(frozen=True)
class Offered:
    """A page to choose. ``connected``: it is an account of this organisation already."""

    id: str
    name: str
    may_message: bool
    connected: bool


@dataclass(frozen=True)
class Offer:
    """All pages of a login, and the ticket that connects them."""

    pages: tuple[Offered, ...]
    ticket: str = field(repr=False)


def begin_login(config: Settings, who: Administrator) -> Begun:
    """The address of Facebook's dialog. Raises ConnectProblem when the server has no Meta app."""
    state = _sealed(config, who, _STATE, {})
    with _facebook(config, who) as facebook:
        return Begun(facebook.dialog_url(callback_url(config), state), state)


def pages_of_login(database: Database, config: Settings, who: Administrator, code: str, state: str) -> Offer:
    """The pages that the person who came back may connect. Changes nothing here. Raises ConnectProblem."""
    _opened(config, who, _STATE, state)
    with _facebook(config, who) as facebook:
        token = _token_of(facebook, who, code, callback_url(config))
        with _explained(who):
            pages = facebook.pages(token)
    if not pages:
        raise ConnectProblem("no_pages", who.language)
    known = {account.external_id for account in connected_pages(database, who.organisation_id)}
    offered = tuple(Offered(page.id, page.name, page.may_message, page.id in known) for page in pages)
    return Offer(offered, _sealed(config, who, _TICKET, {"token": token}))


def refused_login(who: Administrator, reason: str) -> ConnectProblem:
    """What to say when Facebook sent the person back with an error in place of a code."""
    return ConnectProblem("cancelled" if reason == "access_denied" else "general", who.language)


def connect_page(database: Database, config: Settings, who: Administrator, ticket: str, page_id: str) -> ChannelAccount:
    """Subscribe a page to our app and store it as an account, or refresh the account. Safe to repeat.

    Raises ConnectProblem; then the account is as it was before.
    """
    token = _opened(config, who, _TICKET, ticket)["token"]
    with _facebook(config, who) as facebook:
        with _explained(who):
            page = next((found for found in facebook.pages(token) if found.id == page_id), None)
        if page is None:
            raise ConnectProblem("wrong_page", who.language)
        if not page.may_message:
            raise ConnectProblem("no_role", who.language, about=page.name)
        _refuse_taken(database, who, page)
        # First the subscription: an account that hears nothing would look connected and be deaf.
        with _explained(who, page.name):
            facebook.subscribe(page.id, page.token)
    try:
        account = _store(database, config, who, page)
    except IntegrityError as error:
        raise ConnectProblem("taken", who.language, about=page.name) from error
    log.info("page_connected", page=page.id, staff=who.staff_id)
    return account


def disconnect_page(database: Database, config: Settings, who: Administrator, account_id: str) -> None:
    """End a page's subscription and stop its account; its conversations stay. Safe to repeat.

    Raises NotFound, or ConnectProblem when Facebook does not answer. A page that Facebook refuses us anyway is stopped
    here all the same.
    """
    account = _account(database, who, account_id)
    held = access_of(account).secrets
    if held.get("page_token"):
        # With the secret that the page was connected with: the server may have another app by now, or none.
        client = GraphClient(config.messenger_base_url, config.messenger_version)
        with FacebookLogin(client, config.messenger_base_url, "", held.get("app_secret", "")) as facebook:
            _unsubscribe(facebook, who, account, held["page_token"])
    with database.tenant(who.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id, with_for_update=True)
        kept = {name: secret for name, secret in access_of(row).secrets.items() if name != "page_token"}
        row.secrets, row.active = seal(kept, config.encryption_key), False
    log.info("page_disconnected", page=account.external_id, staff=who.staff_id)


def allow_late_answers(database: Database, who: Administrator, account_id: str, *, allowed: bool) -> None:
    """Say whether Meta granted the app the Human Agent feature for this page: people may then answer for seven days.

    Raises NotFound."""
    account = _account(database, who, account_id)
    with database.tenant(who.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id, with_for_update=True)
        row.options = {**(row.options or {}), HUMAN_AGENT_OPTION: allowed}
    log.info("late_answers", page=account.external_id, staff=who.staff_id, allowed=allowed)


def connected_pages(database: Database, organisation_id: str) -> list[ChannelAccount]:
    """The organisation's connected pages by name."""
    wanted = select(ChannelAccount).where(ChannelAccount.kind == KIND, ChannelAccount.active)
    with database.tenant_reading(organisation_id) as session:
        return list(session.scalars(wanted.order_by(ChannelAccount.name, ChannelAccount.id)))


def is_set_up(config: Settings) -> bool:
    """Whether the server has a Meta app with which pages can be connected."""
    return bool(config.messenger_app_id and _app_secret(config))


def callback_url(config: Settings) -> str:
    """Where Facebook sends people back to; it must be among the app's valid redirect addresses."""
    return config.public_url.rstrip("/") + CALLBACK


def _app_secret(config: Settings) -> str:
    return config.messenger_app_secret.get_secret_value() if config.messenger_app_secret else ""


def _facebook(config: Settings, who: Administrator) -> FacebookLogin:
    if not config.messenger_app_id or not is_set_up(config):
        raise ConnectProblem("not_set_up", who.language)
    base = config.messenger_base_url
    client = GraphClient(base, config.messenger_version)
    return FacebookLogin(client, base, config.messenger_app_id, _app_secret(config))


@contextmanager
def _explained(who: Administrator, about: str | None = None) -> Iterator[None]:
    """A refusal of Facebook, in the person's language."""
    try:
        yield
    except ChannelError as error:
        log.warning("page_refused", code=error.code, reason=str(error)[:300])
        raise problem_of(error, who.language, about=about) from error


def _token_of(facebook: FacebookLogin, who: Administrator, code: str, callback: str) -> str:
    with _explained(who):
        try:
            return facebook.token_of(code, callback)
        except ChannelError as error:
            if error.code != _CODE_REFUSED:
                raise
            log.info("login_code_refused", reason=str(error)[:300])
            raise ConnectProblem("stale", who.language, code=error.code) from error


def _sealed(config: Settings, who: Administrator, purpose: str, content: dict[str, str]) -> str:
    until = (utc_now() + GOOD_FOR).isoformat()
    return seal({**content, "for": purpose, "who": _bond(who), "until": until}, config.encryption_key)


def _opened(config: Settings, who: Administrator, purpose: str, sealed: str) -> dict[str, str]:
    """What was sealed for this person and purpose. Raises ConnectProblem for anything else, and after ten minutes."""
    try:
        opened = unseal(sealed, config.encryption_key)
    except SettingsError as error:
        raise ConnectProblem("stale", who.language) from error
    ours = opened.get("for") == purpose and same_text(_bond(who), opened.get("who", ""))
    if not ours or datetime.fromisoformat(opened["until"]) < utc_now():
        raise ConnectProblem("stale", who.language)
    return opened


def _bond(who: Administrator) -> str:
    """What ties a sealed text to one login; it gives nothing of the login away."""
    return sha256("\n".join((who.organisation_id, who.staff_id, who.session)).encode()).hexdigest()


def _refuse_taken(database: Database, who: Administrator, page: Page) -> None:
    wanted = select(ChannelAccount.organisation_id).where(
        ChannelAccount.kind == KIND, ChannelAccount.external_id == page.id
    )
    with database.every_organisation_reading() as session:
        owner = session.scalar(wanted)
    if owner not in (None, who.organisation_id):
        raise ConnectProblem("taken", who.language, about=page.name)


def _store(database: Database, config: Settings, who: Administrator, page: Page) -> ChannelAccount:
    with database.tenant(who.organisation_id) as session:
        access = {
            "page_token": page.token,
            "app_secret": _app_secret(config),
            "verify_token": _verify_token(session),
        }
        return connect_account(session, KIND, page.name[:140], page.id, access)


def _verify_token(session: Session) -> str:
    """One for all pages of the organisation: Meta knows one address per app, whichever page's it is."""
    for account in session.scalars(select(ChannelAccount).where(ChannelAccount.kind == KIND)):
        known = access_of(account).secrets.get("verify_token")
        if known:
            return known
    return secrets.token_urlsafe(24)


def _account(database: Database, who: Administrator, account_id: str) -> ChannelAccount:
    with database.tenant_reading(who.organisation_id) as session:
        account = session.scalar(
            select(ChannelAccount).where(ChannelAccount.id == account_id, ChannelAccount.kind == KIND)
        )
    if account is None:
        raise NotFound("There is no such page.")
    return account


def _unsubscribe(facebook: FacebookLogin, who: Administrator, account: ChannelAccount, token: str) -> None:
    with _explained(who, account.name):
        try:
            facebook.unsubscribe(account.external_id, token)
        except ChannelError as error:
            if not error.permanent:
                raise
            log.info("page_was_lost_already", page=account.external_id, code=error.code)
