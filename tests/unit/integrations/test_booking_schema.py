"""The published schema is the one in the repository, and it means what the model means."""

from __future__ import annotations

import json
from pathlib import Path

from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.schema import booking_schema, booking_schema_text

COMMITTED = Path(__file__).parents[3] / "docs" / "schemas" / "booking.json"


def test_the_committed_schema_is_the_models() -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    assert json.loads(text) == booking_schema()
    assert text == booking_schema_text()


def test_the_schema_knows_every_field_and_no_other() -> None:
    schema = booking_schema()
    assert set(schema["properties"]) == set(BookingDocument.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["schema_version"]["const"] == 1
    assert {"booking_id", "reference", "customer", "price"} <= set(schema["required"])
