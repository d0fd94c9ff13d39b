"""What is learnt, token by token, with the templates of models that people know."""

from typing import Any

import pytest
from worlds import conversation, make_tokenizer

from limerick_trainer.errors import Refusal
from limerick_trainer.labels import IGNORED, Labeller, Sample


def labeller(
    template: str, max_length: int = 10_000, bos: str | None = None, eos: str = "<|im_end|>", **kwargs: Any
) -> Labeller:
    return Labeller(make_tokenizer(template, bos, eos), kwargs, max_length)


def learnt(maker: Labeller, sample: Sample) -> list[str]:
    """The learnt runs of tokens, as text."""
    runs: list[list[int]] = []
    before = IGNORED
    for label in sample.labels:
        if label != IGNORED:
            if before == IGNORED:
                runs.append([])
            runs[-1].append(label)
        before = label
    return [maker._tokenizer.decode(run) for run in runs]


def text(maker: Labeller, sample: Sample) -> str:
    return maker._tokenizer.decode(sample.ids)


TWO = conversation(("the cat", "sat on"), ("a mat", "and said"))
CALL: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": "the hat"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "find", "arguments": '{"what": "a \\"red\\" hat", "n": 7}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "on the mat"},
        {"role": "assistant", "content": "it sat on the mat"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {"name": "find", "description": "finds", "parameters": {"type": "object", "properties": {}}},
        }
    ],
}


@pytest.mark.parametrize(
    ("template", "end"), [("chatml", "<|im_end|>"), ("qwen2_5", "<|im_end|>"), ("qwen3_instruct_2507", "<|im_end|>")]
)
def test_answers_and_their_ends_are_learnt(template: str, end: str) -> None:
    maker = labeller(template)
    [sample] = maker.samples(TWO, 0)
    assert learnt(maker, sample) == [f"sat on{end}", f"and said{end}"]
    assert sample.ids[sample.start] == sample.labels[sample.start]


def test_gemma() -> None:
    maker = labeller("gemma", bos="<bos>", eos="<end_of_turn>")
    [sample] = maker.samples(TWO, 0)
    assert learnt(maker, sample) == ["sat on<end_of_turn>", "and said<end_of_turn>"]
    assert sample.ids.count(maker._tokenizer.bos_token_id) == 1
    with pytest.raises(Refusal, match="refuses it") as told:
        maker.samples(conversation(("the cat", "sat on"), system="be a dog"), 3)
    assert (told.value.code, told.value.row) == ("template", 3)


def test_weights() -> None:
    maker = labeller("chatml")
    [sample] = maker.samples(conversation(("a", "sat on"), ("b", "and said"), weights=(0, 1)), 0)
    assert learnt(maker, sample) == ["and said<|im_end|>"]
    [sample] = maker.samples(conversation(("a", "sat on"), ("b", "and said"), weights=(1, 0)), 0)
    assert learnt(maker, sample) == ["sat on<|im_end|>"]
    with pytest.raises(Refusal, match="weight 2") as told:
        maker.samples(conversation(("a", "sat on"), weights=(2,)), 0)
    assert told.value.code == "bad_row"


def test_nothing_to_learn_is_refused() -> None:
    maker = labeller("chatml")
    with pytest.raises(Refusal, match=r"Row 5: .*weight 1") as told:
        maker.samples(conversation(("a", "sat on"), weights=(0,)), 4)
    assert told.value.code == "no_signal"
    with pytest.raises(Refusal) as told:
        maker.samples({"messages": [{"role": "user", "content": "a"}]}, 0)
    assert told.value.code == "no_signal"


def test_an_empty_answer_teaches_to_stop() -> None:
    maker = labeller("chatml")
    [sample] = maker.samples(conversation(("a", "")), 0)
    assert learnt(maker, sample) == ["<|im_end|>"]


def test_unicode_and_system() -> None:
    maker = labeller("qwen2_5")
    [sample] = maker.samples(conversation(("قطة", "🙂 né 猫\n\nline"), system="be brief"), 0)
    assert learnt(maker, sample) == ["🙂 né 猫\n\nline<|im_end|>"]
    assert "be brief" in text(maker, sample)


def test_tool_calls_are_learnt_with_their_arguments_encoded_once() -> None:
    maker = labeller("qwen2_5")
    [sample] = maker.samples(CALL, 0)
    call, answer = learnt(maker, sample)
    assert '"arguments": {"what": "a \\"red\\" hat", "n": 7}' in call
    assert call.endswith("<|im_end|>")
    assert answer == "it sat on the mat<|im_end|>"


@pytest.mark.parametrize("template", ["chatml", "phi3", "llama3"])
def test_a_template_without_tools_is_refused(template: str) -> None:
    maker = labeller(template, bos="<bos>")
    maker._adds_bos = False
    with pytest.raises(Refusal, match="leaves out its tools") as told:
        maker.samples(CALL, 0)
    assert told.value.code == "template"
    with pytest.raises(Refusal, match="leaves out a tool call"):
        maker.samples({"messages": CALL["messages"][:2]}, 0)


def thought(*answers: tuple[str, str, str]) -> dict[str, Any]:
    messages = []
    for question, reasoning, answer in answers:
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer, "reasoning_content": reasoning},
        ]
    return {"messages": messages}


def test_a_template_that_drops_reasoning_is_refused() -> None:
    with pytest.raises(Refusal, match="reasoning") as told:
        labeller("qwen2_5").samples(thought(("a", "hm", "sat on")), 0)
    assert told.value.code == "template"


def test_thinking_templates() -> None:
    quiet = labeller("qwen3", enable_thinking=False)
    [sample] = quiet.samples(conversation(("the cat", "sat on")), 0)
    assert learnt(quiet, sample) == ["sat on<|im_end|>"], "the empty block belongs to the prompt"
    assert "<think>\n\n</think>" in text(quiet, sample)
    loud = labeller("qwen3")
    [sample] = loud.samples(thought(("the cat", "hm, a hat", "sat on")), 0)
    assert learnt(loud, sample) == ["<think>\nhm, a hat\n</think>\n\nsat on<|im_end|>"]


def test_a_row_is_split_where_the_template_changes_its_history() -> None:
    maker = labeller("qwen3")
    samples = maker.samples(thought(("the cat", "hm", "sat on"), ("a mat", "oh", "and said")), 6)
    assert [learnt(maker, sample) for sample in samples] == [
        ["<think>\nhm\n</think>\n\nsat on<|im_end|>"],
        ["<think>\noh\n</think>\n\nand said<|im_end|>"],
    ]
    assert "hm" not in text(maker, samples[1])
    assert maker.report.split == [{"row": 6, "into": 2}]
    assert all(sample.row == 6 for sample in samples)


@pytest.mark.parametrize("template", ["deepseek_r1_distill", "nemotron_3_nano"])
def test_a_template_that_answers_elsewhere_than_it_asks_is_refused(template: str) -> None:
    with pytest.raises(Refusal, match="elsewhere") as told:
        labeller(template).samples(TWO, 0)
    assert told.value.code == "template"


def test_cuts_are_told_and_may_not_cut_everything() -> None:
    whole = labeller("chatml").samples(TWO, 0)[0]
    maker = labeller("chatml", max_length=len(whole.ids) - 4)
    [short] = maker.samples(TWO, 9)
    assert maker.report.truncated == [{"row": 9, "lost": 4}]
    assert short.ids == whole.ids[:-4]
    assert short.labels == whole.labels[:-4]
    with pytest.raises(Refusal) as told:
        labeller("chatml", max_length=5).samples(TWO, 9)
    assert (told.value.code, told.value.row) == ("bad_row", 9)


def test_an_answer_is_read_apart_from_its_header() -> None:
    maker = labeller("chatml")
    maker._tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '<|im_end|>' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
    )
    [sample] = maker.samples(conversation(("a", "sat on")), 2)
    assert maker.report.boundary == [], "the space of the header and the first word are two tokens, as when it answers"
    assert learnt(maker, sample) == ["sat on<|im_end|>"]
    maker._cuttable = False  # as of tokenizers that would put a space before the answer
    [sample] = maker.samples(conversation(("a", "sat on")), 2)
    assert maker.report.boundary == [2], "a token over the start of an answer is told, and not learnt"
    assert learnt(maker, sample) == [" on<|im_end|>"]


def test_a_beginning_that_the_tokenizer_would_add_may_not_be_missing_or_double() -> None:
    maker = labeller("gemma", bos="<bos>", eos="<end_of_turn>")
    doubled = Labeller(maker._tokenizer, {}, 1000)
    doubled._tokenizer.chat_template = "{{ '<bos>' }}" + doubled._tokenizer.chat_template
    with pytest.raises(Refusal, match="twice"):
        doubled.samples(TWO, 0)


def test_an_end_is_added_where_the_template_has_none() -> None:
    maker = labeller("chatml")
    maker._tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] + ':\\n' + m['content'] + '\\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ 'assistant:\\n' }}{% endif %}"
    )
    [sample] = maker.samples(conversation(("a", "sat on")), 0)
    assert learnt(maker, sample) == ["sat on\n<|im_end|>"]
    with pytest.raises(Refusal, match="does not end"):
        maker.samples(TWO, 0)


def test_text_that_names_special_tokens_stays_text() -> None:
    maker = labeller("chatml")
    [sample] = maker.samples(conversation(("say <|im_end|>", "<<|im_end|>|im_end|> no")), 1)
    ends = sample.ids.count(maker._tokenizer.convert_tokens_to_ids("<|im_end|>"))
    assert ends == 2, "one for each turn"
    assert learnt(maker, sample) == ["<<|im_end|>|im_end|> no<|im_end|>"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"role": "assistant", "content": [{"type": "image_url", "image_url": {}}]}, "only text"),
        ({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}, "old form"),
    ],
)
def test_what_is_not_text_is_refused(message: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refusal, match=reason) as told:
        labeller("chatml").samples({"messages": [{"role": "user", "content": "a"}, message]}, 0)
    assert told.value.code == "bad_row"


def test_pairs() -> None:
    maker = labeller("chatml")
    answers = [[{"role": "assistant", "content": content}] for content in ("sat on", "ran over the hills")]
    row = {
        "input": {"messages": TWO["messages"][:3]},
        "preferred_output": answers[0],
        "non_preferred_output": answers[1],
    }
    chosen, rejected = maker.pair(row, 0)
    assert learnt(maker, chosen) == ["sat on<|im_end|>"]
    assert learnt(maker, rejected) == ["ran over the hills<|im_end|>"]
    assert chosen.ids[: chosen.start] == rejected.ids[: rejected.start]
    with pytest.raises(Refusal, match="one message"):
        maker.pair({**row, "preferred_output": answers[0] * 2}, 0)
