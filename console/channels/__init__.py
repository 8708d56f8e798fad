"""Connecting channels: what an administrator does in the console, one module per kind."""
