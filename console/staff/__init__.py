"""Who works here: inviting colleagues, their roles and outlets, and how everybody logs in."""

from console.staff.views import blueprint

__all__ = ["blueprint"]
