"""The message log's screen."""

from console.messages.views import blueprint

__all__ = ["blueprint"]
