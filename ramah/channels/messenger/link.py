"""Whether a page works: what Graph says about its token, in the words that accounts use."""

from __future__ import annotations

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import errors
from ramah.channels.messenger.client import GraphClient
from ramah.channels.messenger.verdicts import is_permission
from ramah.channels.port import AccountAccess
from ramah.channels.sentences import FALLBACK_LANGUAGE, explain

_LOGIN_CODES = frozenset({"3", "10", "102", "190"})


def check(client: GraphClient, account: AccountAccess) -> LinkState:
    """Connected, logged out (token or permission), or failed for another reason that an administrator must mend.

    Raises ChannelError when Graph does not answer or is busy: that proves nothing about the page.
    """
    try:
        identity = client.identity(account)
    except ChannelError as error:
        if error.outcome is not SendOutcome.CONFIGURATION:
            raise
        return LinkState(status=_status(error.code), detail=sentence(error.code))
    if identity.id != account.external_id:
        return LinkState(status=LinkStatus.FAILED, detail=sentence(errors.OTHER_PAGE))
    return LinkState(status=LinkStatus.CONNECTED, detail=identity.name)


def sentence(code: str | None) -> str:
    """What a refusal means, and its code for whoever looks it up."""
    said = explain("messenger", code, SendOutcome.CONFIGURATION, FALLBACK_LANGUAGE).sentence
    return f"{said} ({code})" if code else said


def _status(code: str | None) -> LinkStatus:
    main = (code or "").partition("/")[0]
    return LinkStatus.LOGGED_OUT if main in _LOGIN_CODES or is_permission(main) else LinkStatus.FAILED
