"""Order, reports, checkpoints and plan: what needs no model."""

import json
import math
import threading
from pathlib import Path
from typing import Any

import pytest
from worlds import conversation, make_spec, make_tokenizer, rows

from limerick_trainer import checkpoint, data
from limerick_trainer.devices import driver_problem, probe
from limerick_trainer.errors import Refusal
from limerick_trainer.estimate import Shape, adapter_targets, memory_needed, trained_parameters
from limerick_trainer.events import LINE_LIMIT, Events
from limerick_trainer.failures import is_disk_full, is_out_of_memory, refusal_of
from limerick_trainer.memory import FACTOR, MemoryPlan, fit
from limerick_trainer.plan import Plan, Slots, most_parts, split_step
from limerick_trainer.spec import Spec, fingerprint, parse_spec
from limerick_trainer.stop import StopRequests

BASE = Path("/nowhere")


# ── spec.json ──


def test_an_order_is_read() -> None:
    spec = parse_spec(make_spec(BASE, micro_batch="auto"))
    assert (spec.batch_size, spec.micro_batch, spec.checkpoints.keep) == (4, "auto", 3)
    assert (spec.rank, spec.targets) == (4, None)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"contract": "limerick.run/2"}, "limerick.run/1"),
        ({"loss_per_row": "auto"}, '"loss_per_row"'),
        ({"base": {"folder": "/x", "name": "x", "files": 1}}, '"files" of spec.base'),
        ({"epochs": 0}, "spec.epochs"),
        ({"epochs": True}, "spec.epochs"),
        ({"batch_size": "8"}, "spec.batch_size"),
        ({"learning_rate": 0}, "spec.learning_rate"),
        ({"learning_rate": math.nan}, "spec.learning_rate"),
        ({"devices": [0, -1]}, r"spec.devices\[1\]"),
        ({"method": "reinforcement"}, "spec.method"),
        ({"lora": None}, '"lora" has to be given'),
        ({"tuning": "full", "lora": {"r": 1, "alpha": 1}}, '"lora" has to be given'),
        ({"dpo": {"beta": 0.1}}, '"dpo" belongs'),
        ({"tuning": "full", "quantization": "nf4"}, "4 bits"),
    ],
)
def test_what_is_wrong_with_an_order_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(Refusal, match=named) as told:
        parse_spec(make_spec(BASE, **change))
    assert told.value.code == "contract"


def test_the_fingerprint_is_of_what_the_weights_depend_on() -> None:
    def of(**changes: Any) -> str:
        return fingerprint(parse_spec(make_spec(BASE, **changes)))

    assert of(job="other", micro_batch=1, devices=[0, 1]) == of()
    assert of(base={"folder": "/moved", "name": "tests/tiny"}) == of(), "the data folder may move"
    assert of(seed=43) != of()
    assert of(template={"source": "base", "kwargs": {"enable_thinking": True}}) != of()


# ── events.jsonl ──


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def test_a_half_line_is_cut_off_and_the_count_goes_on(tmp_path: Path) -> None:
    Events(tmp_path).emit("hello")
    with open(tmp_path / "events.jsonl", "a") as file:
        file.write('{"v":1,"seq":2,"kind":"st')
    Events(tmp_path).emit("started", durable=True, step=0)
    assert [(line["seq"], line["kind"]) for line in lines(tmp_path)] == [(1, "hello"), (2, "started")]


def test_a_file_of_half_a_line_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text('{"v":1')
    Events(tmp_path).emit("hello")
    assert [line["seq"] for line in lines(tmp_path)] == [1]


def test_a_line_stays_short_and_has_no_nan(tmp_path: Path) -> None:
    events = Events(tmp_path)
    events.emit("step", rows=list(range(9000)), losses=[1 / 3] * 9000)
    assert (tmp_path / "events.jsonl").stat().st_size <= LINE_LIMIT
    assert lines(tmp_path)[0]["losses"] is None
    assert len(lines(tmp_path)[0]["rows"]) == 9000
    with pytest.raises(ValueError, match="JSON"):
        events.emit("step", loss=math.nan)
    events.emit("done", message="٣" * 90_000)
    assert [line["seq"] for line in lines(tmp_path)] == [1, 2]


def test_silence_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limerick_trainer.events.QUIET", 0.02)
    events = Events(tmp_path)
    events.doing = "loading the model"
    with events.heartbeats():
        while not lines(tmp_path):
            threading.Event().wait(0.01)
    assert {line["kind"] for line in lines(tmp_path)} == {"heartbeat"}
    assert lines(tmp_path)[0]["doing"] == "loading the model"


def test_only_the_first_process_writes(tmp_path: Path) -> None:
    Events(tmp_path, writes=False).emit("hello")
    assert not (tmp_path / "events.jsonl").exists()


def test_stop_requests(tmp_path: Path) -> None:
    stop = StopRequests(tmp_path)
    assert stop.asked() == "drop", "the run was deleted"
    (tmp_path / "spec.json").write_text("{}")
    assert stop.asked() is None
    (tmp_path / "stop.json").write_text('{"keep": tr')
    assert stop.asked() is None, "it is still being written"
    (tmp_path / "stop.json").write_text('{"keep": true}')
    assert stop.asked() == "keep"
    (tmp_path / "stop.json").write_text('{"keep": false}')
    assert stop.asked() == "drop"


# ── checkpoints ──


def fill(folder: Path) -> None:
    (folder / "weights").write_bytes(b"1234")


def test_a_checkpoint_counts_when_it_is_whole(tmp_path: Path) -> None:
    for step in (2, 10, 9):
        checkpoint.write_folder(tmp_path / f"checkpoint-{step}", step, 1, fill)
    assert [folder.name for folder in checkpoint.checkpoints(tmp_path)] == [
        "checkpoint-10",
        "checkpoint-9",
        "checkpoint-2",
    ]
    record = json.loads((tmp_path / "checkpoint-9" / "COMPLETE").read_text())
    digest = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4"
    assert record == {"step": 9, "epoch": 1, "files": {"weights": {"bytes": 4, "sha256": digest}}}
    assert (tmp_path / "checkpoint-9" / "weights").stat().st_mode & 0o777 == 0o644
    (tmp_path / "checkpoint-10" / "weights").write_bytes(b"1235")
    newest = checkpoint.newest(tmp_path)
    assert newest is not None
    assert newest.name == "checkpoint-9", "a damaged one is passed over"
    checkpoint.prune(tmp_path, 1, best=2)
    assert [folder.name for folder in checkpoint.checkpoints(tmp_path)] == ["checkpoint-10", "checkpoint-2"]


def test_what_a_crash_left_is_cleared(tmp_path: Path) -> None:
    checkpoint.write_folder(tmp_path / "checkpoint-1", 1, 1, fill)
    for name in ("checkpoint-2", ".checkpoint-3.tmp", ".checkpoint-1.old"):
        (tmp_path / name).mkdir()
        fill(tmp_path / name)
    checkpoint.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-1"]


# ── plan ──


def test_the_rows_of_a_step_are_the_built_in_trainers() -> None:
    """Values of planBatches (lib/engine/model/batches.ts)."""
    plan = Plan(rows=11, batch_size=4, epochs=3, seed=42)
    steps = [plan.rows_of(step) for step in range(1, plan.total_steps + 1)]
    assert steps == [
        [6, 8, 7, 9], [4, 0, 10, 2], [3, 1, 5],
        [7, 1, 6, 5], [10, 4, 0, 3], [9, 2, 8],
        [8, 5, 4, 0], [6, 2, 9, 7], [1, 10, 3],
    ]  # fmt: skip
    assert [plan.epoch(step) for step in (1, 3, 4, 9)] == [1, 1, 2, 3]
    assert Plan(5, 5, 2, 4_000_000_000).rows_of(2) == [3, 1, 2, 0, 4]


@pytest.mark.parametrize(("most", "processes", "limit", "expected"), [
    (8, 1, 8, (8, 1)), (8, 1, 3, (3, 3)), (8, 2, 4, (4, 1)), (7, 2, 2, (2, 2)), (1, 4, 9, (1, 1)), (5, 1, 4, (3, 2)),
])  # fmt: skip
def test_a_step_is_split(most: int, processes: int, limit: int, expected: tuple[int, int]) -> None:
    split = split_step(most, processes, limit)
    assert (split.micro, split.accumulation) == expected
    assert split.slots >= most


def test_the_parts_of_a_row_stay_in_one_step() -> None:
    plan = Plan(rows=5, batch_size=2, epochs=1, seed=1)
    parts = [[0], [1, 2, 3], [4], [5, 6], [7]]
    slots = Slots(plan, parts, split_step(most_parts(plan, parts), 1, 2), blank=8)
    steps = [slots.of(step) for step in (1, 2, 3)]
    for step, taken in enumerate(steps, 1):
        assert [part for part in taken if part != 8] == [part for row in plan.rows_of(step) for part in parts[row]]
    assert len({len(taken) for taken in steps}) == 1
    assert list(slots) == [part for taken in steps for part in taken]
    assert len(slots) == len(list(slots))


# ── labels on the disk ──


def write_rows(folder: Path, values: list[dict[str, Any]]) -> None:
    (folder / "train.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))


def test_labels_of_the_first_start_stay(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    write_rows(tmp_path, rows(3))
    tokenizer, spec = make_tokenizer("chatml"), parse_spec(make_spec(BASE))
    first = data.prepare(tmp_path, spec, tokenizer)
    assert first.facts["trained_tokens"] == sum(sample.learnt for sample in first.training)
    tokenizer.chat_template = "{{ 'another day' }}" + tokenizer.chat_template
    assert data.prepare(tmp_path, spec, tokenizer) == first
    write_rows(tmp_path, rows(4))
    with pytest.raises(Refusal, match="not what it was") as told:
        data.prepare(tmp_path, spec, tokenizer)
    assert told.value.code == "contract"


def test_data_without_thoughts_is_trained_without_thinking(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    write_rows(tmp_path, rows(2))
    prepared = data.prepare(tmp_path, parse_spec(make_spec(BASE)), make_tokenizer("qwen3"))
    assert prepared.template_kwargs == {"enable_thinking": False}
    assert prepared.facts["template_kwargs"] == {"enable_thinking": False}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"messages": [}', "Row 1 is not JSON"),
        ("[]", "Row 1 is not an object"),
        ('{"prompt": "a"}', "not a row of this"),
        ("", "no rows"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "train.jsonl").write_text(content)
    with pytest.raises(Refusal, match=named):
        data.prepare(tmp_path, parse_spec(make_spec(BASE)), make_tokenizer("chatml"))


def test_the_labels_hash_is_of_32_bit_numbers() -> None:
    from hashlib import sha256

    from limerick_trainer.labels import Sample

    bytes_of = b"".join(number.to_bytes(4, "little", signed=True) for number in (5, 6, -100, 6))
    assert data.labels_hash([Sample(0, [5, 6], [-100, 6])]) == "sha256:" + sha256(bytes_of).hexdigest()


# ── memory, devices, failures ──

LLAMA_8B = Shape(8_030_000_000, 1_050_000_000, 4096, 32, 14336, 128256, 8192, tuple(
    (name, *size) for name, size in {"q_proj": (4096, 4096), "k_proj": (1024, 4096), "v_proj": (1024, 4096), "o_proj": (4096, 4096),
    "gate_proj": (14336, 4096), "up_proj": (14336, 4096), "down_proj": (4096, 14336)}.items() for _ in range(32)
))  # fmt: skip


def large(**changes: Any) -> Spec:
    lora = {"r": 16, "alpha": 32, "targets": "all-linear"}
    return parse_spec(
        make_spec(BASE, **{"devices": [0], "dtype": "bf16", "micro_batch": "auto", "lora": lora, **changes})
    )


@pytest.mark.parametrize(("quantization", "gigabytes"), [(None, 22), ("nf4", 10)])
def test_the_estimate_of_a_known_model(quantization: str | None, gigabytes: float) -> None:
    """Llama 3.1 8B, rank 16, 2048 tokens: reckoned by hand."""
    spec = large(quantization=quantization)
    assert trained_parameters(spec, LLAMA_8B) == pytest.approx(41.9e6, rel=0.01)
    assert memory_needed(spec, LLAMA_8B, 2048, 1).total / 1e9 == pytest.approx(gigabytes, rel=0.15)


def test_what_does_not_fit_is_told_in_words() -> None:
    small, big = 15_600_000_000, 80 * 10**9
    with pytest.raises(Refusal, match=r"needs \d+\.\d GB on each device, of which 15.6 GB are free") as told:
        fit(large(), LLAMA_8B, 2048, 8, small, 1)
    assert told.value.suggest == "qlora, or max_length 1024, or 2 devices"
    assert fit(large(), LLAMA_8B, 2048, 8, big, 1).limit == 8
    assert fit(large(), LLAMA_8B, 2048, 7, big, 1).limit == 7
    assert fit(large(micro_batch=3), LLAMA_8B, 2048, 8, big, 1).limit == 3
    assert fit(large(), LLAMA_8B, 2048, 8, small, 4).strategy == "fsdp2"
    assert fit(large(), LLAMA_8B, 2048, 8, big, 4).strategy == "ddp"


def test_the_plan_of_the_first_start_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 30 * 10**9
    monkeypatch.setenv(FACTOR, "0.9")
    plan = MemoryPlan(tmp_path)
    first = fit(large(), LLAMA_8B, 2048, 8, free, 2, factor=plan.factor, strategy=plan.strategy)
    assert first.strategy == "ddp"
    plan.settle(plan.factor, first.strategy)
    plan.lower(2)
    monkeypatch.setenv(FACTOR, "1.5")
    assert fit(large(), LLAMA_8B, 2048, 8, free, 2, factor=1.5).strategy == "fsdp2"
    later = MemoryPlan(tmp_path)
    assert (later.factor, later.strategy, later.limit) == (0.9, "ddp", 2)
    assert fit(large(), LLAMA_8B, 2048, 8, free, 2, factor=later.factor, strategy=later.strategy) == first
    later.settle(1.5, "fsdp2")
    assert later.strategy == "ddp"


def test_adapter_targets() -> None:
    llama = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    phi = {"qkv_proj", "o_proj", "gate_up_proj", "down_proj"}
    wanted = tuple(sorted(llama))
    assert adapter_targets(wanted, llama) == sorted(llama)
    assert adapter_targets(wanted, phi) == sorted(phi), "one matrix holds three projections"
    assert adapter_targets(None, {*llama, "gate"}) == sorted(llama), "a router is left alone"
    with pytest.raises(Refusal, match="has no layer c_attn"):
        adapter_targets(("c_attn",), llama)


def test_drivers() -> None:
    assert driver_problem("580.65.06", "13.0") is None
    assert driver_problem("560.35", "12.8") is None, "builds of one major version run on all its drivers"
    old = driver_problem("535.183.01", "13.0")
    assert old is not None
    assert "535.183.01 runs at most CUDA 12.2; this PyTorch was built for CUDA 13.0" in old["message"]
    assert (old["code"], old["values"]["newest"]) == ("driver", "12.2")


def test_probe() -> None:
    facts = probe()
    assert (facts["contract"], facts["trainer"]) == ("limerick.run/1", "trl")
    assert {"python", "torch", "trl", "transformers", "peft"} <= set(facts["versions"])
    assert facts["cpu"]["memory"] > facts["cpu"]["free"] > 0
    assert facts["missing"] == []
    json.dumps(facts, allow_nan=False)


def test_failures() -> None:
    wrapped = RuntimeError("save failed")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert is_disk_full(wrapped)
    assert refusal_of(wrapped).code == "disk"
    assert is_out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"))
    assert refusal_of(ImportError(name="trl")).code == "dependency"
    assert refusal_of(KeyError("/secret/path")).message == "The trainer failed (KeyError); its log says where."
    assert conversation(("a", "b"))["messages"][1]["role"] == "assistant"
