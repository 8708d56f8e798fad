"""The language model of this installation, if one is configured."""

from __future__ import annotations

import json
from functools import lru_cache

from ramah.integrations.llm import ChatModel, LlmAccess
from ramah.settings import settings


@lru_cache(maxsize=1)
def chat_model() -> ChatModel | None:
    """The model that the settings name, one for the process; None where they name none."""
    config = settings()
    if config.llm_base_url is None or config.llm_model is None or config.llm_budget == 0:
        return None
    return ChatModel(
        LlmAccess(
            base_url=config.llm_base_url,
            key=config.llm_key,
            model=config.llm_model,
            timeout=config.llm_timeout,
            attempts=config.llm_attempts,
            json_mode=config.llm_json,
            extra=json.loads(config.llm_extra) if config.llm_extra else {},
            at_once=config.llm_at_once,
            place_wait=config.place_wait,
            breaker_threshold=config.llm_breaker_failures,
            breaker_seconds=config.llm_breaker_rest,
        )
    )
