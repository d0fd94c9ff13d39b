"""Which rows each step reads: a pure function of seed and step, the same as the built-in trainer's."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_MASK = 0xFFFFFFFF


def _mulberry32(seed: int) -> Iterator[float]:
    """Uniform in [0, 1); lib/core/random.ts (Tommy Ettinger, public domain)."""
    state = seed & _MASK
    while True:
        state = (state + 0x6D2B79F5) & _MASK
        mixed = ((state ^ (state >> 15)) * (1 | state)) & _MASK
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & _MASK)) & _MASK
        yield (mixed ^ (mixed >> 14)) / 2**32


def shuffled(count: int, seed: int) -> list[int]:
    """A permutation of 0 … count − 1 (Fisher–Yates)."""
    order, numbers = list(range(count)), _mulberry32(seed)
    for last in range(count - 1, 0, -1):
        other = math.floor(next(numbers) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def _epoch_seed(seed: int, epoch: int) -> int:
    return (((seed ^ 0x9E3779B9) * 0x85EBCA6B) ^ (epoch * 0xC2B2AE35)) & _MASK


@dataclass(frozen=True)
class Plan:
    """Every epoch reads all rows once, in a new random order; the last batch of an epoch may be smaller."""

    rows: int
    batch_size: int
    epochs: int
    seed: int

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.rows / self.batch_size)

    @property
    def total_steps(self) -> int:
        return self.steps_per_epoch * self.epochs

    def epoch(self, step: int) -> int:
        """One-based, of a step that counts from 1."""
        return math.ceil(step / self.steps_per_epoch)

    def ends_epoch(self, step: int) -> bool:
        return step % self.steps_per_epoch == 0

    def rows_of(self, step: int) -> list[int]:
        first = (step - 1) % self.steps_per_epoch * self.batch_size
        return _order(self.rows, _epoch_seed(self.seed, self.epoch(step)))[first : first + self.batch_size]


@lru_cache(maxsize=2)
def _order(count: int, seed: int) -> list[int]:
    return shuffled(count, seed)


@dataclass(frozen=True)
class Split:
    """How a step is divided: micro × accumulation × processes sequences, of which the last may be blank."""

    micro: int
    accumulation: int
    processes: int

    @property
    def slots(self) -> int:
        return self.micro * self.accumulation * self.processes


def split_step(most: int, processes: int, limit: int) -> Split:
    """The fewest equal micro-batches of at most `limit` for steps of at most `most` sequences."""
    each = math.ceil(most / processes)
    accumulation = math.ceil(each / max(1, limit))
    return Split(math.ceil(each / accumulation), accumulation, processes)


class Slots:
    """The sequences of every step in the order in which the processes take them; `blank` fills the rest of a step.

    `parts` names the sequences of each row: more than one where a conversation had to be split.
    """

    def __init__(self, plan: Plan, parts: Sequence[Sequence[int]], split: Split, blank: int) -> None:
        self._plan, self._parts, self._split, self._blank = plan, parts, split, blank

    def of(self, step: int) -> list[int]:
        used = [part for row in self._plan.rows_of(step) for part in self._parts[row]]
        return used + [self._blank] * (self._split.slots - len(used))

    def __iter__(self) -> Iterator[int]:
        for step in range(1, self._plan.total_steps + 1):
            yield from self.of(step)

    def __len__(self) -> int:
        return self._plan.total_steps * self._split.slots


def most_parts(plan: Plan, parts: Sequence[Sequence[int]]) -> int:
    """Sequences in the largest step."""
    if all(len(part) == 1 for part in parts):
        return min(plan.batch_size, plan.rows)
    return max(sum(len(parts[row]) for row in plan.rows_of(step)) for step in range(1, plan.total_steps + 1))
