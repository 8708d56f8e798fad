"""Tickets: complaints and requests that people must settle."""
