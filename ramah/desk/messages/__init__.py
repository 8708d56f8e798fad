"""The message log: every message in and out, and what became of it."""
