"""Why a run ends without a model."""

from typing import Literal

Code = Literal[
    "contract", "dependency", "model_missing", "model_unsupported", "template", "bad_row", "no_signal", "oom",
    "disk", "cuda", "nan", "interrupted", "internal",
]  # fmt: skip


class Refusal(Exception):
    """Ends the run with `failed`; the message is a sentence for people and names no path."""

    def __init__(self, code: Code, message: str, *, row: int | None = None, suggest: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.row = row
        self.suggest = suggest


class Stopped(Exception):
    """The run was asked to stop, outside of a training step."""
