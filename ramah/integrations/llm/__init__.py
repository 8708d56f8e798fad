"""A language model behind the OpenAI-compatible chat completions protocol. What it says is not to be trusted."""

from ramah.integrations.llm.client import ChatModel
from ramah.integrations.llm.errors import LlmError, Unreadable
from ramah.integrations.llm.settings import LlmAccess, Question

__all__ = ["ChatModel", "LlmAccess", "LlmError", "Question", "Unreadable"]
