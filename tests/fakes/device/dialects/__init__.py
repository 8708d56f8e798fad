"""The dialects of the fake, by the name that accounts use."""

from __future__ import annotations

from tests.fakes.device.dialects.aimeow import Aimeow
from tests.fakes.device.dialects.dialect import Dialect
from tests.fakes.device.dialects.evolution import Evolution
from tests.fakes.device.dialects.gowa import Gowa
from tests.fakes.device.dialects.neutral import Neutral
from tests.fakes.device.dialects.waha import Waha

DIALECTS: dict[str, type[Dialect]] = {
    "neutral": Neutral,
    "waha": Waha,
    "evolution": Evolution,
    "gowa": Gowa,
    "aimeow": Aimeow,
}
