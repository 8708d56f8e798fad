"""The trained models in models/, and the fingerprint of what they were trained from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

MODELS = Path("models")
SOURCES = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "data/**/*.yaml",
    "engine/importer*.py",
    "engine/components/*.py",
    "engine/components/lexicon/*.tsv",
    "engine/components/lexicon/*.npz",
)
FINGERPRINT_LENGTH = 16
KEPT_MODELS = 3
_NAME = re.compile(r"^ramah-(?P<fingerprint>[0-9a-f]{16})\.tar\.gz$")


def newest_model(root: Path) -> Path | None:
    """The model trained last, or None."""
    models = sorted((root / MODELS).glob("*.tar.gz"), key=_age)
    return models[-1] if models else None


def remove_old_models(root: Path) -> None:
    """Keep the models trained last and remove older ones that `engine.train` has made."""
    ours = [path for path in (root / MODELS).glob("*.tar.gz") if _NAME.match(path.name)]
    for old in sorted(ours, key=_age)[:-KEPT_MODELS]:
        old.unlink(missing_ok=True)
        rule_names_path(old).unlink(missing_ok=True)


def rule_names_path(model: Path) -> Path:
    """Where the names of a model's rules are: `ramah-<fingerprint>.rules.json` beside it."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".rules.json")


def fingerprint_of(model: Path | None) -> str | None:
    """The fingerprint that a model carries in its name; None for a model trained in another way."""
    match = _NAME.match(model.name) if model else None
    return match["fingerprint"] if match else None


def model_path(root: Path, fingerprint: str) -> Path:
    """Where the model with this fingerprint is kept."""
    return root / MODELS / f"ramah-{fingerprint}.tar.gz"


def current_fingerprint(root: Path) -> str:
    """A digest of everything that a model depends on: sources, pipeline code and Rasa's version."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]


def _sources(root: Path) -> Iterable[Path]:
    return sorted({path for pattern in SOURCES for path in root.glob(pattern) if path.is_file()})


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name
