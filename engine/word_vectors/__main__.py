"""`python -m engine.word_vectors`: learn word vectors from tables of sentences.

`--parallel` is a table of the same sentences in several languages, by which words of one meaning come together across
languages; `--texts` are tables of anything that people wrote. Run it again only to change the sources: the file is
part of the project, and nothing of the sentences is in it but how often which words meet.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from engine.components.meaning import FILE, WordVectors
from engine.word_vectors.cooccurrence import directions, neighbours, translations, vocabulary_of
from engine.word_vectors.texts import Sentence, parallel_in, sentences, texts_in

DIRECTIONS, FEWEST = 64, 3


def main() -> int:
    """Learn and write; returns the exit code."""
    options = _options()
    left_out = frozenset(chain.from_iterable(texts_in(path) for path in options.without))
    parallel = [
        rows
        for rows in (parallel_in(options.parallel, options.columns) if options.parallel else [])
        if left_out.isdisjoint(rows)
    ]
    columns = [list(sentences((row[place] for row in parallel), ())) for place in range(len(options.columns))]
    single = list(sentences(chain.from_iterable(texts_in(path) for path in options.texts), left_out))
    vectors = learn(columns, single, options.directions, options.fewest)
    vectors.save(options.out)
    print(f"{len(vectors.words):,} words, {options.out.stat().st_size / 2**20:.2f} MiB: {options.out}")
    return 0


def learn(columns: Sequence[Sequence[Sentence]], single: Sequence[Sentence], number: int, fewest: int) -> WordVectors:
    """The vectors of all words that stand `fewest` times. Columns are the same sentences, a language each."""
    texts = [*chain.from_iterable(columns), *single]
    counts = vocabulary_of(texts, fewest)
    places = {word: place for place, word in enumerate(counts)}
    counted = neighbours(texts, places) + translations(columns, places)
    total = sum(counts.values())
    weights = [math.log(total / count) for count in counts.values()]
    return WordVectors.rounded(list(counts), directions(counted, number), weights)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m engine.word_vectors", description=__doc__)
    parser.add_argument("--parallel", type=Path, help="a table of tabs with a column for each language")
    parser.add_argument("--columns", nargs="+", default=[], help="names of these columns")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="CSV or tabs, gzip or not")
    parser.add_argument("--without", type=Path, nargs="*", default=[], help="tables whose texts are left out")
    parser.add_argument("--directions", type=int, default=DIRECTIONS, help=f"numbers a word ({DIRECTIONS})")
    parser.add_argument("--fewest", type=int, default=FEWEST, help=f"how often a word stands at least ({FEWEST})")
    parser.add_argument("--out", type=Path, default=FILE, help="the file to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
