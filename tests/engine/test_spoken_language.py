"""When a conversation changes its language: by speech, not by names; and hardly after one was asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from running_engine import ROOT

from engine.components.language_model import LanguageModel
from engine.connector.spoken_language import language_heard
from engine.importer import SkillImporter

IGNORED = {"inform", "choose"}
SLOTS = ("language", "language_chosen", "requested_slot")

NAMES = [
    ("ms", "street", "12 Jalan Telawi, Kuala Lumpur 59100 near the mosque"),
    ("ms", "street", "No 5 Taman Desa, opposite the big school, next to the bank"),
    ("id", "street", "Jalan Kemang Raya 10, Jakarta Selatan, it is near the big mosque"),
    ("en", "street", "Jalan Melati 5, dekat masjid, sebelah sekolah, rumah cat hijau ya"),
    ("en", "street", "12 Jalan Telawi, dekat dengan surau, depan sekolah kebangsaan"),
    ("ms", "street", "Jl Melati No 5, dekat Indomaret, depan kantor kelurahan"),
    ("id", "first_name", "my name is John Smith"),
    ("ms", "first_name", "I am Sarah, thanks"),
    ("en", "first_name", "nama saya Budi Santoso"),
    ("ms", "car_model", "Toyota Rush the white one"),
    ("id", "car_model", "Honda Jazz, the new one"),
    ("en", "car_model", "mobil saya Avanza hitam"),
    ("en", "city", "di Jakarta Selatan"),
    ("id", "appointment_time", "3 pm please"),
    ("ms", "appointment_date", "tomorrow"),
    ("en", "appointment_date", "besok"),
]

SPEECH = [
    ("id", "ask_price", "how much is the full detailing", "en"),
    ("ms", "ask_price", "how much does it cost", "en"),
    ("en", "ask_price", "berapa harganya kak, bisa dikirim nggak", "id"),
    ("en", "book_service", "saya nak tempah basuh kereta esok", "ms"),
    ("id", "book_service", "nak basuh kereta dekat rumah boleh tak", "ms"),
    ("ms", "book_service", "mau cuci mobil besok dong", "id"),
]

OPENINGS = [
    ("tempah", "ms"),
    ("nak tempah", "ms"),
    ("basuh kereta", "ms"),
    ("mobil saya mau dicuci", "id"),
    ("book a wash", "en"),
]

ENGLISH = ("how much is the full detailing", "can you come to my house", "I want to book a car wash for tomorrow")
MALAY = ("boleh tak saya tukar masa", "nak basuh kereta dekat rumah boleh tak", "saya nak tempah basuh kereta esok")
INDONESIAN = (
    "gimana caranya kalau mau ganti jadwal",
    "mau cuci mobil besok dong",
    "mobilnya bisa dicuci di rumah nggak",
)
SPOKEN = {"en": ENGLISH[0], "ms": MALAY[0], "id": INDONESIAN[0]}
FIRST_FACTS = [
    (None, "nak cuci premium sekali je", "ms"),
    ("appointment_time", "pukul 2 petang", "ms"),
    ("booking_kind", "just once", "en"),
    ("booking_kind", "sekali aja kak", "id"),
]
AGAINST_CHOICE = [("ms", "en", ENGLISH), ("id", "en", ENGLISH), ("en", "ms", MALAY), ("en", "id", INDONESIAN)]


@pytest.fixture(scope="module")
def language_model() -> LanguageModel:
    importer = SkillImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    examples = importer.get_nlu_data().intent_examples
    return LanguageModel.trained_on(
        (e.get("text"), e.get("metadata")["example"]["language"]) for e in examples if e.get("intent") not in IGNORED
    )


class Talk:
    """A conversation that takes up a language as the mapping of the slot does."""

    def __init__(self, model: LanguageModel, language: str, step: str | None = None) -> None:
        self._model = model
        self.tracker = DialogueStateTracker("talk", [TextSlot(name, mappings=[]) for name in SLOTS])
        self.tracker.update(SlotSet("language", language))
        self.tracker.update(SlotSet("requested_slot", step))

    def hear(self, text: str, intent: str = "inform") -> str:
        """The language after a message."""
        guess = self._model.guess(text)
        parsed: dict[str, Any] = {"intent": {"name": intent}, "entities": []}
        parsed |= {"language": asdict(guess)} if guess else {}
        settled = language_heard(parsed, self.tracker)
        self.tracker.update(UserUttered(text, parsed["intent"], [], parsed))
        if settled is not None:
            self.tracker.update(SlotSet("language", settled["name"]))
        return str(self.tracker.get_slot("language"))

    def choose(self, language: str) -> None:
        """The customer asks for a language, and the action sets it."""
        self.tracker.update(UserUttered("/change_language", {"name": "change_language"}))
        self.tracker.update(SlotSet("language", language))
        self.tracker.update(SlotSet("language_chosen", language))


@pytest.mark.parametrize(("language", "step", "text"), NAMES)
def test_what_names_something_changes_no_language(
    language_model: LanguageModel, language: str, step: str, text: str
) -> None:
    talk = Talk(language_model, language, step)
    talk.hear(SPOKEN[language], "ask_price")
    assert [talk.hear(text), talk.hear(text)] == [language] * 2


@pytest.mark.parametrize(("language", "intent", "text", "heard"), SPEECH)
def test_a_sentence_changes_it_even_while_a_name_is_asked(
    language_model: LanguageModel, language: str, intent: str, text: str, heard: str
) -> None:
    assert Talk(language_model, language, "street").hear(text, intent) == heard


@pytest.mark.parametrize(("text", "heard"), OPENINGS)
def test_an_opening_of_one_word_is_enough(language_model: LanguageModel, text: str, heard: str) -> None:
    other = "id" if heard != "id" else "en"
    assert Talk(language_model, other).hear(text, "book_service") == heard


@pytest.mark.parametrize(("step", "text", "heard"), FIRST_FACTS)
def test_facts_are_enough_where_the_language_was_only_a_guess(
    language_model: LanguageModel, step: str | None, text: str, heard: str
) -> None:
    other = "id" if heard != "id" else "en"
    assert Talk(language_model, other, step).hear(text) == heard


def test_one_word_later_on_is_not(language_model: LanguageModel) -> None:
    talk = Talk(language_model, "id")
    talk.hear("mau cuci mobil besok dong", "book_service")
    assert talk.hear("tempah", "book_service") == "id"


@pytest.mark.parametrize(("chosen", "spoken", "texts"), AGAINST_CHOICE)
def test_a_language_that_was_asked_for_gives_way_to_the_third_sentence_only(
    language_model: LanguageModel, chosen: str, spoken: str, texts: tuple[str, ...]
) -> None:
    talk = Talk(language_model, spoken)
    talk.hear(texts[0], "ask_price")
    talk.choose(chosen)
    assert [talk.hear(text, "ask_price") for text in texts] == [chosen, chosen, spoken]


def test_a_sentence_in_the_chosen_language_begins_the_count_anew(language_model: LanguageModel) -> None:
    talk = Talk(language_model, "id")
    talk.choose("ms")
    english, malay = "how much is the full detailing", "boleh tak saya tukar masa"
    heard = [talk.hear(text, "ask_price") for text in (english, english, malay, english, english)]
    assert heard == ["ms"] * 5


def test_facts_told_in_another_language_change_it_when_they_go_on(language_model: LanguageModel) -> None:
    talk = Talk(language_model, "ms", "appointment_time")
    talk.hear(SPOKEN["ms"], "ask_price")
    assert [talk.hear("tomorrow morning"), talk.hear("can we make it tomorrow morning please")] == ["ms", "en"]
