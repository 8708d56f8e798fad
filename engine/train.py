"""`python -m engine.train`: train the assistant if anything it depends on has changed."""

from __future__ import annotations

from engine.quiet import configure_logging, silence

silence()

import argparse  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from engine.light_start import components_of_configuration, leave_out_tensorflow  # noqa: E402
from engine.models import (  # noqa: E402
    MODELS,
    current_fingerprint,
    fingerprint_of,
    model_path,
    newest_model,
    remove_old_models,
    rule_names_path,
)

CONFIGURATION = "config.yml"


def main() -> int:
    """Train into models/ and return the exit code: 0 when a current model is there."""
    parser = argparse.ArgumentParser(prog="python -m engine.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    arguments = parser.parse_args()
    root = Path.cwd()
    fingerprint = current_fingerprint(root)
    target = model_path(root, fingerprint)
    if not arguments.force and fingerprint_of(newest_model(root)) == fingerprint:
        _tell(f"{target.name} is up to date.")
        _name_rules(root, newest_model(root))
        return 0
    if not arguments.force and target.exists():
        os.utime(target)
        _tell(f"{target.name} was trained before from the same files; using it again.")
        _name_rules(root, target)
        return 0
    return _train(root, target)


def _train(root: Path, target: Path) -> int:
    _tell(f"training {target.name} ...")
    started = time.monotonic()
    (root / MODELS).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".training-", dir=root / MODELS) as folder:
        trained = _run_rasa(folder)
        if trained is None:
            _tell("training failed; the older models were left as they are.")
            return 1
        os.replace(trained, target)
    os.utime(target)
    _name_rules(root, target)
    remove_old_models(root)
    _tell(f"{target.name} trained in {time.monotonic() - started:.0f} s.")
    return 0


def _name_rules(root: Path, model: Path | None) -> None:
    """Keep beside the model which rules it has memorised, unless that was done before."""
    if model is None or rule_names_path(model).exists():
        return
    _be_quiet()
    from engine.rule_names import write_rule_names

    _tell(f"{write_rule_names(root, model)} states of rules have a name.")


def _run_rasa(folder: str) -> str | None:
    _be_quiet()
    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException

    sys.path.insert(1, os.getcwd())
    try:
        result = train("domain.yml", CONFIGURATION, ["data"], folder, force_training=True, fixed_model_name="model")
    except RasaException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return None
    return result.model if result.code == 0 else None


def _be_quiet() -> None:
    leave_out_tensorflow(components_of_configuration(Path(CONFIGURATION)))
    if not sys.stderr.isatty():
        os.environ.setdefault("LOG_LEVEL", "WARNING")  # Rasa draws progress bars at any lower level
    configure_logging()


def _tell(message: str) -> None:
    print(f"engine.train: {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
