"""How to reach one ERPNext site, and where an organisation's records belong on it."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
)

from ramah.integrations.http import HttpLimits

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
Currency = Literal["IDR", "MYR"]


class FrappeAccess(BaseModel):
    """One site and one integration user.

    ``site_timezone`` must be the site's own (System Settings): Frappe sends times without an offset. ``companies``
    names the company that sells in a currency where that is not ``company``. Time-outs are seconds and win over
    those in ``limits``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+(/[^\s?#]*)?$")]
    api_key: SecretStr
    api_secret: SecretStr
    company: Name
    companies: dict[Currency, Name] = Field(default_factory=dict)
    site_timezone: str
    customer_group: Name = "Individual"
    territory: Name = "All Territories"
    item_group: Name = "Services"
    default_minutes: int = Field(default=60, ge=15, le=24 * 60)
    page_size: int = Field(default=100, ge=1, le=1000)
    connect_timeout: float | None = Field(default=None, gt=0)
    read_timeout: float | None = Field(default=None, gt=0)
    limits: HttpLimits = HttpLimits()

    @field_validator("site_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("must be an IANA zone such as Asia/Jakarta")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.site_timezone)

    @property
    def patience(self) -> HttpLimits:
        """The limits, with the time-outs that were set on their own."""
        own = {"connect": self.connect_timeout, "read": self.read_timeout}
        return self.limits.model_copy(update={key: value for key, value in own.items() if value is not None})

    @property
    def authorization(self) -> str:
        """The value of the Authorization header (token authentication)."""
        return f"token {self.api_key.get_secret_value()}:{self.api_secret.get_secret_value()}"

    def company_for(self, currency: Currency) -> str:
        """The company that invoices in this currency."""
        return self.companies.get(currency, self.company)
