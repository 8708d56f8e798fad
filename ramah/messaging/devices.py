"""Linked phones: made at their gateway, scanned, watched, linked again, deleted. Everything may be done twice."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.device.channel import DeviceChannel
from ramah.channels.device.gateway import Gateway, Linked
from ramah.channels.errors import ChannelError
from ramah.channels.port import AccountAccess
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.messaging.accounts import access_of, connect_account
from ramah.messaging.device_addresses import checked_address, effective_address
from ramah.messaging.device_states import KIND, DeviceState, DeviceTrouble, shown, with_known_code
from ramah.messaging.links import note_link, note_trouble
from ramah.messaging.models import ChannelAccount
from ramah.messaging.providers import Purpose, asking_for
from ramah.messaging.registry import channel_for
from ramah.people import Organisation
from ramah.store import Database, new_id

__all__ = ["DeviceTrouble", "create_device", "delete_device", "device_state", "reconnect", "refresh_qr"]

log = structlog.get_logger()
BY = "check"
MOST_CODES = 6
"""How many codes in a row are asked for by the page itself; then somebody presses the button."""
MOST_FORMER_CLIENTS = 5


def create_device(
    database: Database,
    organisation_id: str,
    name: str,
    gateway: str,
    base_url: str | None,
    secrets: Mapping[str, str],
    *,
    unsigned: bool = False,
) -> ChannelAccount:
    """A phone to be linked: an account, and a client at the gateway that shows a code. The same name is the same
    phone, so that a second press of the button, or a try after a failure, makes no second one.

    ``secrets``: ``api_key`` and ``webhook_secret``; a gateway that takes a secret of ours gets one. Raises BadInput,
    Refused, and DeviceTrouble (with ``account_id``: the account is there and can be tried again).
    """
    adapter, wanted = _adapter(gateway), name.strip()
    if not 1 <= len(wanted) <= 140:
        raise BadInput("A name has 1 to 140 signs.")
    address = checked_address(base_url)
    with database.tenant(organisation_id) as session:
        # Two presses of one button must not both find that there is none.
        session.get_one(Organisation, organisation_id, with_for_update=True)
        account = _known(session, wanted, gateway, address)
        if account is None or not account.options.get("client_id"):
            _refuse_second_client(database, adapter, gateway, address, account)
            access = _access(adapter, account, secrets)
            options = {"gateway": gateway, "client_id": "", "codes": 0, **({"unsigned": True} if unsigned else {})}
            identity = account.external_id if account else new_id()
            account = connect_account(
                session, KIND, wanted, identity, access, base_url=address or None, options=options
            )
    if not account.options.get("client_id"):
        _apply(database, account, _channel().create)
    return _account(database, organisation_id, account.id)


def device_state(database: Database, organisation_id: str, account_id: str, *, ask: bool = True) -> DeviceState:
    """How a phone stands. ``ask``: look at the gateway too, unless it answered a moment ago. Raises NotFound."""
    account = _account(database, organisation_id, account_id)
    if not ask or not account.active or not account.options.get("client_id"):
        return shown(account)
    if shown(account).is_fresh:
        return shown(account)
    try:
        _look(database, account)
    except ChannelError as error:
        return shown(_account(database, organisation_id, account_id), DeviceTrouble(error, account_id))
    return shown(_account(database, organisation_id, account_id))


def refresh_qr(database: Database, organisation_id: str, account_id: str) -> DeviceState:
    """A fresh code to scan; a phone that is linked stays linked. Raises NotFound and DeviceTrouble."""
    account = _working(database, organisation_id, account_id)
    channel = _channel()
    _apply(database, account, channel.new_qr if account.options.get("client_id") else channel.create)
    return shown(_account(database, organisation_id, account_id))


def reconnect(database: Database, organisation_id: str, account_id: str) -> DeviceState:
    """Connect again, with the phone as it is where possible. Raises NotFound and DeviceTrouble."""
    account = _working(database, organisation_id, account_id)
    channel = _channel()
    _apply(database, account, channel.reconnect if account.options.get("client_id") else channel.create)
    return shown(_account(database, organisation_id, account_id))


def delete_device(database: Database, organisation_id: str, account_id: str) -> None:
    """Log the phone out, forget it at the gateway, and stop the account; conversations stay.

    The account stops even when the gateway does not answer; DeviceTrouble then says so, and a repetition tries the
    gateway again. Raises NotFound.
    """
    account = _account(database, organisation_id, account_id)
    with database.tenant(organisation_id) as session:
        row = session.get_one(ChannelAccount, account_id, with_for_update=True)
        row.active, row.qr_code, row.qr_expires_at = False, None, None
    try:
        _delete(access_of(account))
    except ChannelError as error:
        raise DeviceTrouble(error, account_id) from error
    with database.tenant(organisation_id) as session:
        row = session.get_one(ChannelAccount, account_id, with_for_update=True)
        row.options = {**row.options, "client_id": ""}
        row.link, row.trouble, row.trouble_since = "logged_out", None, None


def _look(database: Database, account: ChannelAccount) -> None:
    """Ask the gateway and keep what it says. Raises ChannelError."""
    access = access_of(account)
    with asking_for(Purpose.LINKING, _channel(), access):
        state = with_known_code(account, _channel().check(access))
    needs_code = state.status == "scan_qr" and state.qr_code is None
    codes = int(account.options.get("codes", 0))
    if needs_code and _adapter_of(account).makes_qr_when_asked and codes < MOST_CODES:
        with asking_for(Purpose.LINKING, _channel(), access):
            linked = _channel().new_qr(access)
        _adopt(database, account, linked, codes + 1)
        return
    if shown(account).differs_from(state):
        with database.tenant(account.organisation_id) as session:
            note_link(session, account, state, BY)


def _apply(database: Database, account: ChannelAccount, act: Callable[[AccountAccess], Linked]) -> None:
    """Let the gateway act and keep what came of it. Raises DeviceTrouble."""
    try:
        access = access_of(account)
        with asking_for(Purpose.LINKING, _channel(), access):
            linked = act(access)
    except ChannelError as error:
        with database.tenant(account.organisation_id) as session:
            row = session.get_one(ChannelAccount, account.id, with_for_update=True)
            note_trouble(row, str(error))
        raise DeviceTrouble(error, account.id) from error
    _adopt(database, account, linked, codes=1)


def _adopt(database: Database, account: ChannelAccount, linked: Linked, codes: int) -> None:
    """Keep the client that the gateway gave. Whoever came second gives theirs back."""
    before = account.options.get("client_id", "")
    with database.tenant(account.organisation_id) as session:
        row = session.get_one(ChannelAccount, account.id, with_for_update=True)
        now = row.options.get("client_id", "")
        came_first = row.active and now in (before, linked.client_id)
        if came_first:
            row.options = {**row.options, **_clients(row, linked.client_id), "codes": codes}
            row.trouble = row.trouble_since = row.paused_until = None
            note_link(session, row, linked.state, BY)
    if not came_first and linked.client_id != now:
        _give_back(account, linked.client_id)


def _clients(row: ChannelAccount, client_id: str) -> dict[str, object]:
    before, former = row.options.get("client_id", ""), list(row.options.get("former_clients", []))
    if before and before != client_id:
        former = [before, *former][:MOST_FORMER_CLIENTS]
    return {"client_id": client_id, "former_clients": former}


def _give_back(account: ChannelAccount, client_id: str) -> None:
    access = access_of(account)
    surplus = AccountAccess(
        access.external_id, access.secrets, access.base_url, {**access.options, "client_id": client_id}
    )
    try:
        _delete(surplus)
    except ChannelError as error:
        log.warning("device_left_over", account=account.id, reason=str(error)[:200])


def _delete(access: AccountAccess) -> None:
    with asking_for(Purpose.LINKING, _channel(), access):
        _channel().delete(access)


def _channel() -> DeviceChannel:
    channel = channel_for(KIND)
    assert isinstance(channel, DeviceChannel)  # noqa: S101 - the registry has one of this kind
    return channel


def _adapter(name: str) -> Gateway:
    adapter = _channel().gateway_named(name)
    if adapter is None:
        raise BadInput(f"There is no gateway of this kind; known: {', '.join(_channel().gateways)}.")
    return adapter


def _adapter_of(account: ChannelAccount) -> Gateway:
    return _adapter(str(account.options.get("gateway")))


def _access(adapter: Gateway, account: ChannelAccount | None, given: Mapping[str, str]) -> dict[str, str]:
    """The secrets to keep. One that the gateway may have taken at an earlier try stays."""
    access = dict(access_of(account).secrets) if account is not None else {}
    access |= {name: given[name].strip() for name in ("api_key", "webhook_secret") if given.get(name, "").strip()}
    if adapter.takes_secret:
        access.setdefault("webhook_secret", random.token_urlsafe(32))
    return access


def _known(session: Session, name: str, gateway: str, address: str) -> ChannelAccount | None:
    """The account of this name. Raises Refused when it has a client at another gateway."""
    account = session.scalar(
        select(ChannelAccount).where(ChannelAccount.kind == KIND, ChannelAccount.name == name, ChannelAccount.active)
    )
    elsewhere = account is not None and (account.options.get("gateway"), account.base_url or "") != (gateway, address)
    if account is not None and elsewhere and account.options.get("client_id"):
        raise Refused("There is a phone of this name at another gateway; choose another name, or delete that one.")
    return account


def _refuse_second_client(
    database: Database, adapter: Gateway, gateway: str, address: str, account: ChannelAccount | None
) -> None:
    """A gateway that posts all events to one address would take them from the account that it serves already."""
    if not adapter.posts_to_one_address:
        return
    with database.every_organisation_reading() as session:
        others = session.scalars(select(ChannelAccount).where(ChannelAccount.kind == KIND, ChannelAccount.active)).all()
    wanted = effective_address(address)
    for other in others:
        same = account is not None and other.id == account.id
        if not same and other.options.get("gateway") == gateway and effective_address(other.base_url) == wanted:
            raise Refused("This gateway posts to one address only and serves another phone already; it needs its own.")


def _account(database: Database, organisation_id: str, account_id: str) -> ChannelAccount:
    with database.tenant_reading(organisation_id) as session:
        account = session.scalar(
            select(ChannelAccount).where(ChannelAccount.kind == KIND, ChannelAccount.id == account_id)
        )
    if account is None:
        raise NotFound("There is no such phone.")
    return account


def _working(database: Database, organisation_id: str, account_id: str) -> ChannelAccount:
    account = _account(database, organisation_id, account_id)
    if not account.active:
        raise NotFound("This phone was deleted.")
    return account
