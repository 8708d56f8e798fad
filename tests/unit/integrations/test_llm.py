"""The client of a language model: one question, one answer in time, and a typed error for everything else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from pydantic import SecretStr

from ramah.integrations.errors import CredentialsRefused, IntegrationError, Rejected, Unavailable
from ramah.integrations.http import Breakers, CircuitOpen
from ramah.integrations.llm import ChatModel, LlmAccess, Question, Unreadable
from ramah.integrations.llm.client import Resting
from tests.fakes.llm import FakeLlm
from tests.fakes.llm.server import Fault

QUESTION = Question("Answer with JSON.", "halo", "proposals", {"type": "object"})


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    """A model that answers."""
    with FakeLlm() as running:
        yield running


@pytest.fixture
def model(fake: FakeLlm) -> Iterator[ChatModel]:
    """Its client."""
    with closing(model_of(fake)) as built:
        yield built


def model_of(fake: FakeLlm, **changes: object) -> ChatModel:
    """A client with circuits of its own; ``changes`` replace fields of its access."""
    access = LlmAccess(base_url=fake.base_url, key=SecretStr(fake.key), model="small")
    return ChatModel(access.model_copy(update=changes), Breakers())


@pytest.mark.parametrize(
    "content",
    [
        '{"proposals": []}',
        '```json\n{"proposals": []}\n```',
        '<think>hm, {"a": 1}?</think>\n{"proposals": []}',
        'Here you are: {"proposals": []} Anything else?',
    ],
)
def test_it_reads_the_json_in_whatever_wrapping(fake: FakeLlm, model: ChatModel, content: str) -> None:
    fake.content = content
    assert model.ask(QUESTION) == {"proposals": []}


@pytest.mark.parametrize("content", ["", "maaf, saya tidak tahu", '{"proposals": [', "[" * 100_000])
def test_what_is_no_json_is_unreadable(fake: FakeLlm, model: ChatModel, content: str) -> None:
    fake.content = content
    with pytest.raises(Unreadable) as caught:
        model.ask(QUESTION)
    assert content[:20] not in str(caught.value) or not content


def test_an_answer_that_was_cut_off_is_unreadable(fake: FakeLlm, model: ChatModel) -> None:
    fake.finish_reason = "length"
    with pytest.raises(Unreadable):
        model.ask(QUESTION)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("unauthorized", CredentialsRefused),
        ("out_of_money", CredentialsRefused),
        ("throttled", Unavailable),
        ("unknown", Rejected),
    ],
)
def test_after_a_refusal_it_leaves_the_model_alone(
    fake: FakeLlm, model: ChatModel, fault: Fault, error: type[IntegrationError]
) -> None:
    fake.faults.append(fault)
    with pytest.raises(error):
        model.ask(QUESTION)
    asked = len(fake.requests)
    with pytest.raises(Resting):
        model.ask(QUESTION)
    assert len(fake.requests) == asked


@pytest.mark.parametrize("fault", ["error", "page", "throttled_shortly"])
def test_it_asks_again_once(fake: FakeLlm, model: ChatModel, fault: Fault) -> None:
    fake.faults.append(fault)
    assert model.ask(QUESTION) == {"proposals": []}
    assert len(fake.requests) == 2


def test_it_waits_no_longer_than_its_time(fake: FakeLlm) -> None:
    fake.faults += ["hang", "hang", "hang"]
    with closing(model_of(fake, timeout=0.5)) as model:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            model.ask(QUESTION)
        assert time.monotonic() - began < 3


def test_its_circuit_opens_after_three_outages(fake: FakeLlm) -> None:
    fake.faults += ["page"] * 9
    with closing(model_of(fake, attempts=1)) as model:
        for _ in range(3):
            with pytest.raises(IntegrationError):
                model.ask(QUESTION)
        with pytest.raises(CircuitOpen):
            model.ask(QUESTION)
    assert len(fake.requests) == 3


def test_it_asks_a_server_without_schemas_in_a_plainer_way_and_remembers_that(fake: FakeLlm, model: ChatModel) -> None:
    fake.faults.append("no_json_schema")
    model.ask(QUESTION)
    model.ask(QUESTION)
    kinds = [request["response_format"]["type"] for request in fake.requests]
    assert kinds == ["json_schema", "json_object", "json_object"]


def test_what_is_extra_is_laid_over_the_request(fake: FakeLlm) -> None:
    with closing(model_of(fake, extra={"max_tokens": None, "max_completion_tokens": 9})) as model:
        model.ask(QUESTION)
    assert "max_tokens" not in fake.requests[0]
    assert fake.requests[0]["max_completion_tokens"] == 9
