"""Incidents, metrics and health: what went wrong, where, and who should look."""

from ramah.observe.incidents import record_incident
from ramah.observe.models import Incident

__all__ = ["Incident", "record_incident"]
