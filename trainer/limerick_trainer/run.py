"""One training, from its folder to its end. `train` in __main__ turns what is raised here into events and exit codes."""

import math
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from transformers import PrinterCallback, TrainerCallback
from transformers.utils import logging as transformers_logging
from trl import DPOConfig, SFTConfig

from . import checkpoint as folders
from .data import Prepared, prepare
from .devices import memory_of_cpu, probe, torch_devices, versions
from .errors import Refusal, Stopped
from .estimate import Shape, disk_needed, gigabytes, read_shape, trained_parameters
from .events import Events, finite
from .labels import IGNORED, Sample
from .memory import Attempt, Fit, MemoryPlan, Room, fit
from .model import DTYPES, load_base, load_tokenizer, lora_config
from .objective import Exact, ExactDPO, ExactSFT, pairs, sequences
from .plan import Plan, Slots, Split, most_parts, split_step
from .publish import complete_folder, generation_config, name_base
from .spec import Spec
from .stop import StopRequests

Json = dict[str, Any]

FAULT = "LIMERICK_TRAINER_FAULT"
"""Only for tests: `oom:STEP` runs out of memory before that step while more than one sequence is read at a time."""

VALIDATIONS = 4  # small ones in an epoch
_CHECKPOINTED = 200e6  # parameters from which activations are computed twice rather than kept
_SAVE_SHARE = 20  # a save may take a twentieth of the time

# What the processes tell each other at the end of a step; the largest counts.
_GO, _SAVE, _DROP, _KEEP = 0, 1, 2, 3


@dataclass(frozen=True)
class Job:
    """What is known before the model is loaded."""

    folder: Path
    spec: Spec
    prepared: Prepared
    shape: Shape
    tokenizer: Any
    plan: Plan
    """Sequences (supervised) or pairs of each training row."""
    parts: list[list[int]]
    split: Split
    fit: Fit

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def pairs(self) -> bool:
        return self.spec.method == "dpo"

    @property
    def tokens_per_epoch(self) -> int:
        return sum(len(sample.ids) for sample in self.prepared.training)

    @property
    def ends(self) -> list[int]:
        """The tokens that end an answer."""
        shown = (sample for sample in self.prepared.training if len(sample.ids) < self.spec.max_length)
        return sorted({next(label for label in reversed(s.labels) if label != IGNORED) for s in shown})


def parts_of(samples: list[Sample], rows: int, paired: bool) -> list[list[int]]:
    if paired:
        return [[row] for row in range(rows)]
    parts: list[list[int]] = [[] for _ in range(rows)]
    for index, sample in enumerate(samples):
        parts[sample.row].append(index)
    return parts


def _device(spec: Spec, rank: int) -> torch.device:
    if spec.quantization and not spec.devices:
        message = "Weights of 4 bits (QLoRA) need an NVIDIA GPU; on a CPU train by lora."
        raise Refusal("cuda", message, suggest="lora")
    if not spec.devices:
        return torch.device("cpu")
    if not torch.cuda.is_available():
        problems = " ".join(probe()["problems"]) or "PyTorch finds none."
        raise Refusal("cuda", f"This training is for a GPU. {problems}")
    count = torch.cuda.device_count()
    if rank >= count:
        raise Refusal("cuda", f"This training is for {len(spec.devices)} GPUs, of which {count} can be used.")
    torch.cuda.set_device(rank)
    return torch.device("cuda", rank)


def _expect_tokens(samples: list[Sample], shape: Shape) -> None:
    for sample in samples:
        if len(sample.ids) != len(sample.labels) or max(sample.ids) >= shape.vocabulary:
            raise Refusal(
                "model_unsupported", "The tokenizer knows tokens that the base model does not.", row=sample.row
            )


def _tell_prepared(events: Events, prepared: Prepared) -> None:
    facts = prepared.facts
    events.emit("prepared", **facts)
    if facts["truncated_rows"]:
        lost = sum(entry["lost"] for entry in facts["truncated"])
        events.notice(
            "truncated", f"{facts['truncated_rows']} rows are cut at their end, by {lost} tokens.", level="warn"
        )
    if facts["split_rows"]:
        events.notice(
            "split", f"{facts['split_rows']} rows are read once for each answer: the template changes earlier ones."
        )
    if facts["boundary"]:
        events.notice(
            "boundary", "In some rows a token reaches over the start of an answer; it is not learnt.", level="warn"
        )
    if facts["special"]:
        rows = ", ".join(str(row + 1) for row in facts["special"][:5])
        message = f"Text of some rows (such as {rows}) names special tokens; the model reads it as these tokens."
        events.notice("special_tokens", message, level="warn")


class Training(TrainerCallback):  # type: ignore[misc]
    """Follows TRL's loop: reports steps, validates, saves, stops."""

    def __init__(self, job: Job, trainer: Any, events: Events, stop: StopRequests) -> None:
        self.job, self.trainer, self.events, self.stop = job, trainer, events, stop
        self.main: bool = trainer.accelerator.is_main_process
        self.wish = _GO
        self._began = self._saved = time.monotonic()
        self._save_seconds = 0.0
        self._rate: float | None = None
        self._step: Json | None = None
        self._due = False
        self.last: Json = {}
        self.best: Json | None = None
        self.measured = False

    # ── the loop's calls ──

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._saved = time.monotonic()

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._began = time.monotonic()

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._rate = self.trainer.optimizer.param_groups[0]["lr"]

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        step = state.global_step
        plan, spec = self.job.plan, self.job.spec
        scores = self.trainer.collect()
        metrics, losses = self._learnt(step, scores)
        wish = self._agree()
        ends = (plan.ends_epoch(step) and spec.checkpoint_epochs) or step == plan.total_steps
        began = time.monotonic()
        metrics |= self._validate(step, whole=wish == _KEEP)
        now = time.monotonic()
        rows = plan.rows_of(step)
        parts = [index for row in rows for index in self.job.parts[row]]
        self._step = {
            "step": step,
            "totalSteps": plan.total_steps,
            "epoch": plan.epoch(step),
            "metrics": metrics,
            "rows": rows,
            "losses": losses,
            "tokens": sum(self._tokens(index) for index in parts),
            "seconds": round(now - self._began, 4),
            "validationSeconds": round(now - began, 4),
        }
        self.wish = wish
        self._due = ends or wish == _KEEP
        control.should_save = wish != _DROP and (self._due or wish == _SAVE)
        control.should_training_stop = control.should_training_stop or wish in (_DROP, _KEEP)

    def on_log(self, args: Any, state: Any, control: Any, logs: Json | None = None, **_: Any) -> None:
        if self._step is None:
            return
        step, self._step = self._step, None
        norm = (logs or {}).get("grad_norm")
        step["metrics"] |= {"gradNorm": finite(norm), "learningRate": self._rate}
        self.last = step["metrics"]
        self.events.emit("step", **step)
        if not self.measured:
            self.measured = True
            tell_memory(self.events, self.job, self.trainer.accelerator.device)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        began = time.monotonic()
        self.events.doing = "saving"
        step, epoch = state.global_step, self.job.plan.epoch(state.global_step)
        if self._due:
            self._publish(step, epoch)
        self.trainer.accelerator.wait_for_everyone()  # each process has written its random state
        if self.main:
            self._seal_state(step, epoch)
            if self._due:
                self.tell_checkpoint(step, epoch, self.last)
                folders.prune(self.job.folder, self.job.spec.keep, self.best and self.best["step"])
        self._saved = time.monotonic()
        self._save_seconds = self._saved - began
        self.events.doing = "training"

    # ── parts of a step ──

    def _tokens(self, index: int) -> int:
        samples = self.job.prepared.training
        if self.job.pairs:
            return len(samples[2 * index].ids) + len(samples[2 * index + 1].ids)
        return len(samples[index].ids)

    def _learnt(self, step: int, scores: torch.Tensor) -> tuple[Json, list[float | None]]:
        """The metrics of a step and the loss of each of its rows. Raises `Refusal` "nan"."""
        metrics = summary(scores, "train", self.job.pairs)
        if finite(metrics["trainLoss"]) is None:
            message = f"The loss of step {step} is not a number: the training has gone astray."
            raise Refusal("nan", message, suggest="a lower learning rate")
        at, losses = 0, []
        for row in self.job.plan.rows_of(step):
            count = len(self.job.parts[row])
            loss, weight = scores[at : at + count, :2].sum(0).tolist()
            losses.append(loss / weight if weight else None)
            at += count
        return metrics, losses

    def _agree(self) -> int:
        """What all processes do after this step: that of rank 0, for only it looks."""
        wish = _GO
        if self.main:
            asked = self.stop.asked()
            due = time.monotonic() - self._saved >= max(self.job.spec.state_seconds, _SAVE_SHARE * self._save_seconds)
            wish = {"keep": _KEEP, "drop": _DROP}.get(asked or "", _SAVE if due else _GO)
        if self.job.split.processes == 1:
            return wish
        told = torch.tensor(wish, device=self.trainer.accelerator.device)
        torch.distributed.all_reduce(told, torch.distributed.ReduceOp.MAX)
        return int(told.item())

    def _validate(self, step: int, whole: bool) -> Json:
        """On all rows at the end of an epoch, on a few in between."""
        plan, spec = self.job.plan, self.job.spec
        rows = len(self.trainer.validation) - 1
        if rows == 0:
            return {}
        if whole or (spec.evaluate_epochs and plan.ends_epoch(step)):
            scores = self.trainer.evaluate_rows(range(rows))
            metrics = {**summary(scores, "valid", self.job.pairs), **summary(scores, "fullValid", self.job.pairs)}
            self._note_best(step, metrics["fullValidLoss"])
            return {name: value for name, value in metrics.items() if value is not None}
        number = small_validation(step, plan.steps_per_epoch, spec.evaluate_steps)
        size = min(spec.small_rows, rows)
        if number is None or size == 0:
            return {}
        chosen = [(number * size + index) % rows for index in range(size)]
        metrics = summary(self.trainer.evaluate_rows(chosen), "valid", self.job.pairs)
        return {name: value for name, value in metrics.items() if value is not None}

    def _note_best(self, step: int, loss: float | None) -> None:
        if finite(loss) is not None and loss is not None and (self.best is None or loss < self.best["loss"]):
            self.best = {"step": step, "loss": loss}

    # ── saving ──

    def _publish(self, step: int, epoch: int) -> None:
        """The folder for people; every process has to come here, for weights may be spread over them."""
        trainer, spec = self.trainer, self.job.spec
        weights = trainer.accelerator.get_state_dict(trainer.model) if trainer.is_fsdp_enabled else None
        if not self.main:
            return
        model = trainer.accelerator.unwrap_model(trainer.model)
        about = {
            "job": spec.job,
            "base": spec.base_name,
            "revision": spec.base_revision,
            "step": step,
            "template_kwargs": self.job.prepared.template_kwargs,
            "ends": self.job.ends,
            "metrics": self.last,
        }

        def fill(folder: Path) -> None:
            options = {"save_embedding_layers": False} if spec.lora else {}
            model.save_pretrained(folder, state_dict=weights, **options)
            if spec.lora:
                name_base(folder, spec.base_name, spec.base_revision)
            generation = generation_config(spec.base, self.job.ends)
            complete_folder(folder, self.job.tokenizer, about, generation, spec.lora and spec.lora.r)

        folders.write_folder(self.job.folder / f"checkpoint-{step}", step, epoch, fill)

    def _seal_state(self, step: int, epoch: int) -> None:
        folder = self.job.state / f"checkpoint-{step}"
        for pickle in folder.glob("training_args.bin"):
            pickle.unlink()
        about = {
            "order": self.job.spec.fingerprint,
            "labels": self.job.prepared.facts["labels_hash"],
            "metrics": self.last,
            "checkpoint": self._due,
            "best": self.best,
        }
        folders.write_json(folder / "limerick.json", about)
        self.events.sync()  # no report of a step may be lost that will not be repeated
        folders.seal(folder, step, epoch)
        folders.prune(self.job.state, 2)

    def tell_checkpoint(self, step: int, epoch: int, metrics: Json) -> None:
        self.events.emit(
            "checkpoint", durable=True, step=step, epoch=epoch, folder=f"checkpoint-{step}", metrics=metrics
        )


def summary(scores: torch.Tensor, name: str, paired: bool) -> Json:
    """Metrics of scores as `Exact.score` gives them, under the built-in engine's names; those without a value are null."""
    total = scores.sum(0).tolist()
    weight = total[1]
    loss = total[0] / weight if weight else None
    if not paired:
        return {f"{name}Loss": loss, f"{name}Accuracy": total[2] / weight if weight else None}
    real = scores[scores[:, 1] > 0]
    chosen, rejected = real[:, 2].mean().item(), real[:, 3].mean().item()
    rewards = {
        "chosen": chosen,
        "rejected": rejected,
        "accuracy": (real[:, 2] > real[:, 3]).double().mean().item(),
        "margin": chosen - rejected,
    }
    return {f"{name}Loss": loss, f"{name}Accuracy": None, f"{name}Rewards": rewards}


def small_validation(step: int, steps_per_epoch: int, every: int | None) -> int | None:
    """The number, from 0, of the small validation after a step; None if there is none."""

    def number(at: int) -> int:
        return at // every if every else VALIDATIONS * at // steps_per_epoch

    return number(step) - 1 if number(step) > number(step - 1) else None


def tell_memory(events: Events, job: Job, device: torch.device | None) -> None:
    """The estimate, and once a step has been made what it really took; in bytes, of one device."""
    gpu = bool(job.spec.devices)
    measured = None
    if device is not None:
        measured = torch.cuda.max_memory_allocated(device) if gpu else _resident()
    events.emit(
        "memory",
        estimate={**asdict(job.fit.need), "total": job.fit.need.total},
        measured=measured,
        free=torch.cuda.mem_get_info()[0] if gpu else memory_of_cpu()[1],
        micro_batch=job.split.micro,
        accumulation=job.split.accumulation,
        strategy=job.fit.strategy,
    )


def _resident() -> int:
    """Peak of this process, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _arguments(job: Job) -> Json:
    spec, gpu = job.spec, bool(job.spec.devices)
    arguments: Json = {
        "output_dir": str(job.state),
        "per_device_train_batch_size": job.split.micro,
        "gradient_accumulation_steps": job.split.accumulation,
        "max_steps": job.plan.total_steps,
        "num_train_epochs": 1,
        "learning_rate": spec.learning_rate,
        "weight_decay": spec.weight_decay,
        "max_grad_norm": spec.clip,
        "bf16": gpu and spec.dtype == "bf16",
        "use_cpu": not gpu,
        "activation_checkpointing": gpu or job.shape.parameters > _CHECKPOINTED,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "eval_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "seed": spec.seed,
        "max_length": None,
        "ddp_find_unused_parameters": False,
        "dataloader_pin_memory": gpu,
        "full_determinism": spec.deterministic,
        "router_aux_loss_coef": 0.0,
    }
    if job.fit.strategy == "fsdp2":
        settings = {"version": 2, "auto_wrap_policy": "TRANSFORMER_BASED_WRAP", "state_dict_type": "SHARDED_STATE_DICT"}
        arguments |= {"fsdp": True, "fsdp_config": settings}
    return arguments


def build(job: Job, before: Any) -> Any:
    """The trainer of a job. `before` is called with the step before each micro-batch."""
    spec, samples, held_out = job.spec, job.prepared.training, job.prepared.validation
    # Weights that are trained themselves stay in float32, and are rounded for each multiplication only.
    rounded = bool(spec.devices) and spec.dtype == "bf16" and spec.lora is not None
    model = load_base(spec, DTYPES["bf16" if rounded else "float32"])
    pad = job.tokenizer.pad_token_id
    make = pairs if job.pairs else sequences
    training, validation = make(samples, pad), make(held_out, pad)
    common: Json = {"model": model, "processing_class": job.tokenizer, "peft_config": lora_config(spec, model)}
    trainer: Any
    if job.pairs:
        alone = spec.lora is None  # no adapter that could be switched off to find the model it started from
        config = DPOConfig(**_arguments(job), beta=spec.beta, precompute_ref_log_probs=alone)
        trainer = ExactDPO(args=config, train_dataset=training, eval_dataset=validation, **common)
        validation = trainer.eval_dataset
        weight_of = lambda step: len(job.plan.rows_of(step))  # noqa: E731
    else:
        trainer = ExactSFT(args=SFTConfig(**_arguments(job)), train_dataset=training, **common)
        learnt = [sum(label != IGNORED for label in sample.labels[1:]) for sample in samples]
        weight_of = lambda step: sum(learnt[part] for row in job.plan.rows_of(step) for part in job.parts[row])  # noqa: E731
    blank = len(training) - 1
    warm_up = max(1, math.ceil(spec.warmup_ratio * job.plan.total_steps))
    trainer.follow(Slots(job.plan, job.parts, job.split, blank), job.split, weight_of, before, validation, warm_up)
    trainer.remove_callback(PrinterCallback)
    return trainer


def _fault(job: Job) -> Any:
    kind, _, at = os.environ.get(FAULT, "").partition(":")
    step = int(at) if kind == "oom" and at.isdigit() else None

    def before(now: int) -> None:
        if now == step and job.split.micro > 1:
            raise torch.OutOfMemoryError("a fault of a test")

    return before


def plan_job(folder: Path, spec: Spec, events: Events, stop: StopRequests, device: torch.device) -> Job:
    """Everything up to the loading of the model; tells `prepared` and `memory`. Raises `Refusal`, `Stopped`."""

    def check() -> None:
        if stop.asked():
            raise Stopped

    processes = PartialState().num_processes
    events.doing = "reading the base model"
    tokenizer = load_tokenizer(spec.base)
    shape = read_shape(spec.base)
    spec = replace(spec, max_length=min(spec.max_length, shape.context))
    events.doing = "tokenizing the rows"
    with PartialState().main_process_first():
        prepared = prepare(folder, spec, tokenizer, spec.max_length, check)
    _expect_tokens([*prepared.training, *prepared.validation], shape)
    _tell_prepared(events, prepared)
    paired = spec.method == "dpo"
    rows = prepared.facts["rows"]
    plan = Plan(rows, spec.batch_size, spec.epochs, spec.seed)
    parts = parts_of(prepared.training, rows, paired)
    most = most_parts(plan, parts)
    longest = max(len(sample.ids) for sample in [*prepared.training, *prepared.validation])
    free = torch.cuda.mem_get_info()[0] if device.type == "cuda" else memory_of_cpu()[1] // processes
    fitting = fit(spec, shape, longest, math.ceil(most / processes), Room(free, device.type == "cuda", processes))
    learnt_limit = MemoryPlan(folder / "state").limit
    split = split_step(most, processes, min(fitting.limit, learnt_limit or fitting.limit))
    job = Job(folder, spec, prepared, shape, tokenizer, plan, parts, split, fitting)
    if processes > most:
        events.notice(
            "idle_devices", f"A step has {most} examples: {processes - most} devices have nothing to do.", level="warn"
        )
    tell_memory(events, job, None)
    _expect_disk(job)
    return job


def _expect_disk(job: Job) -> None:
    spec = job.spec
    trained = trained_parameters(job.shape, spec.lora.r if spec.lora else None, spec.lora and spec.lora.targets)
    need = disk_needed(job.shape, trained, spec.keep)
    usage = os.statvfs(job.folder)
    free = usage.f_bavail * usage.f_frsize
    if need > free:
        message = (
            f"The checkpoints of this training need {gigabytes(need)} on the disk, of which {gigabytes(free)} are free."
        )
        raise Refusal("disk", message, suggest="fewer checkpoints, or a smaller adapter")


def _hello(events: Events, spec: Spec, processes: int) -> None:
    devices = [{key: gpu[key] for key in ("name", "memory", "driver")} for gpu in torch_devices(torch)]
    if not spec.devices:
        devices = [{"name": "CPU", "memory": memory_of_cpu()[0], "driver": None}]
    events.emit("hello", trainer="trl", versions=versions(), devices=devices, world_size=processes)


def _resume(job: Job, events: Events) -> tuple[Path | None, Json]:
    """The newest whole state, and what was noted with it. Raises `Refusal` "contract" for that of another order."""
    newest = folders.newest(job.state)
    if newest is None:
        return None, {}
    about = folders.read_json(newest / "limerick.json") or {}
    if about.get("order") != job.spec.fingerprint or about.get("labels") != job.prepared.facts["labels_hash"]:
        message = "spec.json or a data file is not what it was when this run began; start it in a new folder."
        raise Refusal("contract", message)
    events.notice("resumed", f"Goes on after step {folders.step_of(newest)}.")
    return newest, about


def _stops(job: Job, trainer: Any) -> bool:
    """Whether the tuned model ends an answer by itself, asked as it was trained."""
    sample = job.prepared.training[0]
    longest = max(each.learnt for each in job.prepared.training)
    most = min(2 * longest + 32, 512, max(1, job.shape.context - sample.start))
    model = trainer.accelerator.unwrap_model(trainer.model)
    model.eval()
    model.config.use_cache = True
    ids = torch.tensor([sample.ids[: sample.start]], device=trainer.accelerator.device)
    with torch.no_grad(), trainer.compute_loss_context_manager():
        answer = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=most,
            do_sample=False,
            eos_token_id=job.ends,
            pad_token_id=job.tokenizer.pad_token_id,
        )
    return int(answer[0, -1]) in job.ends


def _try_answer(job: Job, training: Training) -> None:
    training.events.doing = "trying an answer"
    if training.main and job.fit.strategy != "fsdp2" and not _stops(job, training.trainer):
        message = "Asked for a training row, the model does not end its answer by itself: it may need more steps."
        training.events.notice("does_not_stop", message, level="warn")
    training.trainer.accelerator.wait_for_everyone()


def run(folder: Path, spec: Spec, events: Events, stop: StopRequests, attempt: Attempt) -> None:
    """Trains; tells `done` or `stopped` at its end. Raises `Refusal`, `Stopped`, and whatever the libraries raise."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    rank = int(os.environ.get("LOCAL_RANK", 0))
    device = _device(spec, rank)
    state = PartialState(cpu=device.type == "cpu")
    _hello(events, spec, state.num_processes)
    if stop.asked():
        raise Stopped
    if state.is_main_process:
        for parent in (folder, folder / "state"):
            folders.clear(parent)
    job = plan_job(folder, spec, events, stop, device)
    attempt.micro = job.split.micro
    events.doing = "loading the model"
    trainer: Exact = build(job, _fault(job))
    training = Training(job, trainer, events, stop)
    trainer.add_callback(training)  # type: ignore[attr-defined]
    state.wait_for_everyone()
    resumed, about = _resume(job, events)
    step = folders.step_of(resumed) if resumed else 0
    training.best, training.last = about.get("best"), about.get("metrics", {})
    events.emit("started", step=step, totalSteps=job.plan.total_steps, tokensPerEpoch=job.tokens_per_epoch)
    if about.get("checkpoint"):  # it may have been killed before it told
        training.tell_checkpoint(step, job.plan.epoch(step), training.last)
    if stop.asked():
        raise Stopped
    events.doing = "training"
    trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)  # type: ignore[attr-defined]
    step = trainer.state.global_step
    if training.wish in (_DROP, _KEEP):
        events.emit("stopped", durable=True, step=step)
        return
    _try_answer(job, training)
    events.emit("done", durable=True, step=step, trainedTokens=job.tokens_per_epoch * spec.epochs)
