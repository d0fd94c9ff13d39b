"""TRL's trainers with the arithmetic of a step made exact: any split over micro-batches and devices gives one result."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from datasets import Dataset
from torch.optim.lr_scheduler import LambdaLR
from trl import DPOTrainer, SFTTrainer

from .labels import IGNORED, Sample
from .plan import Slots, Split

Json = dict[str, Any]
Inputs = dict[str, torch.Tensor]

# What stands for an empty place in a step: nothing in it is learnt.
_BLANK = 2  # tokens


class Exact:
    """What both trainers share. `score` gives [sequences or pairs, columns] of which the first is the loss, summed over
    what is learnt, and the second how much is learnt: tokens, or 1 for a pair."""

    loss_is_scaled_for_ga = True  # the loss is divided here, by what the whole step learns

    slots: Slots
    split: Split
    weight_of: Callable[[int], int]  # what is learnt in a step, on all devices
    before: Callable[[int], None]  # called with the step before each micro-batch
    validation: Dataset
    warm_up: int  # in steps

    # Of the trainer that this is mixed into.
    accelerator: Any
    data_collator: Any
    model: Any
    optimizer: Any
    state: Any
    _prepare_inputs: Any
    compute_loss_context_manager: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scores: list[torch.Tensor] = []

    def score(self, model: Any, inputs: Inputs) -> torch.Tensor:
        raise NotImplementedError

    def _get_train_sampler(self, _dataset: Any = None) -> Slots:
        return self.slots

    def _get_num_items_in_batch(self, *_: Any) -> None:
        return None

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        """Linear warm-up, then linear decay to zero, as the built-in trainer does; TRL's own begins with a rate of 0."""

        def share(done: int) -> float:
            return min(1, (done + 1) / self.warm_up) * (1 - done / num_training_steps)

        self.lr_scheduler, self._created_lr_scheduler = LambdaLR(optimizer or self.optimizer, share), True
        return self.lr_scheduler

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """The engine's folders have their own."""

    def compute_loss(
        self, model: Any, inputs: Inputs, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> torch.Tensor:
        step = self.state.global_step + 1
        self.before(step)
        scores = self.score(model, inputs)
        self._scores.append(scores.detach())
        # Gradients are averaged over the processes, and have to be summed.
        return scores[:, 0].sum() / max(1, self.weight_of(step)) * self.split.processes

    def collect(self) -> torch.Tensor:
        """The scores of the step that has ended, of all devices, in the order of its slots: [slots, columns]."""
        micro, accumulation, processes = self.split.micro, self.split.accumulation, self.split.processes
        local, self._scores = torch.cat(self._scores), []
        if processes == 1:
            return local.double().cpu()
        gathered: torch.Tensor = self.accelerator.gather(local)
        in_order = gathered.view(processes, accumulation, micro, -1).transpose(0, 1)
        return in_order.reshape(self.split.slots, -1).double().cpu()

    def evaluate_rows(self, indices: Sequence[int]) -> torch.Tensor:
        """Scores of sequences of the validation file, one at a time on each device: [indices, columns]."""
        processes, blank = self.split.processes, len(self.validation) - 1
        padded = [*indices, *[blank] * (-len(indices) % processes)]
        self.model.eval()
        with torch.no_grad(), self.compute_loss_context_manager():
            own = padded[self.accelerator.process_index :: processes]
            scores = torch.cat([self.score(self.model, self._batch(index)) for index in own])
        self.model.train()
        if processes > 1:
            scores = self.accelerator.gather(scores).view(processes, len(own), -1).transpose(0, 1)
            scores = scores.reshape(len(padded), -1)
        return scores[: len(indices)].double().cpu()

    def _batch(self, index: int) -> Inputs:
        batch: Inputs = self._prepare_inputs(self.data_collator([self.validation[index]]))
        return batch


class ExactSFT(Exact, SFTTrainer):
    """Columns: loss, learnt tokens, of those the ones that were likeliest."""

    def score(self, model: Any, inputs: Inputs) -> torch.Tensor:
        out = model(**{**inputs, "use_cache": False}, fused_lm_head=True)
        columns = (-out.log_probs.float().sum(1), out.label_mask.sum(1), (out.is_top1 & out.label_mask).sum(1))
        return torch.stack([column.float() for column in columns], dim=1)


class ExactDPO(Exact, DPOTrainer):
    """Columns: loss, 1 (0 for a blank pair), rewards of the preferred and of the other answer."""

    beta: float

    def _prepare_dataset(self, dataset: Dataset, *_: Any) -> Dataset:
        return dataset  # ids already

    def score(self, model: Any, inputs: Inputs) -> torch.Tensor:
        learnt = inputs["completion_mask"]
        chosen, rejected = self._answers(model, inputs).chunk(2)
        known_chosen, known_rejected = self._reference(inputs)
        rewards = self.beta * torch.stack([chosen - known_chosen, rejected - known_rejected], dim=1)
        real = (learnt.sum(1).chunk(2)[0] > 0).float()
        losses = -torch.nn.functional.logsigmoid(rewards[:, 0] - rewards[:, 1]) * real
        return torch.cat([losses[:, None], real[:, None], rewards.detach()], dim=1)

    def _answers(self, model: Any, inputs: Inputs) -> torch.Tensor:
        """log p of each answer: [2 · pairs], the preferred ones first."""
        labels = inputs["input_ids"].masked_fill(inputs["completion_mask"] == 0, IGNORED)
        given = {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"], "use_cache": False}
        log_probs: torch.Tensor = model(**given, labels=labels, fused_lm_head=True).log_probs
        return log_probs.float().sum(1)

    def _reference(self, inputs: Inputs) -> tuple[torch.Tensor, torch.Tensor]:
        """log p by the model that training started from: precomputed, or by the adapter's base."""
        if "ref_chosen_logps" in inputs:
            return inputs["ref_chosen_logps"], inputs["ref_rejected_logps"]
        with torch.no_grad(), self.accelerator.unwrap_model(self.model).disable_adapter():
            chosen, rejected = self._answers(self.model, inputs).chunk(2)
        return chosen, rejected


def sequences(samples: Sequence[Sample], pad: int) -> Dataset:
    """The samples, and a blank one at the end."""
    return Dataset.from_dict(
        {
            "input_ids": [*(sample.ids for sample in samples), [pad] * _BLANK],
            "labels": [*(sample.labels for sample in samples), [IGNORED] * _BLANK],
        }
    )


def pairs(samples: Sequence[Sample], pad: int) -> Dataset:
    """Samples, of which each second one is the answer that is not preferred, as pairs; a blank one at the end."""

    def answer(sample: Sample) -> list[int]:
        return [label for label in sample.labels if label != IGNORED]

    chosen, rejected = samples[::2], samples[1::2]
    return Dataset.from_dict(
        {
            "prompt_ids": [*(sample.ids[: sample.start] for sample in chosen), [pad] * _BLANK],
            "chosen_ids": [*map(answer, chosen), []],
            "rejected_ids": [*map(answer, rejected), []],
        }
    )
