"""How many sequences are read at a time, and on how many devices the weights lie."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .checkpoint import read_json, write_json
from .errors import Refusal
from .estimate import Need, Shape, gigabytes, memory_needed
from .spec import Spec

_BATCHED, _BATCHED_GPU = 512, 16_384  # tokens a micro-batch: larger ones gain nothing
_MOST = 64  # sequences

MOST_LOST = 3  # times that another process may be lost before a run gives up

FACTOR = "LIMERICK_MEMORY_FACTOR"
"""Environment variable: what an earlier job took, as a share of what was estimated."""


Strategy = Literal["single", "ddp", "fsdp2"]


@dataclass(frozen=True)
class Fit:
    strategy: Strategy
    limit: int  # sequences at a time
    need: Need


class MemoryPlan:
    """state/plan.json: what the first start reckoned with, and what running out of memory has taught, over restarts; and
    the sequences read at a time now."""

    def __init__(self, state: Path) -> None:
        self._file = state / "plan.json"
        self.micro: int | None = None  # None: the training had not got so far

    def _read(self) -> dict[str, Any]:
        found = read_json(self._file)
        return found if isinstance(found, dict) else {}

    @property
    def limit(self) -> int:
        """Most sequences at a time."""
        return int(self._read().get("micro_batch", _MOST))

    def lower(self, limit: int) -> None:
        write_json(self._file, {**self._read(), "micro_batch": limit})

    @property
    def factor(self) -> float:
        """What is taken as a share of what is estimated, as the first start knew it: what the training's own first step
        has taught since would refuse it, or spread its weights in another way, when it goes on."""
        return float(self._read().get("factor", os.environ.get(FACTOR, 1)))

    @property
    def strategy(self) -> Strategy | None:
        """In which the states are saved; None: none has been chosen."""
        found: Strategy | None = self._read().get("strategy")
        return found

    def settle(self, factor: float, strategy: Strategy) -> None:
        """Keeps them for every later start."""
        write_json(self._file, {"factor": factor, "strategy": strategy, **self._read()})

    def count_lost(self) -> int:
        """How often another process of this training was lost, this time included."""
        self._file.parent.mkdir(exist_ok=True)
        lost = int(self._read().get("lost", 0)) + 1
        write_json(self._file, {**self._read(), "lost": lost})
        return lost


def _too_large(spec: Spec, needed: float, tokens: int, free: int, processes: int) -> Refusal:
    ways = [(spec.lora is None, "lora"), (bool(spec.lora and spec.devices and not spec.quantization), "qlora")]
    ways += [(tokens > 512, f"max_length {tokens // 2}"), (bool(spec.devices), f"{2 * processes} devices")]
    message = f"This training needs {gigabytes(needed)} on each device, of which {gigabytes(free)} are free."
    return Refusal("oom", message, suggest=", or ".join(way for fits, way in ways if fits) or None)


def fit(
    spec: Spec,
    shape: Shape,
    tokens: int,
    each: int,
    free: int,
    processes: int,
    *,
    factor: float = 1,
    strategy: Strategy | None = None,
) -> Fit:
    """How a training with sequences of so many tokens, `each` of them on each device in a step, fits into so many
    bytes; `strategy` is that of an earlier start. Raises `Refusal` "oom"."""
    if strategy is None or strategy == "single":
        alone = factor * memory_needed(spec, shape, tokens, 1).total
        spread = spec.distributed == "fsdp2" or (spec.distributed == "auto" and alone > free)
        strategy = "fsdp2" if spread else "ddp"
    shards = processes if strategy == "fsdp2" else 1
    needs = {1: memory_needed(spec, shape, tokens, 1, shards)}
    if factor * needs[1].total > free:
        raise _too_large(spec, factor * needs[1].total, tokens, free, processes)
    most = min(each, _MOST, max(1, (_BATCHED_GPU if spec.devices else _BATCHED) // tokens))
    sizes = [2**power for power in range(1, 7) if 2**power < most] + [most]
    needs |= {size: memory_needed(spec, shape, tokens, size, shards) for size in sizes}
    limit = max(size for size, need in needs.items() if size == 1 or factor * need.total <= free)
    chosen = limit if spec.micro_batch == "auto" else int(spec.micro_batch)
    return Fit("single" if processes == 1 else strategy, chosen, needs[limit])
