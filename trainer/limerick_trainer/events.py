"""events.jsonl: what the engine is told, one JSON object a line, appended by one process."""

import json
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LINE_LIMIT = 64 * 1024
QUIET = 20.0  # seconds after which a heartbeat says that the run is alive
MESSAGE_LIMIT = 4_000  # characters

LAST = ("done", "stopped", "failed", "again")  # what a process says last

# Longest first: what a line that is too long can do without.
_SPARE: dict[str, Any] = {"losses": None, "rows": [], "truncated": [], "split": [], "boundary": []}


def finite(value: float | None) -> float | None:
    """JSON has no NaN."""
    return value if value is not None and math.isfinite(value) else None


def _encode(line: dict[str, Any]) -> bytes:
    def dump() -> bytes:
        return json.dumps(line, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    data = dump()
    for key, empty in _SPARE.items():
        if len(data) <= LINE_LIMIT:
            break
        if key in line:
            line[key] = empty
            data = dump()
    return data


def _whole_lines(file: Path) -> tuple[int, dict[str, Any] | None]:
    """Bytes up to the end of the last whole line, and that line; one that a crash cut in half is not counted."""
    data = file.read_bytes() if file.exists() else b""
    end = data.rfind(b"\n") + 1
    if end == 0:
        return 0, None
    return end, json.loads(data[data.rfind(b"\n", 0, end - 1) + 1 : end])


class Events:
    """Appends to events.jsonl; goes on after the last whole line. Of several processes, only the first writes."""

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._descriptor: int | None = None
        self.seq = 0  # of the last line
        self.ended = False  # the last line of the process before this one says how it ended
        self.doing = "starting"
        if writes:
            file = folder / "events.jsonl"
            end, last = _whole_lines(file)
            if last:
                self.seq, self.ended = int(last["seq"]), last["kind"] in LAST
            self._descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
            os.ftruncate(self._descriptor, end)

    def emit(self, kind: str, *, durable: bool = False, **fields: Any) -> None:
        """Writes one line; `durable` waits until it is on the disk. Raises OSError when the disk is full."""
        with self._lock:
            self._last = time.monotonic()
            if self._descriptor is None:
                return
            line = {"v": 1, "seq": self.seq + 1, "at": round(time.time(), 3), "kind": kind, **fields}
            if isinstance(line.get("message"), str):
                line["message"] = line["message"][:MESSAGE_LIMIT]
            self._append(_encode(line))
            self.seq += 1
            if durable:
                os.fsync(self._descriptor)

    def _append(self, data: bytes) -> None:
        assert self._descriptor is not None
        size = os.fstat(self._descriptor).st_size
        try:
            written = os.write(self._descriptor, data)
            if written < len(data):
                os.write(self._descriptor, data[written:])
        except OSError:
            os.ftruncate(self._descriptor, size)
            raise

    def sync(self) -> None:
        """Waits until every line is on the disk."""
        with self._lock:
            if self._descriptor is not None:
                os.fsync(self._descriptor)

    def notice(self, code: str, message: str, *, level: str = "info") -> None:
        self.emit("notice", level=level, code=code, message=message)

    @contextmanager
    def heartbeats(self) -> Iterator[None]:
        """Says what the run is `doing` whenever nothing else was said for a while."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(QUIET / 4):
                if time.monotonic() - self._last >= QUIET:
                    with suppress(OSError):  # a full disk is told by what needs it
                        self.emit("heartbeat", doing=self.doing)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
