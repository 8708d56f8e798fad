"""Whether a number works: what Graph says about it, in the words that accounts use."""

from __future__ import annotations

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.answers import NumberDetails
from ramah.channels.whatsapp.client import GraphClient
from ramah.channels.whatsapp.errors import PERMISSION_CODES

_LOGGED_OUT_CODES = frozenset({"0", "3", "10", "190", "131005", *map(str, PERMISSION_CODES)})
_UNRATED = ("UNKNOWN", "NA")


def check(client: GraphClient, account: AccountAccess) -> LinkState:
    """Connected, logged out (token or permission), or failed for another reason that an administrator must mend.

    Raises ChannelError when Graph does not answer or is busy: that proves nothing about the account.
    """
    try:
        number = client.number(account)
    except ChannelError as error:
        if error.outcome is not SendOutcome.CONFIGURATION:
            raise
        logged_out = error.code in _LOGGED_OUT_CODES
        return LinkState(status=LinkStatus.LOGGED_OUT if logged_out else LinkStatus.FAILED, detail=str(error))
    return LinkState(status=LinkStatus.CONNECTED, detail=_detail(number) or None, phone=_phone(number))


def _detail(number: NumberDetails) -> str:
    rating = number.quality_rating if number.quality_rating not in _UNRATED else None
    return " · ".join(part for part in (number.verified_name, number.display_phone_number, rating) if part)


def _phone(number: NumberDetails) -> str | None:
    digits = "".join(sign for sign in number.display_phone_number or "" if sign in "0123456789")
    return f"+{digits}" if digits else None
