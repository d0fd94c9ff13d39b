"""The rows of a run as tokens, made once: a resumed run reads the same ones, also if its template names the date."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .checkpoint import write_durably
from .errors import Refusal
from .labels import Labeller, Report, Row, Sample, thinks
from .spec import Spec, fingerprint

LISTED = 200  # rows that `prepared` names of each kind

Json = dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """Samples by row; of preference data, each row has its preferred and its other answer."""

    training: list[Sample]
    validation: list[Sample]
    facts: Json  # fields of the event `prepared`

    @property
    def template_kwargs(self) -> Json:
        """Of the chat template, as chosen; whoever asks the model later has to give the same."""
        kwargs: Json = self.facts["template_kwargs"]
        return kwargs


def read_rows(file: Path) -> list[Row]:
    """The lines of a training file. Raises `Refusal` "bad_row"."""
    rows: list[Row] = []
    for line in file.read_text("utf-8-sig").split("\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise Refusal("bad_row", f"Row {len(rows) + 1} is not JSON.", row=len(rows)) from None
        if not isinstance(row, dict):
            raise Refusal("bad_row", f"Row {len(rows) + 1} is not an object.", row=len(rows))
        rows.append(row)
    return rows


def _template_kwargs(given: Json, template: str | None, rows: Sequence[Row]) -> Json:
    """Without thoughts in the data, a template that can think is told not to: its empty block then belongs to the
    prompt, and the model is not taught to skip thinking."""
    asks = template is not None and "enable_thinking" in template
    if not asks or "enable_thinking" in given or thinks(rows):
        return given
    return {**given, "enable_thinking": False}


def _label(rows: Sequence[Row], label: Callable[[Row, int], list[Sample]], check: Callable[[], None]) -> list[Sample]:
    samples: list[Sample] = []
    for index, row in enumerate(rows):
        check()
        try:
            samples += label(row, index)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            reason = f"Row {index + 1} is not a row of this method ({type(error).__name__}: {error})."
            raise Refusal("bad_row", reason, row=index) from error
    return samples


def labels_hash(samples: Sequence[Sample]) -> str:
    """SHA-256 over the ids and labels of each sample in turn, 32-bit little-endian."""
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(np.asarray(sample.ids, "<i4").tobytes())
        digest.update(np.asarray(sample.labels, "<i4").tobytes())
    return f"sha256:{digest.hexdigest()}"


def _facts(rows: int, samples: Sequence[Sample], report: Report) -> Json:
    found = {name: values[:LISTED] for name, values in asdict(report).items()}
    return {
        "rows": rows,
        "tokens": sum(len(sample.ids) for sample in samples),
        "trained_tokens": sum(sample.learnt for sample in samples),
        **found,
        "truncated_rows": len(report.truncated),
        "split_rows": len(report.split),
        "labels_hash": labels_hash(samples),
    }


def _make(folder: Path, spec: Spec, tokenizer: Any, check: Callable[[], None]) -> Prepared:
    rows = read_rows(folder / "train.jsonl")
    if not rows:
        raise Refusal("no_signal", "The training file has no rows.")
    held_out = folder / "valid.jsonl"
    checks = read_rows(held_out) if held_out.exists() else []
    kwargs = _template_kwargs(spec.template.kwargs, tokenizer.chat_template, rows)
    labeller = Labeller(tokenizer, kwargs, spec.max_length)
    label = labeller.pair if spec.method == "dpo" else labeller.samples
    training = _label(rows, label, check)
    facts = {**_facts(len(rows), training, labeller.report), "template_kwargs": kwargs}
    try:
        validation = _label(checks, label, check)
    except Refusal as error:
        raise Refusal(error.code, f"Of the validation file: {error.message}", suggest=error.suggest) from error
    return Prepared(training, validation, facts)


def _source(folder: Path, spec: Spec) -> str:
    digest = hashlib.sha256(fingerprint(spec).encode())
    for name in ("train.jsonl", "valid.jsonl"):
        if (folder / name).exists():
            digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def _store(file: Path, prepared: Prepared, source: str) -> None:
    samples = [*prepared.training, *prepared.validation]
    about = {"source": source, "training": len(prepared.training), "facts": prepared.facts}
    arrays = {
        "ids": np.concatenate([np.asarray(sample.ids, np.int32) for sample in samples]),
        "labels": np.concatenate([np.asarray(sample.labels, np.int32) for sample in samples]),
        "lengths": np.asarray([len(sample.ids) for sample in samples], np.int64),
        "rows": np.asarray([sample.row for sample in samples], np.int64),
        "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
    }
    write_durably(file, lambda stream: np.savez(stream, allow_pickle=False, **arrays))


def _load(file: Path, source: str) -> Prepared:
    with np.load(file, allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        if about["source"] != source:
            message = "spec.json or a data file is not what it was when this run began; start it in a new folder."
            raise Refusal("contract", message)
        ends = np.cumsum(arrays["lengths"])[:-1]
        parts = zip(arrays["rows"], np.split(arrays["ids"], ends), np.split(arrays["labels"], ends), strict=True)
        samples = [Sample(int(row), ids.tolist(), labels.tolist()) for row, ids, labels in parts]
    if labels_hash(samples[: about["training"]]) != about["facts"]["labels_hash"]:
        raise Refusal("contract", "The labels of this run are not what they were when it began.")
    first = about["training"]
    return Prepared(samples[:first], samples[first:], about["facts"])


def prepare(folder: Path, spec: Spec, tokenizer: Any, check: Callable[[], None] = lambda: None) -> Prepared:
    """The labels of a run: of its first start, if there was one. `check` is called between rows, and may raise."""
    file = folder / "state" / "labels.npz"
    source = _source(folder, spec)
    if not file.exists():
        _store(file, _make(folder, spec, tokenizer, check), source)
    return _load(file, source)
