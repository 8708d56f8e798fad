"""The one reader of the environment. Every setting is documented in docs/configuration.md."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ramah.lib.errors import SettingsError

DEVELOPMENT_SECRET = "development-only-secret-do-not-use-in-production"  # noqa: S105 - refused in production


class Settings(BaseSettings):
    """All values, read from ``RAMAH_*`` variables or a ``.env`` file. Durations are seconds."""

    model_config = SettingsConfigDict(env_prefix="RAMAH_", env_file=".env", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    demo: bool = False
    var_dir: Path = Path("var")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_json: bool = False
    release: str = ""
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)

    database_url: str = "sqlite:///var/ramah.db"
    redis_url: str | None = None
    broker_url: str | None = None

    console_host: str = "127.0.0.1"
    console_port: int = Field(8080, ge=1, le=65535)
    public_url: str = "http://127.0.0.1:8080"
    session_hours: int = Field(12, ge=1, le=720)
    login_limit: str = "5/minute"
    webchat_limit: str = "30/minute"
    trusted_proxies: int = Field(0, ge=0, le=5)

    engine_url: str = "http://127.0.0.1:5205"
    engine_port: int = Field(5205, ge=1, le=65535)
    engine_token: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    engine_store_url: str = "sqlite:///var/engine.db"
    engine_timeout: float = Field(20.0, gt=0, le=120)
    engine_breaker_failures: int = Field(5, ge=1, le=100)
    engine_breaker_rest: float = Field(2.0, gt=0, le=60)

    actions_host: str = "127.0.0.1"
    actions_port: int = Field(5255, ge=1, le=65535)
    actions_token: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    actions_threads: int = Field(32, ge=4, le=128)
    actions_time: float = Field(12.0, gt=1, le=120)

    worker_port: int = Field(8091, ge=1, le=65535)
    worker_host: str = "127.0.0.1"
    metrics_token: SecretStr | None = None
    turn_workers: int = Field(4, ge=1, le=64)
    turns_at_once: int = Field(32, ge=1, le=256)
    delivery_workers: int = Field(4, ge=1, le=64)
    poll_interval: float = Field(0.05, gt=0, le=5)
    lease_time: float = Field(60.0, ge=5, le=600)
    turn_attempts: int = Field(4, ge=1, le=20)
    turn_patience: float = Field(900.0, ge=10)
    system_patience: float = Field(60.0, ge=0)
    send_attempts: int = Field(8, ge=1, le=30)
    uncertain_wait: float = Field(120.0, ge=1)
    send_patience: float = Field(6 * 3600.0, ge=60)
    burst_window: float = Field(0.4, ge=0, le=10)
    notice_after: float = Field(6.0, ge=0, le=120)
    account_pause: float = Field(300.0, ge=1)
    live_keep_days: int = Field(7, ge=1, le=90)

    media_url: str = "file://var/media"
    media_key: str | None = None
    media_secret: SecretStr | None = None
    media_limit: int = Field(25 * 1024 * 1024, ge=1024)
    media_attempts: int = Field(8, ge=1, le=30)
    media_connect_timeout: float = Field(5.0, gt=0, le=30)
    media_timeout: float = Field(60.0, gt=0, le=600)
    media_at_once: int = Field(4, ge=1, le=64)
    media_breaker_failures: int = Field(5, ge=1, le=100)
    media_breaker_rest: float = Field(15.0, gt=0, le=600)
    media_link_seconds: int = Field(3600, ge=60)

    smtp_url: str | None = None
    mail_from: str = "Ramah <ramah@localhost>"
    alert_after: float = Field(120.0, ge=0)
    mail_timeout: float = Field(10.0, gt=0, le=60)
    mail_breaker_failures: int = Field(3, ge=1, le=100)
    mail_breaker_rest: float = Field(60.0, gt=0, le=3600)
    trace_days: int = Field(14, ge=0, le=365)
    trace_share: float = Field(1.0, ge=0, le=1)
    trace_slow: float = Field(5.0, gt=0, le=600)
    otlp_url: str | None = None
    otlp_headers: SecretStr | None = None

    ledger_hour: int = Field(3, ge=0, le=23)

    erp_connect_timeout: float = Field(2.0, gt=0, le=30)
    erp_read_timeout: float = Field(5.0, gt=0, le=60)
    erp_total_timeout: float = Field(10.0, gt=0, le=60)
    erp_attempts: int = Field(3, ge=1, le=10)
    erp_at_once: int = Field(2, ge=1, le=64)
    erp_all_at_once: int = Field(3, ge=1, le=128)
    erp_breaker_failures: int = Field(5, ge=1, le=100)
    erp_breaker_rest: float = Field(30.0, gt=0, le=600)
    place_wait: float = Field(0.5, ge=0, le=5)
    booking_retry_hours: float = Field(24.0, gt=0, le=240)

    llm_base_url: str | None = None
    llm_key: SecretStr | None = None
    llm_model: str | None = None
    llm_timeout: float = Field(4.0, ge=0.5, le=15)
    llm_attempts: int = Field(2, ge=1, le=4)
    llm_json: Literal["json_schema", "json_object", "none"] = "json_schema"
    llm_extra: str | None = None
    llm_budget: int = Field(5, ge=0, le=100)
    llm_at_once: int = Field(2, ge=1, le=64)
    llm_breaker_failures: int = Field(3, ge=1, le=100)
    llm_breaker_rest: float = Field(60.0, gt=0, le=3600)

    telegram_base_url: str = "https://api.telegram.org"
    messenger_base_url: str = "https://graph.facebook.com"
    messenger_version: str = "v23.0"
    messenger_app_id: str | None = None
    messenger_app_secret: SecretStr | None = None
    device_base_url: str | None = None
    device_key: SecretStr | None = None
    device_secret: SecretStr | None = None
    channel_connect_timeout: float = Field(3.0, gt=0, le=30)
    channel_read_timeout: float = Field(15.0, gt=0, le=25)
    channel_at_once: int = Field(3, ge=1, le=64)
    errand_workers: int = Field(3, ge=1, le=16)
    channel_breaker_failures: int = Field(5, ge=1, le=100)
    channel_breaker_rest: float = Field(15.0, gt=0, le=600)

    whatsapp_base_url: str = "https://graph.facebook.com"
    whatsapp_version: str = "v23.0"
    whatsapp_demo: bool = False
    whatsapp_demo_port: int = Field(5290, ge=1, le=65535)

    @field_validator("database_url", "engine_store_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg2://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("llm_extra")
    @classmethod
    def _json_object(cls, value: str | None) -> str | None:
        if value and not isinstance(json.loads(value), dict):
            raise ValueError('must be a JSON object, such as {"thinking": {"type": "disabled"}}')
        return value

    @model_validator(mode="after")
    def _llm_is_named(self) -> Settings:
        if self.llm_base_url and not self.llm_base_url.startswith(("http://", "https://")):
            raise ValueError("RAMAH_LLM_BASE_URL must begin with http:// or https://")
        if self.llm_base_url and not self.llm_model:
            raise ValueError("RAMAH_LLM_MODEL must be set beside RAMAH_LLM_BASE_URL")
        return self

    @model_validator(mode="after")
    def _production_has_secrets(self) -> Settings:
        if self.environment == "production":
            for name in ("secret_key", "engine_token", "actions_token"):
                if getattr(self, name).get_secret_value() == DEVELOPMENT_SECRET:
                    raise ValueError(f"RAMAH_{name.upper()} must be set in production (openssl rand -base64 32)")
        if self.lease_time <= self.engine_timeout:
            raise ValueError("RAMAH_LEASE_TIME must be longer than RAMAH_ENGINE_TIMEOUT, or two workers share a turn")
        return self

    @model_validator(mode="after")
    def _slow_systems_hold_only_some(self) -> Settings:
        if self.erp_all_at_once >= self.actions_threads:
            raise ValueError("RAMAH_ACTIONS_THREADS must be more than RAMAH_ERP_ALL_AT_ONCE, or a slow ERP holds all")
        return self

    @property
    def turn_places(self) -> int:
        """Turns that one worker process has under way at most, those that wait for a slow system included."""
        return max(self.turns_at_once, self.turn_workers)

    @property
    def erp_places(self) -> int:
        """Calls to all ERPs together: a turn that needs none always finds a worker."""
        return max(1, min(self.erp_all_at_once, self.turn_workers - 1))

    @property
    def encryption_key(self) -> bytes:
        """The 32-byte key, as Fernet wants it, that channel secrets are encrypted with."""
        digest = hashlib.sha256(b"ramah-channel-secrets:" + self.secret_key.get_secret_value().encode()).digest()
        return base64.urlsafe_b64encode(digest)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read and check the environment once. Raises SettingsError with what to do."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic reads the values from the environment
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, item['loc'])) or 'settings'}: {item['msg']}" for item in error.errors()]
        raise SettingsError("Settings are wrong; see docs/configuration.md\n" + "\n".join(lines)) from error


def inherited_environment() -> dict[str, str]:
    """A copy of this process's environment, to be passed on to the processes that it starts."""
    return dict(os.environ)
