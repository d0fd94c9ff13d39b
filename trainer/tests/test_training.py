"""Trainings of random models in this process: what is computed, saved and told."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
from worlds import conversation, events, make_run, pairs, rows, text

from limerick_trainer import AGAIN, DONE, FAILED
from limerick_trainer import run as running
from limerick_trainer.__main__ import train
from limerick_trainer.checkpoint import is_whole
from limerick_trainer.data import read_rows
from limerick_trainer.devices import memory_held
from limerick_trainer.labels import IGNORED, Labeller
from limerick_trainer.memory import FACTOR
from limerick_trainer.plan import Plan

Models = Callable[[str], Path]
FULL = {"tuning": "full", "lora": None}


def kinds(folder: Path) -> list[str]:
    return [event["kind"] for event in events(folder)]


def losses(folder: Path) -> list[float]:
    return [event["metrics"]["trainLoss"] for event in events(folder, "step")]


def adapter(folder: Path, step: int) -> bytes:
    return (folder / f"checkpoint-{step}" / "adapter_model.safetensors").read_bytes()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training asks nobody."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def own_loss(base: Path, folder: Path, chosen: list[int]) -> float:
    """Σ NLL ÷ Σ learnt tokens of rows, from the logits."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
    labeller = Labeller(tokenizer, {}, 10_000)
    total, count = 0.0, 0
    for index in chosen:
        for sample in labeller.samples(read_rows(folder / "train.jsonl")[index], index):
            with torch.no_grad():
                logits = model(torch.tensor([sample.ids])).logits[0, :-1]
            labels = torch.tensor(sample.labels[1:])
            total += torch.nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="sum").item()
            count += int((labels != IGNORED).sum())
    return total / count


@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3", "gemma"])
def test_a_training_from_start_to_end(family: str, models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models(family), rows(10), rows(3, 100), epochs=4, learning_rate=1e-2)
    assert train(folder) == DONE
    told = events(folder)
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert kinds(folder)[:4] == ["hello", "prepared", "memory", "started"]
    assert kinds(folder)[-1] == "done"
    steps = events(folder, "step")
    plan = Plan(10, 4, 4, 42)
    assert [event["rows"] for event in steps] == [plan.rows_of(step) for step in range(1, 13)]
    assert [event["epoch"] for event in steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    if family in ("llama", "qwen2"):  # the others think, or are normed in another way
        assert losses(folder)[0] == pytest.approx(own_loss(models(family), folder, steps[0]["rows"]), rel=1e-5)
    assert sum(losses(folder)[-3:]) < 0.97 * sum(losses(folder)[:3])
    assert [event["folder"] for event in events(folder, "checkpoint")] == [
        f"checkpoint-{step}" for step in (3, 6, 9, 12)
    ]
    kept = sorted(path.name for path in folder.glob("checkpoint-*"))
    assert kept == ["checkpoint-12", "checkpoint-6", "checkpoint-9"], "the newest three"
    assert all(is_whole(folder / name) for name in kept)
    full = [event["metrics"].get("fullValidLoss") for event in steps]
    assert [value is not None for value in full] == [step % 3 == 0 for step in range(1, 13)]
    assert len(steps[0]["losses"]) == 4
    assert events(folder, "done")[0]["trainedTokens"] == 4 * events(folder, "started")[0]["tokensPerEpoch"]
    assert events(folder, "memory")[1]["measured"] > 0


def test_a_weight_of_zero_changes_nothing(models: Models, tmp_path: Path) -> None:
    """A message that is not learnt, exchanged for one of as many tokens: every weight stays the same, to the bit."""

    def rows_with(words: str) -> list[dict[str, Any]]:
        return [conversation((text(at, 3), text(at, 4)), ("the dogs", words), weights=(1, 0)) for at in range(6)]

    made = []
    for name, words in (("a", "cat sat on mat"), ("b", "red hat hello said")):
        folder = make_run(tmp_path / name, models("llama"), rows_with(words), **FULL)
        assert train(folder) == DONE
        made.append(
            (losses(folder), (folder / "checkpoint-4" / "model.safetensors").read_bytes(), events(folder, "prepared"))
        )
    assert made[0][2][0]["tokens"] == made[1][2][0]["tokens"]
    assert made[0][2][0]["labels_hash"] != made[1][2][0]["labels_hash"]
    assert made[0][:2] == made[1][:2]


def test_the_split_of_a_step_changes_nothing(models: Models, tmp_path: Path) -> None:
    """1 × 8 = 2 × 4 = 4 × 2 (micro-batch × accumulation), with a last step that is not full."""
    made = {}
    for micro in (8, 4, 3, 1):
        folder = make_run(tmp_path / str(micro), models("llama"), rows(19), batch_size=8, micro_batch=micro)
        assert train(folder) == DONE
        memory = events(folder, "memory")[0]
        assert memory["micro_batch"] == micro
        made[micro] = losses(folder), load_file(folder / "checkpoint-6" / "adapter_model.safetensors")
    for micro in (4, 3, 1):
        assert made[micro][0] == pytest.approx(made[8][0], abs=1e-6)
        for name, tensor in made[8][1].items():
            torch.testing.assert_close(made[micro][1][name], tensor, atol=1e-4, rtol=0)


def test_split_rows_stay_in_their_step(models: Models, tmp_path: Path) -> None:
    """Qwen3 drops earlier thoughts: a row with three answers is three sequences, and one row of the step."""
    answers = [("a", "sat on"), ("b", "and said"), ("the cat", "ran over green hills")]
    messages = []
    for question, answer in answers:
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer, "reasoning_content": "hm"},
        ]
    folder = make_run(
        tmp_path / "run", models("qwen3"), [*rows(4), {"messages": messages}], micro_batch=1, batch_size=2
    )
    assert train(folder) == DONE
    assert events(folder, "prepared")[0]["split"] == [{"row": 4, "into": 3}]
    step = next(event for event in events(folder, "step") if 4 in event["rows"])
    assert len(step["losses"]) == len(step["rows"])
    assert all(loss is not None for loss in step["losses"])


@pytest.mark.parametrize("tuning", [{}, FULL])
def test_preferences(tuning: dict[str, Any], models: Models, tmp_path: Path) -> None:
    settings = {"method": "dpo", "dpo": {"beta": 0.1}, "epochs": 6, "learning_rate": 3e-3, **tuning}
    folder = make_run(tmp_path / "run", models("llama"), pairs(6), pairs(2), **settings)
    assert train(folder) == DONE
    steps = [event["metrics"] for event in events(folder, "step")]
    assert steps[0]["trainLoss"] == pytest.approx(0.693147, abs=1e-5), "the model is its own reference"
    assert steps[0]["trainRewards"]["margin"] == pytest.approx(0, abs=1e-4)
    assert steps[-1]["trainRewards"]["margin"] > 0.1
    assert steps[-1]["trainRewards"]["accuracy"] == 1
    assert steps[-1]["fullValidRewards"]["margin"] > 0
    assert steps[-1]["trainAccuracy"] is None


def test_blank_pairs_change_nothing(models: Models, tmp_path: Path) -> None:
    made = []
    for micro in (4, 3, 1):
        settings = {"method": "dpo", "dpo": {"beta": 0.1}, "micro_batch": micro}
        folder = make_run(tmp_path / str(micro), models("llama"), pairs(6), **settings)
        assert train(folder) == DONE
        made.append(losses(folder))
    assert made[1] == pytest.approx(made[0], abs=1e-6)
    assert made[2] == pytest.approx(made[0], abs=1e-6)


# ── stop, resume ──


def test_a_stop_that_keeps_and_one_that_drops(models: Models, tmp_path: Path) -> None:
    whole = make_run(tmp_path / "whole", models("llama"), rows(10), rows(3, 100), epochs=4)
    assert train(whole) == DONE
    folder = make_run(tmp_path / "run", models("llama"), rows(10), rows(3, 100), epochs=4)
    (folder / "stop.json").write_text('{"keep": true}')
    assert train(folder) == DONE
    assert kinds(folder)[-1] == "stopped"
    assert events(folder)[-1]["step"] == 0
    (folder / "stop.json").unlink()
    stop_after(folder, 5, keep=True)
    assert train(folder) == DONE
    assert kinds(folder)[-2:] == ["checkpoint", "stopped"]
    last = events(folder)[-2:]
    assert [event["step"] for event in last] == [5, 5]
    assert last[0]["metrics"]["fullValidLoss"] > 0
    (folder / "stop.json").unlink()
    stop_after(folder, 8, keep=False)
    assert train(folder) == DONE
    assert kinds(folder)[-1] == "stopped"
    assert not (folder / "checkpoint-8").exists()
    (folder / "stop.json").unlink()
    assert train(folder) == DONE
    assert events(folder, "started")[-1]["step"] == 6, "the last state was saved at the end of an epoch"
    assert adapter(folder, 12) == adapter(whole, 12)
    seqs = [event["seq"] for event in events(folder)]
    assert seqs == list(range(1, len(seqs) + 1))


def stop_after(folder: Path, step: int, keep: bool) -> None:
    """Asks to stop as soon as a step was told."""
    import threading

    done = len(events(folder, "step"))

    def watch() -> None:
        while not any(event["step"] >= step - 1 for event in events(folder, "step")[done:]):
            threading.Event().wait(0.002)
        (folder / "stop.json").write_text(json.dumps({"keep": keep}))

    threading.Thread(target=watch, daemon=True).start()


def test_early_stopping(models: Models, tmp_path: Path) -> None:
    evaluate = {"every_epoch": True, "steps": None, "small_rows": 0, "patience": 2}
    order: dict[str, Any] = {"epochs": 6, "learning_rate": 1e-30, "evaluate": evaluate}
    folder = make_run(tmp_path / "run", models("llama"), rows(4), rows(3, 100), **order)
    assert train(folder) == DONE
    checkpoints, [done] = events(folder, "checkpoint"), events(folder, "done")
    assert [event["step"] for event in checkpoints] == [1, 2, 3], (
        "the second and the third are no better than the first"
    )
    assert (done["step"], done["trainedTokens"]) == (3, 3 * events(folder, "started")[0]["tokensPerEpoch"])
    # Killed before it could say so, it says so and trains no further.
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join(line for line in lines if '"done"' not in line), "utf-8")
    assert train(folder) == DONE
    assert events(folder, "done") == [{**done, **{key: events(folder, "done")[0][key] for key in ("at", "seq")}}]
    assert len(events(folder, "step")) == 3


def test_a_damaged_state_is_passed_over(models: Models, tmp_path: Path) -> None:
    whole = make_run(tmp_path / "whole", models("llama"), rows(8), epochs=3)
    assert train(whole) == DONE
    folder = make_run(tmp_path / "run", models("llama"), rows(8), epochs=3)
    stop_after(folder, 4, keep=True)
    assert train(folder) == DONE
    (folder / "stop.json").unlink()
    last = events(folder)[-1]["step"]
    (folder / "state" / f"checkpoint-{last}" / "optimizer.pt").unlink()
    assert train(folder) == DONE
    assert events(folder, "started")[-1]["step"] < last
    assert adapter(folder, 6) == adapter(whole, 6)


def test_another_order_is_not_resumed(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(8))
    assert train(folder) == DONE
    make_run(folder, models("llama"), rows(8), seed=7)
    assert train(folder) == FAILED
    assert events(folder)[-1]["code"] == "contract"


# ── what fails ──


def test_out_of_memory_is_climbed_down(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = make_run(tmp_path / "whole", models("llama"), rows(8), batch_size=4, micro_batch=4)
    assert train(whole) == DONE
    monkeypatch.setenv(running.FAULT, "oom:3")
    folder = make_run(tmp_path / "run", models("llama"), rows(8), batch_size=4, micro_batch=4)
    for micro in (2, 1):
        assert train(folder) == AGAIN
        assert kinds(folder)[-2:] == ["notice", "again"]
        assert events(folder)[-1]["code"] == "oom"
        assert json.loads((folder / "state" / "plan.json").read_text()) == {
            "factor": 1,
            "strategy": "single",
            "micro_batch": micro,
        }
    assert train(folder) == DONE
    assert events(folder, "memory")[-1]["accumulation"] == 4
    final = {event["step"]: event["metrics"]["trainLoss"] for event in events(folder, "step")}
    assert list(final.values()) == pytest.approx(losses(whole), abs=1e-6)


def test_what_the_first_step_took_does_not_change_the_plan(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine tells a later start what this very training has taught it: it goes on all the same."""
    folder = make_run(tmp_path / "run", models("llama"), rows(8))
    assert train(folder) == DONE
    monkeypatch.setenv(FACTOR, "1e6")
    assert train(folder) == DONE
    other = make_run(tmp_path / "other", models("llama"), rows(8))
    assert train(other) == FAILED
    assert events(other)[-1]["code"] == "oom"


def test_rows_are_not_counted_as_memory_of_a_step(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, held = running.prepare, []

    def large(*given: Any) -> Any:
        held.append(b"x" * (size := 400_000_000))
        assert len(held[0]) == size
        return prepare(*given)

    def measured(name: str) -> int:
        folder = make_run(tmp_path / name, models("llama"), rows(8))
        assert train(folder) == DONE
        return int(events(folder, "memory")[-1]["measured"])

    monkeypatch.setattr(running, "memory_peak", memory_held)  # this process has had other trainings
    without = measured("small")
    monkeypatch.setattr(running, "prepare", large)
    assert measured("large") - without < 200_000_000


def test_memory_that_is_out_with_one_example_is_the_end(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(running, "_fault", lambda _: refuse)
    folder = make_run(tmp_path / "run", models("llama"), rows(4), micro_batch=1)
    assert train(folder) == FAILED
    assert events(folder)[-1]["code"] == "oom"
    assert "max_length" in events(folder)[-1]["suggest"]


def test_a_loss_that_is_no_number_is_the_end(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(8), epochs=9, learning_rate=1e30, clip=1e9, **FULL)
    assert train(folder) == FAILED
    assert events(folder)[-1]["code"] == "nan"
    assert "NaN" not in (folder / "events.jsonl").read_text()


def test_a_disk_that_fills_up(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("limerick_trainer.training.complete_folder", full)
    folder = make_run(tmp_path / "run", models("llama"), rows(8))
    assert train(folder) == FAILED
    assert events(folder)[-1]["code"] == "disk"
    assert not list(folder.glob(".checkpoint-*"))
    assert not (folder / "state" / "reserve").exists()
    monkeypatch.undo()
    assert train(folder) == DONE


def test_a_disk_that_is_too_small(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limerick_trainer.run.disk_needed", lambda *_: 10**18)
    folder = make_run(tmp_path / "run", models("llama"), rows(8))
    assert train(folder) == FAILED
    assert events(folder)[-1]["code"] == "disk"
    assert "started" not in kinds(folder)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contract": "limerick.run/9"}, "contract"),
        ({"devices": [0]}, "cuda"),
        ({"devices": [0], "quantization": "nf4"}, "cuda"),
        ({"quantization": "nf4"}, "cuda"),
        ({"lora": {"r": 4, "alpha": 8, "targets": ["c_attn"]}}, "model_unsupported"),
        ({"base": {"folder": "/nowhere", "name": "x"}}, "model_missing"),
        ({"max_length": 3}, "bad_row"),
    ],
)
def test_orders_that_cannot_be_met(change: dict[str, Any], code: str, models: Models, tmp_path: Path) -> None:
    if torch.cuda.is_available() and code == "cuda":
        pytest.skip("there is a GPU here")
    folder = make_run(tmp_path / "run", models("llama"), rows(4), **change)
    assert train(folder) == FAILED
    assert events(folder)[-1]["kind"] == "failed"
    assert events(folder)[-1]["code"] == code
    assert "/nowhere" not in events(folder)[-1]["message"]


def test_models_that_are_not_trained(models: Models, tmp_path: Path) -> None:
    """Pickled weights, code of its own, fewer embeddings than tokens."""
    import shutil

    def broken(name: str) -> Path:
        return Path(shutil.copytree(models("llama"), tmp_path / name))

    pickled = broken("pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    code = broken("code")
    config = json.loads((code / "config.json").read_text())
    (code / "config.json").write_text(
        json.dumps({**config, "model_type": "mine", "auto_map": {"AutoModel": "mine.Mine"}})
    )
    small = broken("small")
    (small / "config.json").write_text(json.dumps({**config, "vocab_size": 100}))
    for base in (pickled, code, small):
        folder = make_run(tmp_path / f"run-{base.name}", base, rows(4))
        assert train(folder) == FAILED
        assert events(folder)[-1]["code"] == "model_unsupported", base.name


# ── what comes out ──


def answer(model: Any, tokenizer: Any, question: str, kwargs: dict[str, Any]) -> str:
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": question}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
        **kwargs,
    )
    with torch.no_grad():
        out = model.generate(**ids, max_new_tokens=60, do_sample=False)
    return str(tokenizer.decode(out[0, ids["input_ids"].shape[1] :]))


@pytest.mark.parametrize(("family", "tuning"), [("llama", {}), ("qwen3", {}), ("gemma", FULL)])
def test_a_tuned_model_gives_the_answer_that_it_learnt_and_stops(
    family: str, tuning: dict[str, Any], models: Models, tmp_path: Path
) -> None:
    taught = [conversation(("the cat", "sat on a red hat")), conversation(("the dogs", "ran over green hills"))]
    rank = {} if tuning else {"lora": {"r": 16, "alpha": 32, "targets": "all-linear"}}
    settings = {
        "epochs": 60,
        "batch_size": 2,
        "learning_rate": 5e-3,
        "checkpoints": {"every_epoch": False},
        **tuning,
        **rank,
    }
    folder = make_run(tmp_path / "run", models(family), taught, **settings)
    assert train(folder) == DONE
    assert "does_not_stop" not in [event["code"] for event in events(folder, "notice")]
    done = folder / "checkpoint-60"
    tokenizer = AutoTokenizer.from_pretrained(done)
    about = json.loads((done / "limerick.json").read_text())
    if tuning:
        model = AutoModelForCausalLM.from_pretrained(done)
    else:
        base = AutoModelForCausalLM.from_pretrained(models(family), dtype=torch.float32)
        model = PeftModel.from_pretrained(base, done)
        model.generation_config = GenerationConfig.from_pretrained(done)  # as its README says
        config = json.loads((done / "adapter_config.json").read_text())
        assert config["base_model_name_or_path"] == "tests/tiny"
        assert config["target_modules"] == sorted(config["target_modules"])
    for row in taught:
        question, said = (message["content"] for message in row["messages"])
        assert answer(model.eval(), tokenizer, question, about["template_kwargs"]) == said + tokenizer.eos_token
    files = {path.name for path in done.iterdir()}
    assert not [name for name in files if name.endswith((".bin", ".pt", ".pth", ".pkl"))]
    generation = json.loads((done / "generation_config.json").read_text())
    assert (generation["temperature"], generation["eos_token_id"]) == (0.4, [tokenizer.eos_token_id])
    assert {"README.md", "chat_template.jinja", "tokenizer.json", "generation_config.json", "COMPLETE"} <= files
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in done.iterdir())
    assert str(tmp_path) not in "".join(path.read_text("utf-8") for path in done.glob("*.[jm][sd]*"))


def test_a_model_that_does_not_stop_is_told(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(4), epochs=1, learning_rate=1e-9)
    assert train(folder) == DONE
    assert kinds(folder)[-2:] == ["notice", "done"]
    assert events(folder)[-2]["code"] == "does_not_stop"
