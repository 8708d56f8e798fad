"""The HTTP connector between the platform and the assistant."""

from engine.connector.channel import RamahInput

__all__ = ["RamahInput"]
