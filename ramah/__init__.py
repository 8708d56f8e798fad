"""Ramah: a conversation platform for service businesses. See docs/architecture.md."""

__version__ = "0.1.0"
