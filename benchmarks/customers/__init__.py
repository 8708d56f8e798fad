"""Simulated customers: seeded, agenda-based, on the web chat of a running stack; they see only what the page shows."""
