"""Memory and disk that a training needs, from the headers of its files: before anything is loaded."""

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from .errors import Refusal

Json = dict[str, Any]

MARGIN = 1.15
OVERHEAD = 10**9  # bytes: CUDA context and workspace
_NF4 = 0.52  # bytes a weight of 4 bits, with its scales
_MOMENTS = 16  # bytes a trained weight: float32 weight, gradient, two moments


@dataclass(frozen=True)
class Shape:
    """Of a base model, as far as memory depends on it."""

    parameters: int
    """In embeddings and output projection, which are never quantised."""
    embeddings: int
    hidden: int
    layers: int
    intermediate: int
    vocabulary: int
    """Longest context, in tokens."""
    context: int
    """Shapes of the matrices of the blocks, by the last part of their module's name."""
    matrices: tuple[tuple[str, int, int], ...]


def _headers(folder: Path) -> dict[str, list[int]]:
    """Tensor → shape, of every safetensors file."""
    shapes: dict[str, list[int]] = {}
    for file in sorted(folder.glob("*.safetensors")):
        with open(file, "rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(length))
        shapes |= {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}
    return shapes


def _size(shape: list[int]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def read_config(base: Path) -> Json:
    """config.json of a base model. Raises `Refusal` "model_missing"."""
    try:
        config: Json = json.loads((base / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise Refusal("model_missing", "The base model has no config.json that can be read.") from None
    return config


def read_shape(base: Path) -> Shape:
    """Raises `Refusal` "model_missing" or "model_unsupported"."""
    config = read_config(base)
    text = config.get("text_config") or config
    shapes = _headers(base)
    if not shapes:
        pickles = any(base.glob("*.bin")) or any(base.glob("*.pt*"))
        if pickles:
            raise Refusal(
                "model_unsupported",
                "The base model's weights are pickles, which can run code: convert them to safetensors.",
            )
        raise Refusal("model_missing", "The base model has no weights: a safetensors file is missing.")
    outer = ("embed_tokens.weight", "lm_head.weight", "wte.weight", "embed_in.weight", "embed_out.weight")
    matrices = [
        (name.split(".")[-2], shape[0], shape[1])
        for name, shape in shapes.items()
        if name.endswith(".weight") and len(shape) == 2 and not name.endswith(outer)
    ]
    hidden = text.get("hidden_size") or text.get("n_embd") or 0
    return Shape(
        parameters=sum(map(_size, shapes.values())),
        embeddings=sum(_size(shape) for name, shape in shapes.items() if name.endswith(outer)),
        hidden=hidden,
        layers=text.get("num_hidden_layers") or text.get("n_layer") or 0,
        intermediate=text.get("intermediate_size") or 4 * hidden,
        vocabulary=text.get("vocab_size") or 0,
        context=text.get("max_position_embeddings") or text.get("n_positions") or 2**31,
        matrices=tuple(matrices),
    )


# Some models hold several of these projections in one matrix.
FUSED = {"qkv_proj": {"q_proj", "k_proj", "v_proj"}, "gate_up_proj": {"gate_proj", "up_proj"}}
# What routes tokens to experts is no place for an adapter.
ROUTERS = ("gate", "router", "shared_expert_gate")


def adapter_targets(wanted: tuple[str, ...] | None, present: set[str]) -> list[str]:
    """The modules that an adapter changes: those named, or what this model has in their place. Raises `Refusal`."""
    present = present - set(ROUTERS)
    if wanted is None:
        return sorted(present)
    chosen = {name for name in wanted if name in present}
    for fused, parts in FUSED.items():
        if fused in present and parts & set(wanted):
            chosen.add(fused)
    covered = chosen | {part for fused, parts in FUSED.items() if fused in chosen for part in parts}
    missing = sorted(set(wanted) - covered)
    if missing:
        raise Refusal(
            "model_unsupported",
            f"The base model has no layer {', '.join(missing)}; its layers are {', '.join(sorted(present))}.",
            suggest='lora.targets "all-linear"',
        )
    return sorted(chosen)


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


def trained_parameters(shape: Shape, rank: int | None, targets: tuple[str, ...] | None) -> int:
    if rank is None:
        return shape.parameters
    names = set(adapter_targets(targets, {name for name, _, _ in shape.matrices}))
    return sum(rank * (rows + columns) for name, rows, columns in shape.matrices if name in names)


def memory_needed(
    shape: Shape,
    *,
    tokens: int,
    micro: int,
    trained: int,
    dtype: Literal["float32", "bf16"],
    quantized: bool,
    pairs: bool = False,
    shards: int = 1,
) -> Need:
    """Of one device: `tokens` in the longest sequence, `micro` sequences at a time, `trained` parameters.

    Weights that are trained themselves are kept in float32, an adapter's base in `dtype`. Activations are those of
    checkpointed blocks. `shards`: devices that share the weights (FSDP2).
    """
    width = 4 if dtype == "float32" else 2
    whole = trained >= shape.parameters
    if quantized:
        weights = _NF4 * (shape.parameters - shape.embeddings) + 2 * shape.embeddings
    else:
        weights = 0 if whole else width * shape.parameters
    rows = micro * (2 if pairs else 1)
    block = (shape.parameters - shape.embeddings) / max(1, shape.layers) * width
    per_token = width * shape.layers * shape.hidden + (20 * shape.hidden + 6 * shape.intermediate) * width
    return Need(
        weights=int(weights / shards + (2 * block if shards > 1 else 0)),
        trainable=int(_MOMENTS * trained / shards),
        activations=int(rows * tokens * per_token),
        loss=int(256 * shape.vocabulary * 10),
        other=OVERHEAD,
    )


def disk_needed(shape: Shape, trained: int, keep: int) -> int:
    """Two states to resume from (weights and two moments), the checkpoints that are kept, and the best; in bytes."""
    return 2 * 12 * trained + (keep + 1) * 4 * trained + 50 * 10**6


def gigabytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
