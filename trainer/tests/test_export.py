"""Models for other programs: exported, and answered with."""

import io
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
from worlds import conversation, events, make_model, make_run

from limerick_trainer import DONE
from limerick_trainer.__main__ import train
from limerick_trainer.checkpoint import is_whole
from limerick_trainer.errors import Refusal
from limerick_trainer.export import export
from limerick_trainer.model import load_tokenizer
from limerick_trainer.serve import serve

Models = Callable[[str], Path]
TAUGHT = [conversation(("the cat", "sat on a red hat")), conversation(("the dogs", "ran over green hills"))]
SETTINGS: dict[str, Any] = {
    "epochs": 60,
    "batch_size": 2,
    "learning_rate": 5e-3,
    "lora": {"r": 16, "alpha": 32, "targets": "all-linear"},
    "checkpoints": {"every_epoch": False},
}


@pytest.fixture(scope="module")
def tuned(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("tuned") / "run", models("llama"), TAUGHT, **SETTINGS)
    assert train(folder) == DONE
    return folder / "checkpoint-60"


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model.eval()(torch.tensor([[1, 40, 50, 60, 70, 80, 90, 2]])).logits
    return found


def test_merged_and_adapter_say_the_same(tuned: Path, models: Models, tmp_path: Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(models("llama"), dtype=torch.float32)
    untouched = logits(base)
    expected = logits(PeftModel.from_pretrained(base, tuned))
    export(tuned, tmp_path / "merged", base=models("llama"), start_adapter=None, name=None)
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    assert merged.dtype == torch.float32
    torch.testing.assert_close(logits(merged), expected, atol=1e-4, rtol=0)
    assert (expected - untouched).abs().max() > 0.1
    assert is_whole(tmp_path / "merged")
    assert {"README.md", "chat_template.jinja", "model.safetensors"} <= {
        path.name for path in (tmp_path / "merged").iterdir()
    }
    assert not (tmp_path / "merged" / "adapter_config.json").exists()


def test_an_adapter_is_exported_under_another_name(tuned: Path, tmp_path: Path) -> None:
    export(tuned, tmp_path / "out", base=None, start_adapter=None, name="somebody/model")
    config = json.loads((tmp_path / "out" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "somebody/model"
    assert (tmp_path / "out" / "adapter_model.safetensors").read_bytes() == (
        tuned / "adapter_model.safetensors"
    ).read_bytes()
    assert not list((tmp_path / "out").glob("*.bin"))
    with pytest.raises(Refusal, match="there already"):
        export(tuned, tmp_path / "out", base=None, start_adapter=None, name=None)


def test_a_training_goes_on_from_an_adapter(tuned: Path, models: Models, tmp_path: Path) -> None:
    """The adapter is a part of the weights: what was learnt is known before the first step."""
    start = {"start_adapter": {"folder": str(tuned)}, "epochs": 1, "learning_rate": 1e-6, "batch_size": 2}
    folder = make_run(tmp_path / "run", models("llama"), TAUGHT, **start)
    assert train(folder) == DONE
    first, *_, last = (event["metrics"]["trainLoss"] for event in events(tuned.parent, "step"))
    assert events(folder, "step")[0]["metrics"]["trainLoss"] <= last < first - 0.5
    export(folder / "checkpoint-1", tmp_path / "merged", base=models("llama"), start_adapter=tuned, name=None)
    base = AutoModelForCausalLM.from_pretrained(models("llama"), dtype=torch.float32)
    expected = logits(PeftModel.from_pretrained(base, tuned))
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    torch.testing.assert_close(logits(merged), expected, atol=1e-2, rtol=0)


def ask(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    sink = io.StringIO()
    serve(io.StringIO("".join(json.dumps(request) + "\n" for request in requests)), sink)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def request(id: str, model: Path, base: Path | None, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": "the cat"}]
    tokenizer = load_tokenizer(model)
    tokens = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
    given = {"tokens": tokens, "ends": [tokenizer.eos_token_id], "seed": 1, "topLogprobs": None}
    where = {"model": str(model), "version": "1", "base": str(base) if base else None, "baseVersion": "1"}
    return {"kind": "generate", "id": id, "maxTokens": 40, "temperature": 0, "topP": 1, **given, **where, **more}


def said(reports: list[dict[str, Any]], id: str) -> str:
    return "".join(report["text"] for report in reports if report["id"] == id and report["kind"] == "token")


def test_answers_switch_between_adapters(tuned: Path, models: Models, tmp_path: Path) -> None:
    other = make_run(tmp_path / "run", models("llama"), [conversation(("the cat", "said hello"))], **SETTINGS)
    assert train(other) == DONE
    base, second = models("llama"), other / "checkpoint-60"
    reports = ask(
        request("a", tuned, base),
        request("b", second, base),
        request("c", tuned, base),
        request("plain", base, None, maxTokens=5),
        request("d", tuned, base, temperature=1, seed=3),
        request("e", tuned, base, temperature=1, seed=3),
        request("none", tuned, None),
    )
    assert said(reports, "a") == said(reports, "c") == "sat on a red hat"
    assert said(reports, "d") == said(reports, "e") != said(reports, "a")
    assert said(reports, "b") == "said hello"
    finished = {report["id"]: report for report in reports if report["kind"] == "finished"}
    assert finished["a"]["reason"] == "stop"
    assert finished["plain"]["reason"] == "length"
    assert len([report for report in reports if report["id"] == "plain"]) == 6
    assert [report["code"] for report in reports if report["kind"] == "refused"] == ["model"]


def test_log_probabilities_are_the_models_own(tuned: Path, models: Models) -> None:
    reports = ask(request("a", tuned, models("llama"), topLogprobs=2, maxTokens=3))
    assert [report["kind"] for report in reports] == ["token", "token", "token", "finished"]
    base = AutoModelForCausalLM.from_pretrained(models("llama"), dtype=torch.float32)
    model, tokenizer = PeftModel.from_pretrained(base, tuned).eval(), load_tokenizer(tuned)
    ids = request("a", tuned, models("llama"))["tokens"]
    for report in reports[:-1]:
        with torch.no_grad():
            expected = model(input_ids=torch.tensor([ids])).logits[0, -1].log_softmax(-1)
        said, likeliest = report["logprob"], expected.topk(2)
        (token,) = tokenizer(said["token"], add_special_tokens=False).input_ids
        assert said["logprob"] == pytest.approx(expected[token].item(), abs=1e-4)
        assert [one["logprob"] for one in said["top"]] == pytest.approx(likeliest.values.tolist(), abs=1e-4)
        ids = [*ids, token]


def test_an_adapter_that_does_not_fit_leaves_nothing_in_the_base(tuned: Path, models: Models, tmp_path: Path) -> None:
    base, broken = models("llama"), tmp_path / "broken"
    shutil.copytree(tuned, broken)
    config = json.loads((broken / "adapter_config.json").read_text())
    (broken / "adapter_config.json").write_text(json.dumps({**config, "r": config["r"] * 2}))
    plain = {"topLogprobs": 0, "maxTokens": 3}
    reports = ask(
        request("before", base, None, **plain), request("broken", broken, base), request("after", base, None, **plain)
    )
    told = {id: [report.get("logprob") for report in reports if report["id"] == id] for id in ("before", "after")}
    assert told["before"] == told["after"]
    assert [report["code"] for report in reports if report["kind"] == "refused"] == ["model"]


def test_the_base_between_two_questions_to_an_adapter(tuned: Path, models: Models) -> None:
    base = models("llama")
    reports = ask(request("a", base, None), request("b", tuned, base), request("c", base, None))
    assert said(reports, "a") == said(reports, "c") != said(reports, "b") == "sat on a red hat"


def test_a_model_whose_files_have_changed_is_read_anew(models: Models, tmp_path: Path) -> None:
    place = tmp_path / "model"
    shutil.copytree(models("llama"), place)
    sink = io.StringIO()

    def lines() -> Iterator[str]:
        yield json.dumps(request("old", place, None, topLogprobs=0, maxTokens=3)) + "\n"
        while "finished" not in sink.getvalue():
            time.sleep(0.01)
        make_model(place, "llama", seed=2)
        yield json.dumps(request("new", place, None, topLogprobs=0, maxTokens=3, version="2")) + "\n"

    serve(lines(), sink)  # type: ignore[arg-type]
    reports = [json.loads(line) for line in sink.getvalue().splitlines()]
    old, new = ([r["logprob"] for r in reports if r["id"] == id and "logprob" in r] for id in ("old", "new"))
    assert old != new


def test_half_a_line_is_the_end(tuned: Path) -> None:
    serve(io.StringIO('{"kind":"gener'), io.StringIO())


@pytest.mark.parametrize("temperature", [2, 1e-40])
def test_every_temperature(temperature: float, models: Models) -> None:
    reports = ask(request("a", models("llama"), None, temperature=temperature, maxTokens=2))
    assert reports[-1]["kind"] == "finished"


def test_an_abort_ends_an_answer(tuned: Path, models: Models) -> None:
    reports = ask(
        request("a", tuned, models("llama")), request("b", tuned, models("llama")), {"kind": "abort", "id": "b"}
    )
    assert "b" not in {report["id"] for report in reports}
    assert said(reports, "a") == "sat on a red hat"
