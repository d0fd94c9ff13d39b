"""Memory and disk that a training needs, from the headers of its files: before anything is loaded."""

import json
import math
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .errors import Refusal
from .spec import Spec

Json = dict[str, Any]

MARGIN = 1.15
OVERHEAD = 10**9  # bytes: CUDA context and workspace
LIBRARIES = 9 * 10**8  # bytes: Python with PyTorch and the others
RECOMPUTED = 200e6  # parameters from which a CPU, too, computes activations twice rather than keep them
_NF4 = 0.52  # bytes a weight of 4 bits, with its scales
_TRAINED = 16  # bytes a trained weight: in float32, gradient, two moments
_OUTER = ("embed_tokens.weight", "lm_head.weight", "wte.weight", "embed_in.weight", "embed_out.weight")


@dataclass(frozen=True)
class Shape:
    """Of a base model, as far as memory depends on it."""

    parameters: int
    embeddings: int  # parameters of embeddings and output projection, which are never quantised
    hidden: int
    layers: int
    intermediate: int
    vocabulary: int
    context: int  # longest, in tokens
    matrices: tuple[tuple[str, int, int], ...]  # of the blocks: last part of the module's name, shape


def read_config(base: Path) -> Json:
    """config.json of a base model. Raises `Refusal` "model_missing"."""
    try:
        config: Json = json.loads((base / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise Refusal("model_missing", "The base model has no config.json that can be read.") from None
    return config


def _tensors(base: Path) -> dict[str, list[int]]:
    """Tensor → shape, of every safetensors file."""
    shapes: dict[str, list[int]] = {}
    for file in sorted(base.glob("*.safetensors")):
        with open(file, "rb") as stream:
            header = json.loads(stream.read(struct.unpack("<Q", stream.read(8))[0]))
        shapes |= {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}
    if not shapes and any(base.glob("*.bin")):
        message = "The base model's weights are pickles, which can run code: convert them to safetensors."
        raise Refusal("model_unsupported", message)
    if not shapes:
        raise Refusal("model_missing", "The base model has no weights: a safetensors file is missing.")
    return shapes


def read_shape(base: Path) -> Shape:
    """Raises `Refusal` "model_missing" or "model_unsupported"."""
    config, shapes = read_config(base), _tensors(base)
    text = config.get("text_config") or config
    inner = {name: shape for name, shape in shapes.items() if not name.endswith(_OUTER)}
    hidden = text.get("hidden_size") or text.get("n_embd") or 0
    parameters = sum(map(math.prod, shapes.values()))
    return Shape(
        parameters=parameters,
        embeddings=parameters - sum(map(math.prod, inner.values())),
        hidden=hidden,
        layers=text.get("num_hidden_layers") or text.get("n_layer") or 1,
        intermediate=text.get("intermediate_size") or 4 * hidden,
        vocabulary=text.get("vocab_size") or 0,
        context=text.get("max_position_embeddings") or text.get("n_positions") or 2**31,
        matrices=tuple((name.split(".")[-2], shape[0], shape[1]) for name, shape in inner.items() if len(shape) == 2),
    )


# Some models hold several of these projections in one matrix.
_FUSED = {"qkv_proj": {"q_proj", "k_proj", "v_proj"}, "gate_up_proj": {"gate_proj", "up_proj"}}
# What routes tokens to experts is no place for an adapter.
_ROUTERS = {"gate", "router", "shared_expert_gate"}


def adapter_targets(wanted: tuple[str, ...] | None, present: set[str]) -> list[str]:
    """The modules that an adapter changes: those named, or what this model has in their place. Raises `Refusal`."""
    present = present - _ROUTERS
    if wanted is None:
        return sorted(present)
    fused = {name for name, parts in _FUSED.items() if name in present and parts & set(wanted)}
    missing = set(wanted) - present - {part for name in fused for part in _FUSED[name]}
    if missing:
        names = f"{', '.join(sorted(missing))}; its layers are {', '.join(sorted(present))}"
        raise Refusal("model_unsupported", f"The base model has no layer {names}.", suggest='targets "all-linear"')
    return sorted((set(wanted) & present) | fused)


@dataclass(frozen=True)
class Need:
    """In bytes, on each device."""

    weights: int
    trainable: int
    activations: int
    loss: int
    other: int

    @property
    def total(self) -> int:
        return int(MARGIN * sum(asdict(self).values()))

    def wire(self) -> Json:
        return {**asdict(self), "total": self.total}


def trained_parameters(spec: Spec, shape: Shape) -> int:
    if spec.rank is None:
        return shape.parameters
    names = set(adapter_targets(spec.targets, {name for name, _, _ in shape.matrices}))
    return sum(spec.rank * (rows + columns) for name, rows, columns in shape.matrices if name in names)


def memory_needed(spec: Spec, shape: Shape, tokens: int, micro: int, shards: int = 1) -> Need:
    """With `tokens` in the longest sequence and `micro` sequences at a time; `shards` are the devices that share the
    weights (FSDP2). The engine counts the same (lib/engine/trainers/trl-memory.ts)."""
    gpu = bool(spec.devices)
    width = 2 if gpu and spec.dtype == "bf16" else 4  # bytes a number
    inner = shape.parameters - shape.embeddings
    if spec.quantization:
        weights = _NF4 * inner + 2 * shape.embeddings
    else:  # those that are trained themselves are counted as such
        weights = 0 if spec.rank is None else width * shape.parameters
    gathered = 2 * width * inner / shape.layers if shards > 1 else 0
    sequences = micro * (2 if spec.method == "dpo" else 1)
    block = 20 * shape.hidden + 6 * shape.intermediate
    checkpointed = shape.layers * shape.hidden + block
    kept = checkpointed if gpu or shape.parameters > RECOMPUTED else shape.layers * (shape.hidden + block)
    return Need(
        weights=int(weights / shards + gathered),
        trainable=_TRAINED * trained_parameters(spec, shape) // shards,
        activations=sequences * tokens * width * kept,
        loss=256 * shape.vocabulary * 10,
        other=OVERHEAD if gpu else LIBRARIES,
    )


def disk_needed(spec: Spec, shape: Shape) -> int:
    """Two states to resume from (weights and two moments), the checkpoints that are kept, and the best; in bytes."""
    return (2 * 12 + (spec.checkpoints.keep + 1) * 4) * trained_parameters(spec, shape) + 50 * 10**6


def gigabytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
