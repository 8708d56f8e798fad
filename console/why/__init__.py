"""Why the bot said what it said: one turn, explained."""

from console.why.views import blueprint

__all__ = ["blueprint"]
