"""The engine's own figures in the text format of Prometheus; a library for four lines is not worth its weight here."""

from __future__ import annotations

from collections import Counter, defaultdict


class Figures:
    """Requests by route and ending, and the time they took. Used by one event loop only."""

    def __init__(self) -> None:
        self._ended: Counter[tuple[str, str]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def note(self, route: str, ended: str, seconds: float) -> None:
        """Count one request; `ended` is `answered` or the kind of failure."""
        self._ended[route, ended] += 1
        self._seconds[route] += seconds

    def as_text(self, model: str | None) -> str:
        """All of it. Names of routes and kinds are ours, so that nothing needs escaping but the model's name."""
        lines = ["# TYPE ramah_engine_requests_total counter"]
        lines += [
            f'ramah_engine_requests_total{{route="{route}",ended="{ended}"}} {count}'
            for (route, ended), count in sorted(self._ended.items())
        ]
        lines.append("# TYPE ramah_engine_request_seconds_total counter")
        lines += [
            f'ramah_engine_request_seconds_total{{route="{route}"}} {seconds:.6f}'
            for route, seconds in sorted(self._seconds.items())
        ]
        if model:
            name = model.replace("\\", "\\\\").replace('"', '\\"')
            lines += ["# TYPE ramah_engine_model_info gauge", f'ramah_engine_model_info{{model="{name}"}} 1']
        return "\n".join(lines) + "\n"


FIGURES = Figures()
"""Those of this process."""
