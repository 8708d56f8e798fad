"""A server of the OpenAI-compatible chat completions protocol for tests, on a free local port."""

from tests.fakes.llm.server import FakeLlm

__all__ = ["FakeLlm"]
