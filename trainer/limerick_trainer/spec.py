"""spec.json: what the engine orders. Everything is checked before a weight is read."""

import hashlib
import json
import math
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from . import CONTRACT
from .errors import Refusal

Json = dict[str, Any]


class Above(float):
    """Bound of a number that may not be reached; a plain number is the least that is allowed."""


Count = Annotated[int, 1]
Positive = Annotated[float, Above(0)]
NotNegative = Annotated[float, 0]


@dataclass(frozen=True)
class Base:
    folder: Path
    name: str
    revision: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class Adapter:
    folder: Path


@dataclass(frozen=True)
class Lora:
    r: Count
    alpha: Positive
    dropout: NotNegative = 0.0
    targets: Literal["all-linear"] | tuple[str, ...] = "all-linear"  # last parts of module names


@dataclass(frozen=True)
class Dpo:
    beta: Positive = 0.1


@dataclass(frozen=True)
class Template:
    source: Literal["base"] = "base"
    kwargs: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluate:
    every_epoch: bool = True
    steps: Count | None = None  # between small validations; None: a quarter of an epoch
    small_rows: Annotated[int, 0] = 8
    patience: Count | None = None  # whole validations in a row without a new best, after which it ends; None: never


@dataclass(frozen=True)
class Checkpoints:
    every_epoch: bool = True
    keep: Count = 3
    state_seconds: NotNegative = 60.0  # most training time that a crash may cost


@dataclass(frozen=True)
class Spec:
    contract: Literal["limerick.run/1"]
    job: str
    base: Base
    method: Literal["supervised", "dpo"]
    tuning: Literal["lora", "full"]
    epochs: Count
    batch_size: Count  # examples per optimizer step, whatever the devices
    learning_rate: Positive
    max_length: Annotated[int, 2]  # in tokens
    seed: Annotated[int, 0]
    attempt: Count = 1
    start_adapter: Adapter | None = None  # part of the weights that training starts from
    lora: Lora | None = None
    dpo: Dpo | None = None
    micro_batch: Literal["auto"] | Count = "auto"
    schedule: Literal["linear"] = "linear"
    warmup_ratio: NotNegative = 0.0
    weight_decay: NotNegative = 0.0
    clip: Positive = 1.0
    too_long: Literal["cut_end"] = "cut_end"
    template: Template = field(default_factory=Template)
    dtype: Literal["float32", "bf16"] = "bf16"
    quantization: Literal["nf4"] | None = None
    devices: tuple[Annotated[int, 0], ...] = ()
    distributed: Literal["auto", "ddp", "fsdp2"] = "auto"
    evaluate: Evaluate = field(default_factory=Evaluate)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    deterministic: bool = False

    @property
    def rank(self) -> int | None:
        """Of the adapter; None: every weight is trained."""
        return self.lora.r if self.lora else None

    @property
    def targets(self) -> tuple[str, ...] | None:
        """Of the adapter; None: every linear layer of the blocks."""
        return self.lora.targets if self.lora and not isinstance(self.lora.targets, str) else None


_PLAIN: dict[Any, tuple[Any, str]] = {
    str: (str, "a text"), Path: (str, "a path"), bool: (bool, "true or false"),
    int: (int, "a whole number"), float: (int | float, "a number"), Json: (dict, "an object"),
}  # fmt: skip


def _wrong(where: str, wanted: str) -> Refusal:
    return Refusal("contract", f"spec.json: {where} has to be {wanted}.")


def _read(kind: Any, value: Any, where: str) -> Any:
    """The value as a type of this file. Raises `Refusal` "contract" that names where it is."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _bounded(_read(arguments[0], value, where), arguments[1], where)
    if origin is Literal:
        if value not in arguments:
            raise _wrong(where, " or ".join(json.dumps(choice) for choice in arguments))
        return value
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        *_, last = (arm for arm in arguments if arm is not NoneType)
        named = [arm for arm in arguments if get_origin(arm) is Literal and value in get_args(arm)]
        return value if named else _read(last, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(where, "a list")
        return tuple(_read(arguments[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if is_dataclass(kind):
        return _object(kind, value, where)
    accepted, wanted = _PLAIN[kind]
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(where, wanted)
    return kind(value) if kind in (Path, float) else value


def _bounded(value: float, bound: float, where: str) -> float:
    above = isinstance(bound, Above)
    if not math.isfinite(value) or value < bound or (above and value == bound):
        raise _wrong(where, f"a number {'above' if above else 'of at least'} {float(bound):g}")
    return value


def _object(kind: Any, value: Any, where: str) -> Any:
    given: Json = _read(Json, value, where)
    known = {each.name: each for each in fields(kind)}
    for key in given:
        if key not in known:
            raise Refusal("contract", f'spec.json: the key "{key}" of {where} is not known to this trainer.')
    for key, each in known.items():
        if key not in given and each.default is MISSING and each.default_factory is MISSING:
            raise Refusal("contract", f"spec.json: {where}.{key} is missing.")
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{key: _read(hints[key], item, f"{where}.{key}") for key, item in given.items()})


def parse_spec(given: Any) -> Spec:
    """Raises `Refusal` "contract" that names the key."""
    if not isinstance(given, dict) or given.get("contract") != CONTRACT:
        asked = given.get("contract") if isinstance(given, dict) else given
        raise Refusal("contract", f"spec.json is of the contract {json.dumps(asked)}; this trainer knows {CONTRACT}.")
    spec: Spec = _object(Spec, given, "spec")
    if (spec.tuning == "lora") != (spec.lora is not None):
        raise Refusal("contract", 'spec.json: "lora" has to be given for the tuning "lora", and for no other.')
    if spec.method != "dpo" and spec.dpo is not None:
        raise Refusal("contract", 'spec.json: "dpo" belongs to the method "dpo" only.')
    if spec.quantization and spec.tuning != "lora":
        raise Refusal("contract", "spec.json: weights of 4 bits cannot be trained themselves; use the tuning lora.")
    return spec


# The same weights come out of the same order elsewhere.
_INDIFFERENT = ("job", "attempt", "micro_batch", "devices", "distributed", "evaluate", "checkpoints")


def fingerprint(spec: Spec) -> str:
    """Of all that the trained weights depend on; a checkpoint of another order is not resumed."""
    order = {each.name: getattr(spec, each.name) for each in fields(spec) if each.name not in _INDIFFERENT}
    order["base"] = (spec.base.name, spec.base.revision, spec.base.fingerprint)
    order["start_adapter"] = spec.start_adapter is not None  # folders may have moved
    return hashlib.sha256(repr(sorted(order.items())).encode()).hexdigest()


def read_spec(folder: Path) -> Spec:
    """The order of a run folder. Raises `Refusal` "contract"."""
    try:
        given = json.loads((folder / "spec.json").read_text("utf-8"))
    except FileNotFoundError:
        raise Refusal("contract", "The run folder has no spec.json.") from None
    except ValueError:
        raise Refusal("contract", "spec.json is not JSON.") from None
    return parse_spec(given)
