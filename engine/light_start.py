"""Starting without TensorFlow when the model does not use it.

Importing TensorFlow takes most of the start and half of the memory of a Rasa server, although only its
neural components use it. Rasa imports it wherever one of them might be needed. For a model of components
that are known to do without, a hollow module takes its place.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from ruamel.yaml import YAML

LEFT_OUT = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax")
METADATA = "metadata.json"
VERSION = "2.12.0"

WITHOUT_TENSORFLOW = {
    "AugmentedMemoizationPolicy",
    "CountVectorsFeaturizer",
    "DefaultPolicyPredictionEnsemble",
    "DomainProvider",
    "EntitySynonymMapper",
    "FallbackClassifier",
    "KeywordIntentClassifier",
    "LanguageIdentifier",
    "LearntEntityExtractor",
    "LexicalSyntacticFeaturizer",
    "LinearIntentClassifier",
    "LogisticRegressionClassifier",
    "MemoizationPolicy",
    "NLUMessageConverter",
    "RegexEntityExtractor",
    "RegexFeaturizer",
    "RegexMessageHandler",
    "RuleOnlyDataProvider",
    "RulePolicy",
    "SklearnIntentClassifier",
    "WhitespaceTokenizer",
}


def needs_tensorflow(components: Iterable[str]) -> set[str]:
    """The components, of these, that are not known to do without TensorFlow."""
    return {component.rpartition(".")[2] for component in components} - WITHOUT_TENSORFLOW


def tensorflow_is_left_out() -> bool:
    """Whether this process runs without TensorFlow, whatever it imports."""
    return any(isinstance(finder, _HollowFinder) for finder in sys.meta_path)


def leave_out_tensorflow(components: Iterable[str]) -> bool:
    """Leave TensorFlow out of this process if no component needs it; call it before importing Rasa.

    Args:
        components: Names of classes, with or without their modules.

    Returns:
        Whether it was left out.
    """
    if "tensorflow" in sys.modules or needs_tensorflow(components):
        return False
    sys.meta_path.insert(0, _HollowFinder())
    return True


def components_of_model(model: Path) -> set[str]:
    """The classes of all components that a trained model runs."""
    with tarfile.open(model) as archive:
        member = next(member for member in archive if Path(member.name).name == METADATA)
        content = archive.extractfile(member)
        metadata = json.load(content) if content else {}
    return {node["uses"] for node in metadata["predict_schema"]["nodes"].values()}


def components_of_configuration(path: Path) -> set[str]:
    """The classes of all components and policies that a configuration file names."""
    configuration = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    return {part["name"] for section in ("pipeline", "policies") for part in configuration.get(section) or []}


class _HollowType(type):
    """A class that can be inherited from, annotated with, used as a decorator, and looked into."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Hollow

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return Hollow

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class Hollow(metaclass=_HollowType):
    """What stands in for anything of TensorFlow."""


class _HollowModule(ModuleType):
    __version__ = VERSION

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Hollow


class _HollowFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _HollowModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
