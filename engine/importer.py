"""Rasa's training data, read from skill folders (see docs/designers.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import METADATA, METADATA_EXAMPLE
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.importer_domain import lookups_without_examples, merged_domain, refuse_shared_intents
from engine.importer_files import SkillError, SkillFile, find_skill_files
from engine.importer_responses import merged_responses

__all__ = ["SkillError", "SkillImporter"]

LANGUAGE = "language"


class SkillImporter(RasaFileImporter):
    """Reads the root domain and the skill folders below the training data paths.

    A skill folder may hold a part of the domain, rules and stories, and NLU examples and responses per
    language.

    Raises:
        SkillError: A file has a wrong name or holds something that does not belong there.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **_: Any,
    ) -> None:
        super().__init__(config_file, domain_path, None)
        self._files = find_skill_files(training_data_paths)
        self._story_files = [str(file.path) for file in self._of_kind("rules", "stories")]

    def get_domain(self) -> Domain:
        """The root domain with every skill's part and all responses.

        Raises:
            SkillError: Something is defined twice, or a response lacks a language.
            InvalidDomain: The root domain is not valid.
        """
        return Domain.from_dict({**self._domain_parts, "responses": dict(self._domain_parts["responses"])})

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, each stamped with the language of its file."""
        files = self._of_kind("nlu")
        contents = [(file, file.read()) for file in files]
        refuse_shared_intents(contents)
        merged = _merged(tuple((file, file.text()) for file in files))
        lookups_without_examples(contents, merged.entities)
        return merged

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules and stories of all skills.

        Raises:
            SkillError: A file is not YAML or holds something else.
        """
        for file in self._of_kind("rules", "stories"):
            file.read()
        return super().get_stories(exclusion_percentage)

    @cached_property
    def _domain_parts(self) -> dict[str, Any]:
        root: dict[str, Any] = Domain.load(self._domain_path).as_dict() if self._domain_path else {}
        merged = merged_domain(root, self._of_kind("domain"))
        responses = merged_responses(self._of_kind("responses"))
        return {**merged, "responses": {**(root.get("responses") or {}), **responses}}

    def _of_kind(self, *kinds: str) -> Sequence[SkillFile]:
        return [file for file in self._files if file.kind in kinds]


@lru_cache(maxsize=1)
def _merged(files: tuple[tuple[SkillFile, str], ...]) -> TrainingData:
    """The examples of files with these texts; kept, because Rasa asks several times and copies what it gets."""
    return TrainingData().merge(*[_stamped(file) for file, _ in files])


def _stamped(file: SkillFile) -> TrainingData:
    data = loading.load_data(str(file.path))
    for message in data.training_examples:
        metadata = message.get(METADATA) or {}
        example = metadata.get(METADATA_EXAMPLE) or {}
        message.set(METADATA, {**metadata, METADATA_EXAMPLE: {**example, LANGUAGE: file.language}})
    return data
