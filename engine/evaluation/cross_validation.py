"""`python -m engine.evaluation.cross_validation`: what the pipeline makes of its own examples, held back in turn.

The components are those of config.yml, trained in each round as for a model, on the skills' data with its languages.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.quiet import configure_logging, silence

silence()

from engine.light_start import components_of_configuration, leave_out_tensorflow  # noqa: E402

CONFIGURATION = "config.yml"


def main() -> int:
    """Answer every example by a model that was trained without it and write the answers as JSON."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation.cross_validation", description=__doc__)
    parser.add_argument("--folds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--result", type=Path, required=True, help="the JSON file to write")
    options = parser.parse_args()
    leave_out_tensorflow(components_of_configuration(Path(CONFIGURATION)))
    configure_logging()
    options.result.write_text(json.dumps({"answers": _cross_validate(options.folds)}), encoding="utf-8")
    return 0


def _cross_validate(number: int) -> list[dict[str, Any]]:
    from engine.components.held_back import folds_of
    from engine.components.language import language_of
    from engine.importer import SkillImporter

    data = SkillImporter(CONFIGURATION, "domain.yml", ["data"]).get_nlu_data()
    examples = [message for message in data.intent_examples if message.get("text")]
    kinds = [f"{example.get('intent')} {language_of(example)}" for example in examples]
    folds, answers = folds_of(kinds, number), []
    for fold in range(number):
        print(f"round {fold + 1} of {number}", flush=True)
        seen = [example for example, own in zip(examples, folds, strict=True) if own != fold]
        answers += _round(seen, [example for example, own in zip(examples, folds, strict=True) if own == fold])
    return answers


def _round(seen: Sequence[Any], asked: Sequence[Any]) -> list[dict[str, Any]]:
    """Train on some examples and answer the others."""
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from engine.components.language import language_of

    messages = [Message({"text": example.get("text")}) for example in asked]
    with tempfile.TemporaryDirectory(prefix="evaluation-") as folder:
        for component in _trained(TrainingData(list(seen)), Path(folder)):
            messages = component.process(messages)
    return [
        {
            "text": example.get("text"),
            "label": example.get("intent"),
            "language": language_of(example),
            "intent": message.get("intent")["name"],
            "ranking": [(guess["name"], guess["confidence"]) for guess in message.get("intent_ranking")],
            "annotated": [],
            "found": [],
        }
        for example, message in zip(asked, messages, strict=True)
    ]


def _trained(data: Any, folder: Path) -> list[Any]:
    """The components that the intent depends on, trained."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from ruamel.yaml import YAML

    from engine.components.intent import LinearIntentClassifier
    from engine.components.language import LanguageIdentifier

    storage, context, components = LocalModelStorage(folder), ExecutionContext(GraphSchema({})), []
    pipeline = YAML(typ="safe").load(Path(CONFIGURATION).read_text(encoding="utf-8"))["pipeline"]
    settings = {part["name"].rpartition(".")[2]: part for part in pipeline}
    for kind in (LanguageIdentifier, LinearIntentClassifier):
        config = {**kind.get_default_config(), **settings[kind.__name__]}
        component = kind.create(config, storage, Resource(kind.__name__), context)
        component.train(data)
        components.append(component)
    return components


if __name__ == "__main__":
    sys.exit(main())
