"""An ERP whose calls are noted in the trace of the turn that makes them."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from ramah.integrations.erp.port import Erp
from ramah.lib.spans import current_recorder, span


def traced(erp: Erp, kind: str) -> Erp:
    """The same ERP; where a trace is being recorded, each call becomes a span with its outcome."""
    return cast(Erp, _TracedErp(erp, kind)) if current_recorder() is not None else erp


class _TracedErp:
    def __init__(self, erp: Erp, kind: str) -> None:
        self._erp = erp
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._erp, name)
        if not callable(found):
            return found

        @wraps(found)
        def call(*args: Any, **kwargs: Any) -> Any:
            with span(f"erp {name}", system=self._kind) as facts:
                answer = found(*args, **kwargs)
                facts["answer"] = f"{len(answer)} rows" if isinstance(answer, list | tuple) else type(answer).__name__
                return answer

        return call
