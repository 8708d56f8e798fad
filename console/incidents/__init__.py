"""Incidents: what went wrong, where, how often, and whom it touched."""

from console.incidents.views import blueprint

__all__ = ["blueprint"]
