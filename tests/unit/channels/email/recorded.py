"""Mails as programs write them, from the folder ``fixtures``."""

from __future__ import annotations

from pathlib import Path

from ramah.channels.content import Batch, Incoming
from ramah.channels.email.parse import parse_mail

FIXTURES = Path(__file__).with_name("fixtures")
MAILBOX = "cs@kilap.example"


def recorded(name: str) -> bytes:
    """The bytes of one mail."""
    return (FIXTURES / f"{name}.eml").read_bytes()


def batch_of(name: str) -> Batch:
    """What one mail holds."""
    (batch,) = parse_mail(MAILBOX, recorded(name))
    return batch


def message(name: str) -> Incoming:
    """The message of one mail."""
    (incoming,) = batch_of(name).incoming
    return incoming
