"""Canned replies: the page on which they are written."""

from console.canned.views import blueprint

__all__ = ["blueprint"]
