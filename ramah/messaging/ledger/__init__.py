"""The ledger: every message of a day is accounted for, or named as missing."""

from ramah.messaging.ledger.finding import Finding
from ramah.messaging.ledger.keeping import keep, prove_due, refresh
from ramah.messaging.ledger.proof import Proof, prove_day
from ramah.messaging.ledger.span import Span, local_today, span_of

__all__ = ["Finding", "Proof", "Span", "keep", "local_today", "prove_day", "prove_due", "refresh", "span_of"]
