"""Labelled messages from any Rasa NLU file or table, as Rasa's training data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.formats.rasa import RasaWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

TEXT_COLUMNS = ("text", "utterance", "utt", "sentence", "message", "query")
LABEL_COLUMNS = ("label", "intent", "category", "labels", "class")
SEPARATORS = {".csv": ",", ".tsv": "\t"}
RETRIEVAL_SEPARATOR = "/"
LONGEST_FIELD = 10**7


class ExamplesError(Exception):
    """A file of labelled messages that cannot be read; the text says which and what to do."""


def read_examples(path: Path) -> TrainingData:
    """The labelled messages of a Rasa NLU file (YAML or JSON) or of a table (CSV or TSV).

    A table has a text and a label in each row. A first row that names its columns (text, utterance, ...; label,
    intent, category, ...) says which they are; without one, the first is the text and the second the label.

    Raises:
        ExamplesError: There is no such file, it cannot be read, or no row has a text and a label.
    """
    if _separator(path):
        return TrainingData(read_messages(path))
    data = _read_rasa(path)
    _refuse_nothing(path, data.intent_examples)
    return data


def read_messages(path: Path) -> list[Message]:
    """The labelled messages of the same kinds of files, of a table also those that it repeats.

    Raises:
        ExamplesError: As above.
    """
    separator = _separator(path)
    messages: list[Message] = _read_table(path, separator) if separator else _read_rasa(path).intent_examples
    _refuse_nothing(path, messages)
    return messages


def labels_of(data: TrainingData) -> set[str]:
    """The labels that the messages carry."""
    return {message.get(INTENT) for message in data.intent_examples}


def plain_labels(labels: Iterable[str]) -> dict[str, str]:
    """A name without a slash for each label, no two the same; most are the label itself."""
    wanted = sorted(set(labels))
    taken = {label for label in wanted if RETRIEVAL_SEPARATOR not in label}
    plain = {label: label for label in taken}
    for label in wanted:
        if label not in plain:
            plain[label] = _free_name(label.replace(RETRIEVAL_SEPARATOR, "|"), taken)
            taken.add(plain[label])
    return plain


def write_plainly(data: TrainingData, plain: Mapping[str, str], path: Path) -> None:
    """Store training data, labels by their plain names, as Rasa's JSON, in which no sign of a text has a meaning."""
    examples = [_labelled(message, plain) for message in data.training_examples]
    renamed = TrainingData(examples, data.entity_synonyms, data.regex_features, data.lookup_tables)
    path.write_text(RasaWriter().dumps(renamed), encoding="utf-8")


def _separator(path: Path) -> str | None:
    if not path.is_file():
        raise ExamplesError(f"{path}: there is no such file")
    return SEPARATORS.get(path.suffix.lower())


def _refuse_nothing(path: Path, messages: Sequence[Message]) -> None:
    if not messages:
        raise ExamplesError(f"{path}: no message with a text and a label in it")


def _read_rasa(path: Path) -> TrainingData:
    try:
        data = loading.load_data(str(path))
    except (RasaException, ValueError, UnicodeDecodeError) as error:
        raise ExamplesError(f"{path}: not Rasa NLU data ({error}); a table's name ends in .csv or .tsv") from error
    return TrainingData(
        [message for message in data.training_examples if message.get(TEXT)],
        data.entity_synonyms,
        data.regex_features,
        data.lookup_tables,
    )


def _read_table(path: Path, separator: str) -> list[Message]:
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExamplesError(f"{path}: not a table in UTF-8 ({error})") from error
    if not rows:
        raise ExamplesError(f"{path}: the file is empty")
    named = _named_columns(rows[0])
    text, label = named or (0, 1)
    pairs = [(row[text].strip(), row[label].strip()) for row in rows[bool(named) :] if len(row) > max(text, label)]
    return [Message({TEXT: text, INTENT: label}) for text, label in pairs if text and label]


def _named_columns(header: list[str]) -> tuple[int, int] | None:
    """Where text and label stand, if the row names both."""
    names = [cell.strip().lower() for cell in header]
    text = next((names.index(name) for name in TEXT_COLUMNS if name in names), None)
    label = next((names.index(name) for name in LABEL_COLUMNS if name in names), None)
    return None if text is None or label is None else (text, label)


def _labelled(message: Message, plain: Mapping[str, str]) -> Message:
    data: dict[str, Any] = {TEXT: message.get(TEXT)}
    if message.get(INTENT):
        data[INTENT] = plain[message.get(INTENT)]
    if message.get(ENTITIES):
        data[ENTITIES] = message.get(ENTITIES)
    return Message(data)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
