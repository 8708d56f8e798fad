"""Codes and tokens: what the login gives, and what each token may do until it is revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from tests.fakes.messenger.refusals import RefusalError
from tests.fakes.messenger.world import App, Member, PageOnFacebook

CODE_LIFE = 600.0


@dataclass
class _Code:
    member: Member
    redirect_uri: str
    made_at: float
    used: bool = False


@dataclass
class Holder:
    """Whose token it is: a person's, or a page's by way of a person."""

    member: Member | None
    page: PageOnFacebook | None = None
    long_lived: bool = False
    revoked: int | None = None


class Tokens:
    """All codes and tokens of the app."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._codes: dict[str, _Code] = {}
        self._holders: dict[str, Holder] = {}

    def code_for(self, member: Member, redirect_uri: str, now: float) -> str:
        """The person agreed in the dialog."""
        code = "AQ" + secrets.token_urlsafe(40)
        self._codes[code] = _Code(member, redirect_uri, now)
        return code

    def exchange(self, asked: dict[str, str], now: float) -> dict[str, object]:
        """``GET /oauth/access_token``. Raises RefusalError."""
        self._known_app(asked)
        if asked.get("grant_type") == "fb_exchange_token":
            return self._prolonged(asked.get("fb_exchange_token", ""))
        found = self._codes.get(asked.get("code", ""))
        if found is None:
            raise RefusalError(100, "Invalid verification code format.", 36009)
        if found.used:
            raise RefusalError(100, "This authorization code has been used.", 36009)
        if now - found.made_at > CODE_LIFE:
            raise RefusalError(100, "This authorization code has expired.", 36007)
        if found.redirect_uri != asked.get("redirect_uri"):
            raise RefusalError(100, "Please make sure your redirect_uri is identical.", 36008)
        found.used = True
        return {"access_token": self.issue(Holder(found.member)), "token_type": "bearer", "expires_in": 5400}

    def issue(self, holder: Holder, token: str | None = None) -> str:
        """A new token of this holder."""
        token = token or "EAA" + secrets.token_urlsafe(60)
        self._holders[token] = holder
        return token

    def revoke(self, subcode: int, page_id: str | None = None) -> None:
        """Facebook ends all sessions, or those of one page: every token answers 190 with this subcode."""
        for holder in self._holders.values():
            if page_id is None or (holder.page is not None and holder.page.id == page_id):
                holder.revoked = subcode

    def holder_of(self, token: str, proof: str | None) -> Holder:
        """Whose token this is. Raises RefusalError."""
        holder = self._valid(token)
        right = hmac.new(self._app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof != right and (proof is not None or self._app.wants_proof):
            raise RefusalError(100, "Invalid appsecret_proof provided in the API argument")
        return holder

    def _known_app(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != self._app.id:
            raise RefusalError(101, "Error validating application. Cannot get application info")
        if asked.get("client_secret") != self._app.secret:
            raise RefusalError(1, "Error validating client secret.")

    def _valid(self, token: str) -> Holder:
        holder = self._holders.get(token)
        if holder is None:
            raise RefusalError(190, f"Malformed access token {token}", status=401)
        if holder.revoked is not None:
            raise RefusalError(190, "Error validating access token", holder.revoked, status=401)
        return holder

    def _prolonged(self, token: str) -> dict[str, object]:
        holder = self._valid(token)
        if holder.page is not None:
            raise RefusalError(100, "a page's token cannot be exchanged")
        longer = self.issue(Holder(holder.member, long_lived=True))
        return {"access_token": longer, "token_type": "bearer", "expires_in": 5_184_000}
