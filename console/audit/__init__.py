"""The audit log's screen."""

from console.audit.views import blueprint

__all__ = ["blueprint"]
