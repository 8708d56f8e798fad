"""Train the model of moods and write its weights: `.venv/bin/python -m scripts.train_mood`.

The same sentences give the same bytes. `--check` writes nothing and tells whether the file is what training gives."""

from __future__ import annotations

import argparse

from scripts.mood_training.shipped import train_shipped
from scripts.progress import ROOT, tell

WEIGHTS = ROOT / "ramah" / "mood" / "data" / "weights.gz"


def main() -> int:
    """Train, then write or compare; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.train_mood", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    check = parser.parse_args().check
    model = train_shipped()
    content = model.to_bytes()
    told = f"{len(model.rows)} features, {len(content) // 1024} KiB, temperature {model.notes['temperature']:.2f}"
    if check:
        same = WEIGHTS.exists() and WEIGHTS.read_bytes() == content
        tell(f"{'the same' if same else 'another file'}: {told}")
        return 0 if same else 1
    WEIGHTS.write_bytes(content)
    tell(f"{WEIGHTS.relative_to(ROOT)}: {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
