"""The documented codes of the Messenger Platform and what to do about each.

Source: Meta, "Messenger Platform: Error codes" and "Graph API: Handling errors".
"""

from __future__ import annotations

from dataclasses import dataclass

from ramah.channels.errors import Scope, SendOutcome

_MINUTE = 60.0
_HOUR = 3600.0


@dataclass(frozen=True)
class Verdict:
    """What to do after a refusal. ``retry_after`` is seconds, multiplied by ``growth`` at each further wait;
    ``most_attempts`` bounds all tries, the first included; ``scope`` is how much else waits."""

    outcome: SendOutcome
    retry_after: float | None = None
    growth: float = 1.0
    most_attempts: int | None = None
    scope: Scope = Scope.MESSAGE


def account_waits(seconds: float, growth: float = 2.0, most_attempts: int | None = None) -> Verdict:
    """All of the page waits."""
    return Verdict(SendOutcome.WAIT, seconds, growth, most_attempts, Scope.ACCOUNT)


def configuration(retry_after: float | None = None) -> Verdict:
    """Somebody must act before the page may send again; not before ``retry_after`` seconds where Meta set a limit."""
    return Verdict(SendOutcome.CONFIGURATION, retry_after, scope=Scope.ACCOUNT)


RETRY = Verdict(SendOutcome.RETRY)
UNCERTAIN = Verdict(SendOutcome.UNCERTAIN)
_GIVE_UP = Verdict(SendOutcome.GIVE_UP)
_LOGIN = configuration()
_WINDOW = Verdict(SendOutcome.WINDOW_CLOSED)

_BY_CODE: dict[str, Verdict] = {
    "1": Verdict(SendOutcome.RETRY, most_attempts=2),  # unknown; often a missing permission that says so badly
    "2": Verdict(SendOutcome.RETRY, most_attempts=4),  # service down; also seen when the person blocked the page
    "3": configuration(),  # capability missing
    "4": account_waits(2 * _MINUTE),  # calls of the app
    "10": configuration(),  # permission missing
    "17": account_waits(2 * _MINUTE),  # calls of the user
    "32": account_waits(2 * _MINUTE),  # calls of the page
    "33": configuration(),  # the page id is wrong
    "100": _GIVE_UP,  # bad parameter
    "101": configuration(),  # the app is wrong
    "102": _LOGIN,  # session
    "190": _LOGIN,  # the token has ended
    "210": configuration(),  # a user's token where a page's is wanted
    "230": configuration(),  # pages_messaging missing
    "341": account_waits(2 * _MINUTE),  # limit of the app
    "368": configuration(4 * _HOUR),  # blocked for a while for breaking a policy
    "551": _GIVE_UP,  # the person is not available
    "613": account_waits(_MINUTE),  # calls of the Send API
    "1200": Verdict(SendOutcome.RETRY, most_attempts=4),  # temporary failure
}
_BY_PAIR: dict[str, Verdict] = {
    "1/99": Verdict(SendOutcome.RETRY, most_attempts=2),
    "10/1893063": configuration(4 * _HOUR),  # page restricted from sending for a while
    "10/2018065": _WINDOW,
    "10/2018108": _GIVE_UP,  # the person cannot receive messages now
    "10/2018278": _WINDOW,
    "100/33": configuration(),  # the page cannot be seen with this token
    "100/2018001": _GIVE_UP,  # no such person, or another page's
    "100/2018109": _GIVE_UP,  # attachment too large
    "190/458": _LOGIN,  # the person removed the app
    "190/459": _LOGIN,  # the person must pass a check at facebook.com first
    "190/460": _LOGIN,  # password changed
    "190/463": _LOGIN,  # expired
    "190/464": _LOGIN,  # the person must confirm the account first
    "190/467": _LOGIN,  # logged out
    "190/492": _LOGIN,  # the person lost the role on the page
    "200/1545041": _GIVE_UP,  # the person blocked the page or is gone
    "200/2018028": configuration(),  # the app is not live
    "551/1545041": _GIVE_UP,
    "613/1893016": account_waits(_HOUR),  # a warning of abuse
}
PERMISSION_CODES = range(200, 300)
KNOWN_CODES = frozenset(_BY_CODE) | frozenset(_BY_PAIR)
"""The codes and ``code/subcode`` pairs that Meta documents, without ``PERMISSION_CODES``."""


def name_of(code: str | None, subcode: str | None) -> str | None:
    """``190/460`` where the pair is documented, else the code alone: an unknown subcode says nothing more."""
    pair = f"{code}/{subcode}"
    return pair if pair in _BY_PAIR else code


def verdict_of_code(code: str | None) -> Verdict | None:
    """What a code or a ``code/subcode`` means; None for one that is not documented."""
    if code is None:
        return None
    main = code.partition("/")[0]
    return _BY_PAIR.get(code) or _BY_CODE.get(main) or (configuration() if is_permission(main) else None)


def is_permission(code: str) -> bool:
    """Whether this is one of the codes of missing permissions."""
    return code.isascii() and code.isdigit() and len(code) == 3 and int(code) in PERMISSION_CODES
