"""Which alerts an administrator gets, and where."""

from console.alerts.views import blueprint

__all__ = ["blueprint"]
