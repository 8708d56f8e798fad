"""What the account says about its device: which gateway, where, under which client id, and the secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.settings import settings

NOT_SET_UP = "not_set_up"


@dataclass(frozen=True)
class Device:
    """One linked phone at one gateway.

    ``channel_id`` is our own stable id; ``client_id`` is the gateway's, which may change (Aimeow makes a new client for
    each new QR). Messages of ``former_clients`` are still ours, their word about the connection is not.
    ``has_own_secret``: the secret that signs webhooks belongs to this account alone.
    """

    gateway: str
    channel_id: str
    name: str
    base_url: str
    webhook_url: str
    client_id: str
    former_clients: tuple[str, ...]
    key: str = field(repr=False)
    secret: str = field(repr=False)
    has_own_secret: bool
    unsigned: bool

    @property
    def client(self) -> str:
        """The client id for a call. Raises ChannelError when nothing was made at the gateway yet."""
        if not self.client_id:
            raise ChannelError(
                "this phone was never linked at the gateway", SendOutcome.CONFIGURATION, code="client_not_found"
            )
        return self.client_id

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may repeat."""
        return (self.key, self.secret)


def device_of(account: AccountAccess) -> Device:
    """The device of an account, with the gateway of the settings where the account names none."""
    options, base_url = account.options, (account.base_url or "").rstrip("/")
    platform = settings()
    shared = (platform.device_base_url or "").rstrip("/")
    # The platform's key and secret go to the platform's own gateway only, never to an address that somebody typed in.
    uses_shared = not base_url or base_url == shared
    own_secret = account.secrets.get("webhook_secret", "")
    return Device(
        gateway=str(options.get("gateway") or "neutral"),
        channel_id=account.external_id,
        name=account.name,
        base_url=base_url or shared,
        webhook_url=account.webhook_url or "",
        client_id=_text(options, "client_id"),
        former_clients=_texts(options, "former_clients"),
        key=account.secrets.get("api_key", "") or (_reveal(platform.device_key) if uses_shared else ""),
        secret=own_secret or (_reveal(platform.device_secret) if uses_shared else ""),
        has_own_secret=bool(own_secret),
        unsigned=options.get("unsigned") is True,
    )


def _reveal(secret: Any) -> str:
    return str(secret.get_secret_value()) if secret is not None else ""


def _text(options: Mapping[str, object], name: str) -> str:
    value = options.get(name)
    return value if isinstance(value, str) else ""


def _texts(options: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = options.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()
