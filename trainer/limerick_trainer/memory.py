"""How many sequences are read at a time, and on how many devices the weights lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from . import estimate
from .checkpoint import read_json, write_json
from .errors import Refusal
from .estimate import Need, Shape, gigabytes
from .spec import Spec

Strategy = Literal["single", "ddp", "fsdp2"]

_BATCHED = 512  # tokens a micro-batch on a CPU: larger ones gain nothing there
_BATCHED_GPU = 16_384
_MOST = 64  # sequences


@dataclass(frozen=True)
class Room:
    """What a training may use on each device."""

    free: int  # bytes
    gpu: bool
    processes: int


@dataclass(frozen=True)
class Fit:
    strategy: Strategy
    """Most sequences at a time."""
    limit: int
    need: Need


class MemoryPlan:
    """state/plan.json: what running out of memory has taught, over restarts."""

    def __init__(self, state: Path) -> None:
        self._file = state / "plan.json"

    def _read(self) -> dict[str, Any]:
        found = read_json(self._file)
        return found if isinstance(found, dict) else {}

    @property
    def limit(self) -> int | None:
        """Most sequences at a time; None: memory has never run out."""
        limit = self._read().get("micro_batch")
        return limit if isinstance(limit, int) else None

    def lower(self, limit: int) -> None:
        write_json(self._file, {**self._read(), "micro_batch": limit})

    def count_lost(self) -> int:
        """How often another process of this training was lost, this time included."""
        lost = int(self._read().get("lost", 0)) + 1
        write_json(self._file, {**self._read(), "lost": lost})
        return lost


def _need(spec: Spec, shape: Shape, tokens: int, micro: int, room: Room, shards: int) -> Need:
    need = estimate.memory_needed(
        shape,
        tokens=tokens,
        micro=micro,
        trained=estimate.trained_parameters(shape, spec.lora.r if spec.lora else None, spec.lora and spec.lora.targets),
        dtype=spec.dtype if room.gpu else "float32",
        quantized=spec.quantization is not None,
        pairs=spec.method == "dpo",
        shards=shards,
    )
    return need if room.gpu else Need(need.weights, need.trainable, need.activations, need.loss, 0)


def _too_large(spec: Spec, need: Need, tokens: int, room: Room) -> Refusal:
    ways = []
    if spec.lora is None:
        ways.append("lora")
    elif spec.quantization is None and room.gpu:
        ways.append("qlora")
    if tokens > 512:
        ways.append(f"max_length {tokens // 2}")
    if room.gpu:
        ways.append(f"{2 * room.processes} devices")
    message = f"This training needs {gigabytes(need.total)} of memory on each device, of which {gigabytes(room.free)} are free."
    return Refusal("oom", message, suggest=", or ".join(ways) or None)


def fit(spec: Spec, shape: Shape, tokens: int, each: int, room: Room) -> Fit:
    """How a training with sequences of so many tokens, `each` of them on a device, fits. Raises `Refusal` "oom"."""
    strategy: Strategy = "single" if room.processes == 1 else "ddp"
    shards = 1
    need = _need(spec, shape, tokens, 1, room, shards)
    if room.processes > 1 and (spec.distributed == "fsdp2" or (spec.distributed == "auto" and need.total > room.free)):
        strategy, shards = "fsdp2", room.processes
        need = _need(spec, shape, tokens, 1, room, shards)
    if need.total > room.free:
        raise _too_large(spec, need, tokens, room)
    most = min(each, _MOST, max(1, (_BATCHED_GPU if room.gpu else _BATCHED) // tokens))
    limit = 1
    while limit < most:
        larger = _need(spec, shape, tokens, min(2 * limit, most), room, shards)
        if larger.total > room.free:
            break
        limit, need = min(2 * limit, most), larger
    return Fit(strategy, spec.micro_batch or limit, need)


@dataclass
class Attempt:
    """What has to be known of a training that was cut off: `micro`, the sequences that it read at a time, if it got so far."""

    micro: int | None = None
