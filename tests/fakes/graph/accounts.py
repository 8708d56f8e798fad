"""The numbers that the fake serves, and how it treats them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tests.fakes.graph.templates import KnownTemplate


class Account(BaseModel):
    """One business number. ``webhook_url`` may be empty: then nothing is delivered to us."""

    model_config = ConfigDict(extra="forbid")

    phone_number_id: str = "1000001"
    name: str = "Business"
    token: str = "demo-token"
    app_secret: str = "demo-app-secret"
    verify_token: str = "demo-verify-token"
    webhook_url: str = ""
    display_phone_number: str = "622150000001"
    business_id: str = "2000001"
    quality_rating: str = "GREEN"
    templates: list[KnownTemplate] = Field(default_factory=lambda: [KnownTemplate(name="reminder")])


class Limits(BaseModel):
    """Meta's speed limits. Rates are messages a second."""

    model_config = ConfigDict(extra="forbid")

    throughput_rate: float = Field(default=80.0, gt=0)
    throughput_burst: int = Field(default=80, ge=1)
    pair_rate: float = Field(default=1 / 6, gt=0)
    pair_burst: int = Field(default=45, ge=1)


class Habits(BaseModel):
    """How receipts arrive. ``delay`` is seconds between two receipts of a message."""

    model_config = ConfigDict(extra="forbid")

    duplicate: bool = False
    reverse: bool = False
    skip_delivered: bool = False
    read: bool = True
    delay: float = Field(default=0.0, ge=0, le=60)
