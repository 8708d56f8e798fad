"""The booking document's published JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from ramah.integrations.erp.document import BookingDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def booking_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what leaves for an ERP; committed as ``docs/schemas/booking.json``."""
    return {"$schema": DIALECT, **BookingDocument.model_json_schema(mode="serialization")}


def booking_schema_text() -> str:
    """The schema as the committed file has it."""
    return json.dumps(booking_schema(), indent=2, ensure_ascii=False) + "\n"
