"""What happens around the steps of TRL's loop: reports, validation, checkpoints, stops."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainerCallback

from . import checkpoint as folders
from .errors import Refusal
from .events import Events, finite
from .publish import complete_folder, generation_config, name_base
from .spec import fingerprint
from .stop import StopRequests

if TYPE_CHECKING:
    from .run import Job

Json = dict[str, Any]

VALIDATIONS = 4  # small ones in an epoch
_SAVE_SHARE = 20  # saves between epochs may take a twentieth of the time

# What the processes do after a step; the largest wish counts.
_GO, _SAVE, _DROP, _KEEP = 0, 1, 2, 3
STOPPED = (_DROP, _KEEP)


def summary(scores: torch.Tensor, name: str, paired: bool) -> Json:
    """Metrics of scores as `Exact.score` gives them, under the built-in engine's names."""
    loss, weight, *counts = scores.sum(0).tolist()
    metrics: Json = {f"{name}Loss": loss / weight if weight else None}
    if not paired:
        return {**metrics, f"{name}Accuracy": counts[0] / weight if weight else None}
    chosen, rejected = scores[scores[:, 1] > 0, 2:].T
    means = {"chosen": chosen, "rejected": rejected, "accuracy": chosen > rejected, "margin": chosen - rejected}
    return {**metrics, f"{name}Rewards": {key: values.double().mean().item() for key, values in means.items()}}


def small_validation(step: int, steps_per_epoch: int, every: int | None) -> int | None:
    """The number, from 0, of the small validation after a step; None if there is none."""
    now, before = (at // every if every else VALIDATIONS * at // steps_per_epoch for at in (step, step - 1))
    return now - 1 if now > before else None


class Training(TrainerCallback):
    """Follows TRL's loop. Every process has one; the first of them reports and writes."""

    def __init__(self, job: "Job", trainer: Any, events: Events, stop: StopRequests) -> None:
        self.job, self.trainer, self.events, self.stop = job, trainer, events, stop
        self.main: bool = trainer.accelerator.is_main_process
        self.wish = _GO
        self._due = False  # whether a checkpoint for people follows the step
        self._began = self._saved = time.monotonic()
        self._save_seconds = 0.0
        self._rate: float | None = None
        self._step: Json | None = None  # its report, which waits for the norm of the gradients
        self._metrics: Json = {}
        self._best: Json | None = None
        self._worse = 0  # whole validations since then
        self._measured = False

    def go_on(self, step: int, about: Json) -> None:
        """After the state that was saved with `about`. Its checkpoint is told once more: a crash may have come first."""
        self._best, self._metrics = about.get("best"), about.get("metrics", {})
        self._worse = about.get("worse", 0)
        if about.get("checkpoint"):
            self._tell_checkpoint(step)

    @property
    def stuck(self) -> bool:
        """Validation has not got better for as long as was asked."""
        patience = self.job.spec.evaluate.patience
        return patience is not None and self._worse >= patience

    # ── called by the loop ──

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self._saved = time.monotonic()

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self._began = time.monotonic()

    def on_pre_optimizer_step(self, *_: Any, **__: Any) -> None:
        self._rate = self.trainer.optimizer.param_groups[0]["lr"]

    def on_step_end(self, _args: Any, state: Any, control: Any, **_: Any) -> None:
        step, plan, job = state.global_step, self.job.plan, self.job
        metrics, losses = self._learnt(step, self.trainer.collect())
        self.wish = self._agree()
        learnt = time.monotonic()
        metrics |= self._validate(step, whole=self.wish == _KEEP)
        now, rows, sizes = time.monotonic(), plan.rows_of(step), job.sizes
        self._step = {
            "step": step,
            "totalSteps": plan.total_steps,
            "epoch": plan.epoch(step),
            "metrics": metrics,
            "rows": rows,
            "losses": losses,
            "tokens": sum(sizes[part] for row in rows for part in job.parts[row]),
            "seconds": round(now - self._began, 4),
            "validationSeconds": round(now - learnt, 4),
        }
        ends = step == plan.total_steps or (plan.ends_epoch(step) and job.spec.checkpoints.every_epoch)
        self._due = (ends and self.wish != _DROP) or self.wish == _KEEP
        control.should_save = self._due or self.wish == _SAVE
        control.should_training_stop |= self.wish in STOPPED or self.stuck

    def on_log(self, *_: Any, logs: Json, **__: Any) -> None:
        if self._step is None:
            return  # of the whole training
        step, self._step = self._step, None
        step["metrics"] |= {"gradNorm": finite(logs.get("grad_norm")), "learningRate": self._rate}
        self._metrics = step["metrics"]
        self.events.emit("step", **step)
        if not self._measured:
            self._measured = True
            self.job.tell_memory(self.events, self.job.estimate(step["step"]), self.job.measured())

    def on_save(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        self.events.doing, began, step = "saving", time.monotonic(), state.global_step
        if self._due:
            self._publish(step)
        self.trainer.accelerator.wait_for_everyone()  # each process has written its random state
        if self.main:
            self._seal_state(step)
        if self.main and self._due:
            self._tell_checkpoint(step)
            best = self._best["step"] if self._best else None
            folders.prune(self.job.folder, self.job.spec.checkpoints.keep, best)
        self._saved = time.monotonic()
        self.events.doing, self._save_seconds = "training", self._saved - began

    # ── parts of a step ──

    def _learnt(self, step: int, scores: torch.Tensor) -> tuple[Json, list[float | None]]:
        """The metrics of a step and the loss of each of its rows. Raises `Refusal` "nan"."""
        metrics = {"trainAccuracy": None, **summary(scores, "train", self.job.pairs)}
        if finite(metrics["trainLoss"]) is None:
            message = f"The loss of step {step} is not a number: the training has gone astray."
            raise Refusal("nan", message, suggest="a lower learning rate")
        counts = [len(self.job.parts[row]) for row in self.job.plan.rows_of(step)]
        by_row = [part.sum(0)[:2].tolist() for part in scores[: sum(counts)].split(counts)]
        return metrics, [loss / weight if weight else None for loss, weight in by_row]

    def _agree(self) -> int:
        """What all processes do after this step: the first one's wish, for only it looks."""
        wish = _GO
        if self.main:
            pause = max(self.job.spec.checkpoints.state_seconds, _SAVE_SHARE * self._save_seconds)
            due = time.monotonic() - self._saved >= pause
            wish = {"keep": _KEEP, "drop": _DROP}.get(self.stop.asked() or "", _SAVE if due else _GO)
        if self.job.split.processes == 1:
            return wish
        told = torch.tensor(wish, device=self.trainer.accelerator.device)
        torch.distributed.all_reduce(told, torch.distributed.ReduceOp.MAX)
        return int(told.item())

    def _validate(self, step: int, whole: bool) -> Json:
        """On all rows at the end of an epoch, on the next few in between."""
        plan, evaluate, paired = self.job.plan, self.job.spec.evaluate, self.job.pairs
        rows = len(self.trainer.validation) - 1
        if rows and (whole or (evaluate.every_epoch and plan.ends_epoch(step))):
            scores = self.trainer.evaluate_rows(range(rows))
            metrics = {**summary(scores, "valid", paired), **summary(scores, "fullValid", paired)}
            loss = finite(metrics["fullValidLoss"])
            better = loss is not None and (self._best is None or loss < self._best["loss"])
            self._best = {"step": step, "loss": loss} if better else self._best
            self._worse = 0 if better else self._worse + 1
        else:
            number, size = small_validation(step, plan.steps_per_epoch, evaluate.steps), min(evaluate.small_rows, rows)
            if number is None or size == 0:
                return {}
            chosen = [(number * size + at) % rows for at in range(size)]
            metrics = summary(self.trainer.evaluate_rows(chosen), "valid", paired)
        return {name: value for name, value in metrics.items() if isinstance(value, dict) or finite(value) is not None}

    # ── saving ──

    def _publish(self, step: int) -> None:
        """The folder for people; every process has to come here, for weights may be spread over them."""
        job, spec, accelerator = self.job, self.job.spec, self.trainer.accelerator
        weights = accelerator.get_state_dict(self.trainer.model) if self.trainer.is_fsdp_enabled else None
        if not self.main:
            return
        about = {
            "job": spec.job,
            "base": spec.base.name,
            "revision": spec.base.revision,
            "step": step,
            "template_kwargs": job.prepared.template_kwargs,
            "ends": job.ends,
            "metrics": self._metrics,
        }

        def fill(folder: Path) -> None:
            options = {"save_embedding_layers": False} if spec.lora else {}
            accelerator.unwrap_model(self.trainer.model).save_pretrained(folder, state_dict=weights, **options)
            if spec.lora:
                name_base(folder, spec.base.name, spec.base.revision)
            complete_folder(folder, job.tokenizer, about, generation_config(spec.base.folder, job.ends), spec.rank)

        folders.write_folder(job.folder / f"checkpoint-{step}", step, job.plan.epoch(step), fill)

    def _seal_state(self, step: int) -> None:
        folder = self.job.state / f"checkpoint-{step}"
        (folder / "training_args.bin").unlink(missing_ok=True)
        order, labels = fingerprint(self.job.spec), self.job.prepared.facts["labels_hash"]
        noted = {"metrics": self._metrics, "checkpoint": self._due, "best": self._best, "worse": self._worse}
        folders.write_json(folder / "limerick.json", {"order": order, "labels": labels, **noted})
        self.events.sync()  # no report of a step that will not be repeated may be lost
        folders.seal(folder, step, self.job.plan.epoch(step))
        folders.prune(self.job.state, 2)

    def _tell_checkpoint(self, step: int) -> None:
        name, epoch = f"checkpoint-{step}", self.job.plan.epoch(step)
        self.events.emit("checkpoint", durable=True, step=step, epoch=epoch, folder=name, metrics=self._metrics)
