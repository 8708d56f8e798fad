"""Labels: the page on which they are named, coloured, merged and taken away."""

from console.labels.views import blueprint

__all__ = ["blueprint"]
