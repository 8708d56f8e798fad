"""Facebook Login for pages: from the dialog to the pages that a person may connect, and their subscription to us.

Source: Meta, "Manually build a login flow", "Long-lived tokens", "User accounts edge" and "Page subscribed apps".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlencode

from ramah.channels.messenger import errors
from ramah.channels.messenger.answers import ManagedPage, ManagedPages, Token
from ramah.channels.messenger.client import GraphClient, proof_of, read_answer, segment

SCOPES = (
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    # Pages in a business portfolio are listed only with this one.
    "business_management",
)
FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_referrals",
    "messaging_optins",
    "standby",
)
"""What pages tell us. Only fields that the app's own webhook has as well are delivered."""
MESSAGING_TASKS = frozenset({"MESSAGING", "MODERATE", "MANAGE", "PROFILE_PLUS_MESSAGING", "PROFILE_PLUS_FULL_CONTROL"})
PAGES_AT_ONCE = 100
MOST_PARTS = 50
_GRAPH_HOST = "//graph."
_DIALOG_HOST = "//www."


@dataclass(frozen=True)
class Page:
    """A page that a person manages, with a token that acts for it. ``may_message``: the person's role suffices."""

    id: str
    name: str
    token: str = field(repr=False)
    may_message: bool = True
    picture_url: str | None = None


class FacebookLogin:
    """The calls of one app on behalf of the person who logs in. Close it, or use it in a ``with``."""

    def __init__(self, client: GraphClient, base_url: str, app_id: str, app_secret: str) -> None:
        self._client = client
        self._base_url = base_url.rstrip("/")
        self._app_id = app_id
        self._app_secret = app_secret

    def __enter__(self) -> FacebookLogin:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def dialog_url(self, redirect_uri: str, state: str) -> str:
        """Where the person is sent to log in. They come back to ``redirect_uri`` with ``state`` and a code."""
        asked = {
            "client_id": self._app_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "response_type": "code",
            "scope": ",".join(SCOPES),
            # Permissions that were refused before are asked for again.
            "auth_type": "rerequest",
        }
        base = self._base_url.replace(_GRAPH_HOST, _DIALOG_HOST, 1)
        return f"{base}/{self._client.version}/dialog/oauth?{urlencode(asked)}"

    def token_of(self, code: str, redirect_uri: str) -> str:
        """The person's long-lived token (60 days; the page tokens made with it do not end by time) for a code, which
        works once. Raises ChannelError."""
        short = self._token({"redirect_uri": redirect_uri, "code": code}, code)
        return self._token({"grant_type": "fb_exchange_token", "fb_exchange_token": short}, short)

    def pages(self, token: str) -> list[Page]:
        """All pages that the person let us see. Raises ChannelError."""
        found: list[Page] = []
        cursor: str | None = None
        for _ in range(MOST_PARTS):
            part = self._part(token, cursor)
            found += [page for page in map(_page, part.data) if page is not None]
            cursor = part.next_cursor
            if cursor is None:
                break
        return found

    def subscribe(self, page_id: str, token: str) -> None:
        """Have the page's events sent to our app; safe to repeat. Raises ChannelError."""
        self._of_page("POST", page_id, token, {"subscribed_fields": ",".join(FIELDS)})

    def unsubscribe(self, page_id: str, token: str) -> None:
        """End that. Raises ChannelError."""
        self._of_page("DELETE", page_id, token, {})

    def _token(self, asked: dict[str, str], secret: str) -> str:
        params = {"client_id": self._app_id, "client_secret": self._app_secret, **asked}
        with errors.nothing_sent():
            secrets = (self._app_secret, secret)
            answer = self._client.call("GET", "oauth/access_token", params=params, secrets=secrets)
            return read_answer(Token, answer).access_token

    def _part(self, token: str, cursor: str | None) -> ManagedPages:
        params = {"fields": "id,name,access_token,tasks,picture", "limit": str(PAGES_AT_ONCE), **self._proof(token)}
        if cursor is not None:
            params["after"] = cursor
        with errors.nothing_sent():
            answer = self._client.call("GET", "me/accounts", token=token, params=params, secrets=(self._app_secret,))
            return read_answer(ManagedPages, answer)

    def _of_page(self, method: str, page_id: str, token: str, params: dict[str, str]) -> None:
        path = f"{segment(page_id)}/subscribed_apps"
        with errors.nothing_sent():
            everything = {**params, **self._proof(token)}
            self._client.call(method, path, token=token, params=everything, secrets=(self._app_secret,))

    def _proof(self, token: str) -> dict[str, str]:
        return proof_of(token, self._app_secret)


def _page(item: ManagedPage) -> Page | None:
    if item.id is None or item.access_token is None:
        return None
    picture = item.picture.data.url if item.picture and item.picture.data else None
    # Older versions of Graph name no tasks; then subscribing tells.
    may_message = not item.tasks or not MESSAGING_TASKS.isdisjoint(item.tasks)
    return Page(item.id, item.name or item.id, item.access_token, may_message, picture)
