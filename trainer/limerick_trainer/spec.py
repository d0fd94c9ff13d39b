"""spec.json: what the engine orders. Everything is checked before a weight is read."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from . import CONTRACT
from .errors import Refusal

Json = dict[str, Any]
T = TypeVar("T")
Read = Callable[[Any, str], T]


def _wrong(where: str, wanted: str) -> Refusal:
    return Refusal("contract", f"spec.json: {where} has to be {wanted}.")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(where, "a text")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false")
    return value


def _whole(least: int) -> Read[int]:
    def read(value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise _wrong(where, f"a whole number of at least {least}")
        return value

    return read


def _number(least: float, most: float = float("inf"), *, above: bool = False) -> Read[float]:
    def read(value: Any, where: str) -> float:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
        if not fits or (above and value == least):
            raise _wrong(where, f"a number {'above' if above else 'of at least'} {least:g}, at most {most:g}")
        return float(value)

    return read


def _one_of(*choices: str) -> Read[Any]:
    def read(value: Any, where: str) -> Any:
        if value not in choices:
            raise _wrong(where, " or ".join(f'"{choice}"' for choice in choices))
        return value

    return read


def _optional(read: Read[T]) -> Read[T | None]:
    return lambda value, where: None if value is None else read(value, where)


def _list(read: Read[T]) -> Read[tuple[T, ...]]:
    def items(value: Any, where: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise _wrong(where, "a list")
        return tuple(read(item, f"{where}[{index}]") for index, item in enumerate(value))

    return items


def _mapping(value: Any, where: str) -> Json:
    if not isinstance(value, dict):
        raise _wrong(where, "an object")
    return value


def _micro(value: Any, where: str) -> int | None:
    return None if value == "auto" else _whole(1)(value, where)


def _targets(value: Any, where: str) -> tuple[str, ...] | None:
    if value == "all-linear":
        return None
    names = _list(_text)(value, where)
    if not names:
        raise _wrong(where, 'a list of layer names or "all-linear"')
    return names


REQUIRED = object()


def _object(fields: dict[str, tuple[Read[Any], Any]]) -> Read[Json]:
    """An object with exactly these keys; a key has its reader and its value where it is left out."""

    def read(value: Any, where: str) -> Json:
        given = _mapping(value, where)
        for key in given:
            if key not in fields:
                raise Refusal("contract", f'spec.json: the key "{key}" of {where} is not known to this trainer.')
        return {
            key: reader(given[key], f"{where}.{key}") if key in given else _default(default, f"{where}.{key}")
            for key, (reader, default) in fields.items()
        }

    return read


def _default(default: Any, where: str) -> Any:
    if default is REQUIRED:
        raise Refusal("contract", f"spec.json: {where} is missing.")
    return default


_BASE = _object(
    {
        "folder": (_text, REQUIRED),
        "name": (_text, REQUIRED),
        "revision": (_optional(_text), None),
        "fingerprint": (_optional(_text), None),
    }
)
_LORA = _object(
    {
        "r": (_whole(1), REQUIRED),
        "alpha": (_number(0, above=True), REQUIRED),
        "dropout": (_number(0, 1), 0.0),
        "targets": (_targets, None),
    }
)
_SPEC = _object(
    {
        "contract": (_text, REQUIRED),
        "job": (_text, REQUIRED),
        "attempt": (_whole(1), 1),
        "base": (_BASE, REQUIRED),
        "start_adapter": (_optional(_object({"folder": (_text, REQUIRED)})), None),
        "method": (_one_of("supervised", "dpo"), REQUIRED),
        "tuning": (_one_of("lora", "full"), REQUIRED),
        "lora": (_optional(_LORA), None),
        "dpo": (_optional(_object({"beta": (_number(0, above=True), 0.1)})), None),
        "epochs": (_whole(1), REQUIRED),
        "batch_size": (_whole(1), REQUIRED),
        "micro_batch": (_micro, None),
        "learning_rate": (_number(0, above=True), REQUIRED),
        "schedule": (_one_of("linear"), "linear"),
        "warmup_ratio": (_number(0, 1), 0.0),
        "weight_decay": (_number(0), 0.0),
        "clip": (_number(0, above=True), 1.0),
        "max_length": (_whole(2), REQUIRED),
        "too_long": (_one_of("cut_end"), "cut_end"),
        "template": (_object({"source": (_one_of("base"), "base"), "kwargs": (_mapping, {})}), {"kwargs": {}}),
        "dtype": (_one_of("float32", "bf16"), "bf16"),
        "quantization": (_optional(_one_of("nf4")), None),
        "devices": (_list(_whole(0)), ()),
        "distributed": (_one_of("auto", "ddp", "fsdp2"), "auto"),
        "evaluate": (
            _object(
                {
                    "every_epoch": (_flag, True),
                    "steps": (_optional(_whole(1)), None),
                    "small_rows": (_whole(0), 8),
                }
            ),
            {"every_epoch": True, "steps": None, "small_rows": 8},
        ),
        "checkpoints": (
            _object({"every_epoch": (_flag, True), "keep": (_whole(1), 3), "state_seconds": (_number(0), 60.0)}),
            {"every_epoch": True, "keep": 3, "state_seconds": 60.0},
        ),
        "seed": (_whole(0), REQUIRED),
        "deterministic": (_flag, False),
    }
)


@dataclass(frozen=True)
class Lora:
    r: int
    alpha: float
    dropout: float
    """Last parts of module names; None: every linear layer of the blocks."""
    targets: tuple[str, ...] | None


@dataclass(frozen=True)
class Spec:
    job: str
    base: Path
    base_name: str
    base_revision: str | None
    base_fingerprint: str | None
    start_adapter: Path | None
    method: Literal["supervised", "dpo"]
    """None: every weight is trained."""
    lora: Lora | None
    beta: float
    epochs: int
    """Examples per optimizer step, whatever the devices."""
    batch_size: int
    """None: as many as fit."""
    micro_batch: int | None
    learning_rate: float
    warmup_ratio: float
    weight_decay: float
    clip: float
    """In tokens."""
    max_length: int
    template_kwargs: Json
    dtype: Literal["float32", "bf16"]
    quantization: Literal["nf4"] | None
    devices: tuple[int, ...]
    distributed: Literal["auto", "ddp", "fsdp2"]
    evaluate_epochs: bool
    """Between small validations; None: a quarter of an epoch."""
    evaluate_steps: int | None
    small_rows: int
    checkpoint_epochs: bool
    keep: int
    """Most training time that a crash may cost."""
    state_seconds: float
    seed: int
    deterministic: bool
    """Of all that the trained weights depend on; a checkpoint of another order is not resumed."""
    fingerprint: str


# The same weights come out of the same order elsewhere.
_INDIFFERENT = ("job", "attempt", "micro_batch", "devices", "distributed", "evaluate", "checkpoints")


def _fingerprint(raw: Json) -> str:
    order = {key: value for key, value in raw.items() if key not in _INDIFFERENT}
    order["base"] = {**order["base"], "folder": None}
    return hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()


def parse_spec(given: Any) -> Spec:
    """Raises `Refusal` "contract" that names the key."""
    if not isinstance(given, dict) or given.get("contract") != CONTRACT:
        asked = given.get("contract") if isinstance(given, dict) else given
        raise Refusal("contract", f"spec.json is of the contract {json.dumps(asked)}; this trainer knows {CONTRACT}.")
    raw = _SPEC(given, "spec")
    if (raw["tuning"] == "lora") != (raw["lora"] is not None):
        raise Refusal("contract", 'spec.json: "lora" has to be given for the tuning "lora", and for no other.')
    if raw["method"] != "dpo" and raw["dpo"] is not None:
        raise Refusal("contract", 'spec.json: "dpo" belongs to the method "dpo" only.')
    if raw["quantization"] and raw["tuning"] != "lora":
        raise Refusal("contract", "spec.json: weights of 4 bits cannot be trained themselves; use the tuning lora.")
    base, evaluate, checkpoints = raw["base"], raw["evaluate"], raw["checkpoints"]
    return Spec(
        job=raw["job"],
        base=Path(base["folder"]),
        base_name=base["name"],
        base_revision=base["revision"],
        base_fingerprint=base["fingerprint"],
        start_adapter=Path(raw["start_adapter"]["folder"]) if raw["start_adapter"] else None,
        method=raw["method"],
        lora=Lora(**raw["lora"]) if raw["lora"] else None,
        beta=(raw["dpo"] or {"beta": 0.1})["beta"],
        epochs=raw["epochs"],
        batch_size=raw["batch_size"],
        micro_batch=raw["micro_batch"],
        learning_rate=raw["learning_rate"],
        warmup_ratio=raw["warmup_ratio"],
        weight_decay=raw["weight_decay"],
        clip=raw["clip"],
        max_length=raw["max_length"],
        template_kwargs=raw["template"]["kwargs"],
        dtype=raw["dtype"],
        quantization=raw["quantization"],
        devices=raw["devices"],
        distributed=raw["distributed"],
        evaluate_epochs=evaluate["every_epoch"],
        evaluate_steps=evaluate["steps"],
        small_rows=evaluate["small_rows"],
        checkpoint_epochs=checkpoints["every_epoch"],
        keep=checkpoints["keep"],
        state_seconds=checkpoints["state_seconds"],
        seed=raw["seed"],
        deterministic=raw["deterministic"],
        fingerprint=_fingerprint(raw),
    )


def read_spec(folder: Path) -> Spec:
    """The order of a run folder. Raises `Refusal` "contract"."""
    try:
        given = json.loads((folder / "spec.json").read_text("utf-8"))
    except FileNotFoundError:
        raise Refusal("contract", "The run folder has no spec.json.") from None
    except ValueError:
        raise Refusal("contract", "spec.json is not JSON.") from None
    return parse_spec(given)
