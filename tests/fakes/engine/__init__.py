"""A stand-in for the engine that can be killed at any moment: it remembers what it did, as the engine does."""
