"""The pipelines that are compared, each as the configuration of a project without dialogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

OURS, STOCK = "ours", "stock"
BASE: dict[str, Any] = {"recipe": "default.v1", "assistant_id": "evaluation"}


def configuration_of(pipeline: str, project: Path) -> dict[str, Any]:
    """The content of a config.yml.

    Ours names the components of the project's own config.yml, with their settings. Stock names none, so that Rasa
    chooses what it chooses for every project without a pipeline.
    """
    if pipeline == STOCK:
        return {**BASE, "language": "en"}
    ours = YAML(typ="safe").load((project / "config.yml").read_text(encoding="utf-8"))
    return {**BASE, "language": ours["language"], "pipeline": ours["pipeline"]}
