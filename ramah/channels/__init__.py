"""Channels: one folder each, the same four files (parse, render, client, errors)."""
