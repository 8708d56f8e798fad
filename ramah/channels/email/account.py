"""A mailbox as the account describes it: where to read, where to send, and who we are."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess

Port = Annotated[int, Field(ge=1, le=65535)]


class SmtpSecurity(StrEnum):
    """How a connection to the SMTP server is kept from listeners. ``starttls`` never falls back to plain text."""

    SSL = "ssl"
    STARTTLS = "starttls"
    NONE = "none"


class Mailbox(BaseModel):
    """The options and secrets of one account, checked. ``address`` is lower-case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = Field(pattern=r"^[!-?A-~]+@[^\s@<>]+$", max_length=200)
    name: str = ""
    imap_host: str = Field(min_length=1)
    imap_port: Port = 993
    imap_ssl: bool = True
    imap_folder: str = "INBOX"
    smtp_host: str = Field(min_length=1)
    smtp_port: Port = 465
    smtp_security: SmtpSecurity = SmtpSecurity.SSL
    username: str = ""
    password: SecretStr = SecretStr("")

    @property
    def domain(self) -> str:
        """The part after the ``@``, in the form that headers take."""
        return ascii_domain(self.address.rpartition("@")[2])


@dataclass(frozen=True)
class Patience:
    """Time-outs in seconds. RFC 5321 (4.5.3.2) would have a client wait minutes for some answers; a delivery that takes
    so long has lost its lease, so that we rather call it uncertain."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 180.0
    """After which a session is cut off: ``read`` counts from one piece to the next and never ends for a server that
    drips."""


@dataclass(frozen=True)
class Wire:
    """How connections are made: time-outs, and which certificates are believed."""

    patience: Patience
    tls: ssl.SSLContext


def mailbox_of(account: AccountAccess) -> Mailbox:
    """The mailbox behind an account. Raises ChannelError (CONFIGURATION) that names the option which is wrong."""
    values = {
        **{name: value for name, value in account.options.items() if value is not None},
        "address": account.external_id.lower(),
        "name": account.options.get("from_name") or account.name,
        "username": account.secrets.get("username", ""),
        "password": account.secrets.get("password", ""),
    }
    try:
        return Mailbox.model_validate(values)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(item["loc"][0]) for item in error.errors() if item["loc"]}))
        # Without the cause: pydantic quotes the values, and one of them is the password.
        raise ChannelError(f"this mailbox is not set up: {wrong}", SendOutcome.CONFIGURATION) from None


def ascii_domain(domain: str) -> str:
    """A domain as the wire takes it: international ones in their ``xn--`` form, where they have one."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
