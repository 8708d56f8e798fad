"""The gateways that exist. Adding one is a module here and a line below."""

from __future__ import annotations

from ramah.channels.device.client import GatewayClient
from ramah.channels.device.gateway import Gateway
from ramah.channels.device.gateways.aimeow import AimeowGateway
from ramah.channels.device.gateways.evolution import EvolutionGateway
from ramah.channels.device.gateways.gowa import GowaGateway
from ramah.channels.device.gateways.neutral import NeutralGateway
from ramah.channels.device.gateways.waha import WahaGateway


def known_gateways(client: GatewayClient) -> dict[str, Gateway]:
    """One adapter of each kind, by the name that accounts use, in the order in which they are offered."""
    return {
        "neutral": NeutralGateway(client),
        "waha": WahaGateway(client),
        "evolution": EvolutionGateway(client),
        "gowa": GowaGateway(client),
        "aimeow": AimeowGateway(client),
    }
