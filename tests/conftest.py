"""What all tests share."""

from __future__ import annotations

import gc

# Statements, pages and models make many objects that stay: looking through all of them as often as Python would by
# itself takes a tenth of the time.
gc.set_threshold(50_000, 20, 50)
