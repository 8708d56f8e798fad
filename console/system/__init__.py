"""The system's page: which processes live, what they can do, and what waits."""

from console.system.views import blueprint

__all__ = ["blueprint"]
