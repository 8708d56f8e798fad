"""Clients of other people's systems, one folder each."""
