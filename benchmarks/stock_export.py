"""`python -m benchmarks.stock_export FOLDER [EPOCHS]`, by the engine's Python: our skills as a project of stock Rasa.

Examples, rules, slots, forms and responses stay as they are. What differs is config.yml, which leaves pipeline and
policies to Rasa, and the slot `language`: stock Rasa does not tell languages apart, so it starts with Indonesian.
With EPOCHS the same pipeline is written out with fewer epochs, for a machine that has no hour to train on.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

SOURCES = ("data/*/nlu.*.yml", "data/*/rules.yml", "data/*/stories.yml")
LANGUAGE_SLOT, LANGUAGE = "language", "id"
CONFIGURATION = {"recipe": "default.v1", "assistant_id": "stock", "language": "id"}
CREDENTIALS = "rest:\n"
ENDPOINTS = """action_endpoint:
  url: ${RAMAH_ACTIONS_URL}
  headers:
    Authorization: Bearer ${RAMAH_ACTIONS_TOKEN}
"""


def export(root: Path, folder: Path, epochs: int | None) -> None:
    """Write the project that stock Rasa trains and serves into an existing folder."""
    for source in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        target = folder / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    importer = importlib.import_module("engine.importer").SkillImporter("config.yml", "domain.yml", ["data"])
    parts = importer.get_domain().as_dict()
    parts["slots"][LANGUAGE_SLOT]["initial_value"] = LANGUAGE
    domain = importlib.import_module("rasa.shared.core.domain").Domain.from_dict(parts)
    (folder / "domain.yml").write_text(domain.as_yaml(), encoding="utf-8")
    configuration = json.dumps({**CONFIGURATION, **_pipeline(epochs)}, indent=1)  # which is YAML too
    for name, text in (("config", configuration), ("credentials", CREDENTIALS), ("endpoints", ENDPOINTS)):
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")


def _pipeline(epochs: int | None) -> dict[str, Any]:
    """Rasa's default pipeline and policies with other epochs; nothing where Rasa is to choose by itself."""
    if epochs is None:
        return {}
    files = importlib.import_module("importlib.resources").files("rasa.engine.recipes.config_files")
    yaml = importlib.import_module("ruamel.yaml").YAML(typ="safe")
    defaults = yaml.load((files / "default_config.yml").read_text(encoding="utf-8"))
    return {section: [_with_epochs(one, epochs) for one in defaults[section]] for section in ("pipeline", "policies")}


def _with_epochs(component: dict[str, Any], epochs: int) -> dict[str, Any]:
    return {**component, "epochs": epochs} if "epochs" in component else component


def main() -> int:
    """Export the project in the working directory; returns the exit code."""
    importlib.import_module("engine.quiet").silence()
    folder, *epochs = sys.argv[1:]
    export(Path.cwd(), Path(folder), int(epochs[0]) if epochs else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
