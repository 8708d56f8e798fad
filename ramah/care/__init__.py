"""Watches conversations from outside: stage, mood, and the doctor who frees what got stuck."""

from ramah.care.observer import CareObserver

__all__ = ["CareObserver"]
