"""One training, from its folder to its end; __main__ turns what is raised here into events and exit codes."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from transformers import PrinterCallback
from transformers.utils import logging as transformers_logging
from trl import DPOConfig, SFTConfig

from . import checkpoint as folders
from .data import Prepared, prepare
from .devices import memory_held, memory_of_cpu, memory_peak, probe, torch_devices, versions
from .errors import Refusal, Stopped
from .estimate import OVERHEAD, RECOMPUTED, Need, Shape, disk_needed, gigabytes, memory_needed, read_shape
from .events import Events
from .labels import IGNORED, Sample
from .memory import Fit, MemoryPlan, fit
from .model import load_base, load_tokenizer, lora_config
from .objective import ExactDPO, ExactSFT, pairs, sequences
from .plan import Plan, Slots, Split, most_parts, split_step
from .spec import Spec, fingerprint
from .stop import StopRequests

Json = dict[str, Any]

_NAMED = 5  # rows in a sentence

FAULT = "LIMERICK_TRAINER_FAULT"
"""Only for tests: `oom:STEP` runs out of memory before that step while more than one sequence is read at a time."""


@dataclass(frozen=True)
class Job:
    """What is known before the model is loaded."""

    folder: Path
    spec: Spec
    prepared: Prepared
    shape: Shape
    tokenizer: Any
    plan: Plan
    parts: list[list[int]]  # sequences (supervised) or pairs of each training row
    split: Split
    fit: Fit
    gpu: bool
    rows_memory: int  # bytes of main memory that the tokens take, which no estimate counts

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def pairs(self) -> bool:
        return self.spec.method == "dpo"

    @cached_property
    def sizes(self) -> list[int]:
        """Tokens of each sequence or pair."""
        tokens = [len(sample.ids) for sample in self.prepared.training]
        return [a + b for a, b in zip(tokens[::2], tokens[1::2], strict=True)] if self.pairs else tokens

    @cached_property
    def ends(self) -> list[int]:
        """The tokens that end an answer."""
        whole = (sample for sample in self.prepared.training if len(sample.ids) < self.spec.max_length)
        return sorted({next(label for label in reversed(sample.labels) if label != IGNORED) for sample in whole})

    def measured(self) -> int:
        """Most memory that this process has taken so far, in bytes, of what the estimate counts."""
        return int(torch.cuda.max_memory_reserved()) + OVERHEAD if self.gpu else memory_peak() - self.rows_memory

    def estimate(self, step: int) -> Need:
        """Of a step, whose rows may be shorter than the longest ones."""
        samples, pair = self.prepared.training, 2 if self.pairs else 1
        parts = [part for row in self.plan.rows_of(step) for part in self.parts[row]]
        tokens = max(len(sample.ids) for part in parts for sample in samples[pair * part : pair * (part + 1)])
        shards = self.split.processes if self.fit.strategy == "fsdp2" else 1
        return memory_needed(self.spec, self.shape, tokens, self.split.micro, shards)

    def tell_memory(self, events: Events, estimate: Need, measured: int | None) -> None:
        split, strategy = self.split, self.fit.strategy
        shape: Json = {"micro_batch": split.micro, "accumulation": split.accumulation, "strategy": strategy}
        events.emit("memory", estimate=estimate.wire(), measured=measured, free=_free(self.gpu), **shape)


def _free(gpu: bool) -> int:
    return int(torch.cuda.mem_get_info()[0]) if gpu else memory_of_cpu()[1]


def _beside() -> int:
    """Processes of this training on this computer."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", 1))


def _least(size: int) -> int:
    """Of all processes, which have to divide a step in the same way."""
    if not torch.distributed.is_initialized():
        return size
    found = torch.tensor(size, dtype=torch.int64, device=PartialState().device)
    torch.distributed.all_reduce(found, op=torch.distributed.ReduceOp.MIN)
    return int(found.item())


def _device(spec: Spec) -> torch.device:
    if spec.quantization and not spec.devices:
        message = "Weights of 4 bits (QLoRA) need an NVIDIA GPU; on a CPU train by lora."
        raise Refusal("cuda", message, suggest="lora")
    if not spec.devices:
        return torch.device("cpu")
    rank, count = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
    if rank >= count:
        problems = (
            " ".join(problem["message"] for problem in probe()["problems"]) or f"PyTorch can use {count} of them."
        )
        raise Refusal("cuda", f"This training is for {len(spec.devices)} GPUs. {problems}")
    torch.cuda.set_device(rank)
    return torch.device("cuda", rank)


def _expect_tokens(samples: list[Sample], shape: Shape) -> None:
    for sample in samples:
        if len(sample.ids) != len(sample.labels) or max(sample.ids) >= shape.vocabulary:
            message = "The tokenizer knows tokens that the base model does not."
            raise Refusal("model_unsupported", message, row=sample.row)


def _tell_prepared(events: Events, facts: Json) -> None:
    events.emit("prepared", **facts)

    def named(kind: str) -> str:
        """The first of those rows, counted from one."""
        rows = [entry if isinstance(entry, int) else entry["row"] for entry in facts[kind]]
        more = ", …" if len(rows) > _NAMED else ""
        return ", ".join(str(row + 1) for row in rows[:_NAMED]) + more

    lost = sum(entry["lost"] for entry in facts["truncated"])
    for code, count, message in (
        ("truncated", facts["truncated_rows"], f"Rows {named('truncated')} are cut at their end, by {lost} tokens in all."),
        ("split", facts["split_rows"], f"The template changes earlier answers: rows {named('split')} are read once for each."),
        ("boundary", len(facts["boundary"]), f"In rows {named('boundary')} a token reaches over the start of an answer; it is not learnt."),
    ):  # fmt: skip
        if count:
            events.notice(code, message, level="info" if code == "split" else "warn")


def plan_job(folder: Path, spec: Spec, events: Events, memory: MemoryPlan, check: Callable[[], None], gpu: bool) -> Job:
    """Everything up to the loading of the model; tells `prepared` and `memory`. Raises `Refusal`."""
    processes = PartialState().num_processes
    events.doing = "reading the base model"
    tokenizer, shape = load_tokenizer(spec.base.folder), read_shape(spec.base.folder)
    spec = replace(spec, max_length=min(spec.max_length, shape.context))
    events.doing, libraries = "tokenizing the rows", memory_held()
    with PartialState().main_process_first():
        prepared = prepare(folder, spec, tokenizer, check)
    rows_memory = max(0, memory_held() - libraries)
    samples = [*prepared.training, *prepared.validation]
    _expect_tokens(samples, shape)
    _tell_prepared(events, prepared.facts)
    rows = prepared.facts["rows"]
    plan = Plan(rows, spec.batch_size, spec.epochs, spec.seed)
    parts: list[list[int]] = [[] for _ in range(rows)]
    for index, sample in enumerate(prepared.training[:: 2 if spec.method == "dpo" else 1]):
        parts[sample.row].append(index)
    most = most_parts(plan, parts)
    # The estimate for a CPU counts the libraries, which are loaded already.
    free = _least(_free(gpu) if gpu else _free(gpu) // _beside() + libraries)
    tokens, each, factor = max(len(sample.ids) for sample in samples), math.ceil(most / processes), memory.factor
    fitting = fit(spec, shape, tokens, each, free, processes, factor=factor, strategy=memory.strategy)
    if PartialState().is_main_process:
        memory.settle(factor, fitting.strategy)
    split = split_step(most, processes, _least(min(fitting.limit, memory.limit)))
    if processes > most:
        message = f"A step has {most} examples: {processes - most} devices have nothing to do."
        events.notice("idle_devices", message, level="warn")
    job = Job(folder, spec, prepared, shape, tokenizer, plan, parts, split, fitting, gpu, rows_memory)
    job.tell_memory(events, fitting.need, None)
    return job


def _expect_disk(job: Job) -> None:
    usage, need = os.statvfs(job.folder), disk_needed(job.spec, job.shape)
    free = usage.f_bavail * usage.f_frsize
    if need > free:
        message = f"The checkpoints of this training need {gigabytes(need)}, of which {gigabytes(free)} are free."
        raise Refusal("disk", message, suggest="fewer checkpoints, or a smaller adapter")


def _arguments(job: Job) -> Json:
    spec = job.spec
    arguments: Json = {
        "output_dir": str(job.state),
        "per_device_train_batch_size": job.split.micro,
        "gradient_accumulation_steps": job.split.accumulation,
        "max_steps": job.plan.total_steps,
        "learning_rate": spec.learning_rate,
        "weight_decay": spec.weight_decay,
        "max_grad_norm": spec.clip,
        "bf16": job.gpu and spec.dtype == "bf16",
        "use_cpu": not job.gpu,
        "activation_checkpointing": job.gpu or job.shape.parameters > RECOMPUTED,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "seed": spec.seed,
        "max_length": None,
        "ddp_find_unused_parameters": False,
        "dataloader_pin_memory": job.gpu,
        "full_determinism": spec.deterministic,
        "router_aux_loss_coef": 0.0,
    }
    if job.fit.strategy == "fsdp2":
        settings = {"version": 2, "auto_wrap_policy": "TRANSFORMER_BASED_WRAP", "state_dict_type": "SHARDED_STATE_DICT"}
        arguments |= {"fsdp": True, "fsdp_config": settings}
    return arguments


def build(job: Job) -> Any:
    """TRL's trainer of a job."""
    spec, plan, samples = job.spec, job.plan, job.prepared.training
    # Weights that are trained themselves stay in float32, and are rounded for each multiplication only.
    model = load_base(spec, torch.bfloat16 if job.gpu and spec.dtype == "bf16" and spec.lora else torch.float32)
    pad = job.tokenizer.pad_token_id
    make = pairs if job.pairs else sequences
    training, validation = make(samples, pad), make(job.prepared.validation, pad)
    common = {"model": model, "processing_class": job.tokenizer, "peft_config": lora_config(spec, model)}
    trainer: Any
    if job.pairs:
        alone = spec.lora is None  # no adapter that could be switched off to find the model it started from
        beta = spec.dpo.beta if spec.dpo else 0.1
        config = DPOConfig(**_arguments(job), beta=beta, precompute_ref_log_probs=alone)
        trainer = ExactDPO(args=config, train_dataset=training, eval_dataset=validation, **common)
        weights, validation = [1] * plan.rows, trainer.eval_dataset
    else:
        trainer = ExactSFT(args=SFTConfig(**_arguments(job)), train_dataset=training, **common)
        learnt = [sum(label != IGNORED for label in sample.labels[1:]) for sample in samples]
        weights = [sum(learnt[part] for part in parts) for parts in job.parts]
    trainer.slots, trainer.split = Slots(plan, job.parts, job.split, blank=len(training) - 1), job.split
    trainer.weight_of = lambda step: sum(weights[row] for row in plan.rows_of(step))
    trainer.before, trainer.validation = _fault(job), validation
    trainer.warm_up = max(1, math.ceil(spec.warmup_ratio * plan.total_steps))
    trainer.remove_callback(PrinterCallback)
    return trainer


def _fault(job: Job) -> Callable[[int], None]:
    def before(step: int) -> None:
        if os.environ.get(FAULT) == f"oom:{step}" and job.split.micro > 1:
            raise torch.OutOfMemoryError("a fault of a test")

    return before


def _resume(job: Job, events: Events) -> tuple[Path | None, Json]:
    """The newest whole state, and what was noted with it. Raises `Refusal` "contract" for that of another order."""
    found = folders.newest(job.state)
    step = _least(folders.step_of(found) if found else 0)  # a process may see the shared folder as it was before
    newest = job.state / f"checkpoint-{step}" if step else None
    if newest is None:
        return None, {}
    about = folders.read_json(newest / "limerick.json") or {}
    if about.get("order") != fingerprint(job.spec) or about.get("labels") != job.prepared.facts["labels_hash"]:
        message = "spec.json or a data file is not what it was when this run began; start it in a new folder."
        raise Refusal("contract", message)
    events.notice("resumed", f"Goes on after step {folders.step_of(newest)}.")
    return newest, about


def _stops(job: Job, trainer: Any) -> bool:
    """Whether the tuned model ends an answer by itself, asked as it was trained."""
    sample = job.prepared.training[0]
    longest = max(each.learnt for each in job.prepared.training)
    model = trainer.accelerator.unwrap_model(trainer.model).eval()
    ids = torch.tensor([sample.ids[: sample.start]], device=trainer.accelerator.device)
    with torch.no_grad(), trainer.compute_loss_context_manager():
        answer = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=min(2 * longest + 32, 512, max(1, job.shape.context - sample.start)),
            do_sample=False,
            eos_token_id=job.ends,
            pad_token_id=job.tokenizer.pad_token_id,
        )
    return int(answer[0, -1]) in job.ends


def run(folder: Path, spec: Spec, events: Events, stop: StopRequests, memory: MemoryPlan) -> None:
    """Trains; tells `done` or `stopped` at its end. Raises `Refusal`, `Stopped`, and whatever the libraries raise."""
    from .training import STOPPED, Training

    def check() -> None:
        if stop.asked():
            raise Stopped

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    device = _device(spec)
    state = PartialState(cpu=device.type == "cpu")
    found = [{key: gpu[key] for key in ("name", "memory", "driver")} for gpu in torch_devices(torch)]
    cpu = {"name": "CPU", "memory": memory_of_cpu()[0], "driver": None}
    devices = found if spec.devices else [cpu]
    events.emit("hello", trainer="trl", versions=versions(), devices=devices, world_size=state.num_processes)
    check()
    job = plan_job(folder, spec, events, memory, check, device.type == "cuda")
    _expect_disk(job)
    memory.micro = job.split.micro
    events.doing = "loading the model"
    trainer = build(job)
    training = Training(job, trainer, events, stop)
    trainer.add_callback(training)
    state.wait_for_everyone()
    resumed, about = _resume(job, events)
    step, tokens = folders.step_of(resumed) if resumed else 0, sum(job.sizes)
    events.emit("started", step=step, totalSteps=job.plan.total_steps, tokensPerEpoch=tokens)
    training.go_on(step, about)
    check()
    events.doing = "training"
    over = training.stuck  # before it could say that it was done
    if not over:
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
        step = trainer.state.global_step
    if training.wish in STOPPED:
        events.emit("stopped", durable=True, step=step)
        return
    events.doing = "trying an answer"
    if not over and state.is_main_process and job.fit.strategy != "fsdp2" and not _stops(job, trainer):
        message = "Asked for a training row, the model does not end its answer by itself: it may need more steps."
        events.notice("does_not_stop", message, level="warn")
    state.wait_for_everyone()
    events.emit("done", durable=True, step=step, trainedTokens=tokens * job.plan.epoch(step))
