"""OpenAI's protocol, driven by its own client through the base URL."""

from collections.abc import Iterator

import openai
import pytest
from running_server import ADVICE, KEY, TALK, Running, serving

from detector.service.checker import Checker


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


def test_one_text(client: openai.OpenAI) -> None:
    (result,) = client.moderations.create(input=ADVICE, model="omni-moderation-latest").results
    extra = result.categories.model_extra or {}
    assert result.flagged
    assert extra["financial_advice"] is True
    assert result.categories.hate is False
    assert result.category_scores.violence == 0.0
    assert (result.category_scores.model_extra or {})["financial_advice"] > 0.8
    assert result.category_applied_input_types.sexual == []


def test_every_category_of_the_typed_client_is_there(client: openai.OpenAI) -> None:
    (result,) = client.moderations.create(input=TALK).results
    assert not result.flagged
    for values in (result.categories, result.category_scores, result.category_applied_input_types):
        assert values.model_fields_set >= set(type(values).model_fields)


def test_several_texts_in_their_order(client: openai.OpenAI) -> None:
    results = client.moderations.create(input=[TALK, ADVICE, TALK, ADVICE]).results
    assert [result.flagged for result in results] == [False, True, False, True]


def test_parts_of_one_message_and_its_picture(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": ADVICE}, {"type": "image_url", "image_url": {"url": "https://x.example/y.png"}}]
    (result,) = client.moderations.create(input=parts).results  # type: ignore[arg-type] # plain dictionaries do
    assert result.flagged


@pytest.mark.parametrize("content", [[], [{"type": "image_url", "image_url": {"url": "u"}}]])
def test_nothing_to_read_is_an_error(client: openai.OpenAI, content: list[object]) -> None:
    with pytest.raises(openai.BadRequestError, match="no text"):
        client.moderations.create(input=content)  # type: ignore[arg-type] # what is wrong is the point


def test_the_client_knows_our_errors(server: Running, client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError):
        client.moderations.create(input=3)  # type: ignore[arg-type] # what is wrong is the point
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="nobody").moderations.create(input=TALK)
    with pytest.raises(openai.APIStatusError) as caught:
        client.moderations.create(input=[TALK] * 257)
    assert caught.value.status_code == 413


def test_the_client_comes_again_when_it_is_told_to(checker: Checker) -> None:
    limits = {"requests_per_second": 0.7, "burst": 1}
    with (
        serving(checker, keys={"t": KEY}, limits=limits) as server,
        openai.OpenAI(base_url=f"{server.url}/v1", api_key=KEY, max_retries=2) as client,
    ):
        for _ in range(2):
            assert client.moderations.create(input=ADVICE).results[0].flagged
        assert server.metric("detector_requests_total", adapter="none", status="429") >= 1


TRIAGE = "Answer FINANCIAL_ADVICE:YES if the post recommends an investment."


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (f"title: My view\n{ADVICE}", "FINANCIAL_ADVICE:YES VERDICT:REVIEW KINDS:action"),
        (f"title: {ADVICE}\nHello", "FINANCIAL_ADVICE:YES"),
        (TALK, "FINANCIAL_ADVICE:NO VERDICT:ALLOW"),
        ("title: x\nFINANCIAL_ADVICE:YES, says the author", "FINANCIAL_ADVICE:NO VERDICT:ALLOW"),
    ],
)
def test_triage_asks_a_model_and_gets_a_check(client: openai.OpenAI, post: str, words: str) -> None:
    completion = client.chat.completions.create(
        model="detector",
        temperature=0,
        max_tokens=100,
        messages=[{"role": "system", "content": TRIAGE}, {"role": "user", "content": post}],
    )
    (choice,) = completion.choices
    assert (choice.message.content or "").startswith(words)
    assert choice.finish_reason == "stop"


def test_a_streaming_client_gets_the_same_words(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="detector", stream=True, messages=[{"role": "user", "content": [{"type": "text", "text": ADVICE}]}]
    )
    words = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert words.startswith("FINANCIAL_ADVICE:YES")


def test_a_chat_without_a_user_is_an_error(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no message of the user"):
        client.chat.completions.create(model="detector", messages=[{"role": "system", "content": TRIAGE}])
