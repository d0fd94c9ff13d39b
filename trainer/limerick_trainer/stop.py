"""Requests to stop: stop.json, and SIGTERM, which keeps nothing unless stop.json says so; and a run that was deleted."""

import json
import signal
from pathlib import Path
from types import FrameType


class StopRequests:
    """What the engine asked for; looked at between steps, and between the parts of the preparation."""

    def __init__(self, folder: Path) -> None:
        self._file, self._order = folder / "stop.json", folder / "spec.json"
        self._signalled = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._signalled = True

    def asked(self) -> str | None:
        """None, "drop", or "keep" for a stop that saves a checkpoint first."""
        try:
            wish = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return "drop" if self._signalled or not self._order.exists() else None
        except ValueError:
            return None  # still being written
        return "keep" if isinstance(wish, dict) and wish.get("keep") is True else "drop"
