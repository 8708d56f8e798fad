"""The output side of a turn: the tracker keeps what was said, so nothing is sent from here."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class NamedChannel(OutputChannel):
    """Carries the name of the customer's channel, so that responses can differ by channel."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the instance; the name differs per turn
        """The customer's channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send nothing: the replies are read from the tracker's events."""
