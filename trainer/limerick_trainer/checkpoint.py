"""Folders that exist only when they are whole: COMPLETE names every file with its size and SHA-256."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

COMPLETE = "COMPLETE"
_PREFIX = "checkpoint-"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(file: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """The file is either as it was or written as a whole."""
    unfinished = file.with_name(f".{file.name}.tmp")
    with open(unfinished, "wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, file)
    _sync(file.parent)


def write_json(file: Path, value: Any) -> None:
    data = json.dumps(value, indent=1, ensure_ascii=False).encode()
    write_durably(file, lambda stream: stream.write(data))


def read_json(file: Path) -> Any:
    """None where there is none, or none that can be read."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name != COMPLETE)


def _describe(file: Path) -> dict[str, Any]:
    with open(file, "rb") as stream:
        return {"bytes": file.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _manifest(folder: Path) -> dict[str, Any]:
    return {file.relative_to(folder).as_posix(): _describe(file) for file in _files(folder)}


def seal(folder: Path, step: int, epoch: int) -> None:
    """Makes a folder count: readable by everybody, on the disk, and marked."""
    for file in _files(folder):
        file.chmod(0o644)  # safetensors writes 0600: a server under another user could not read it
        _sync(file)
    write_json(folder / COMPLETE, {"step": step, "epoch": epoch, "files": _manifest(folder)})


def is_whole(folder: Path) -> bool:
    """Whether a folder holds what its COMPLETE says, unchanged."""
    record = read_json(folder / COMPLETE)
    return isinstance(record, dict) and record.get("files") == _manifest(folder)


def step_of(folder: Path) -> int:
    return int(folder.name.removeprefix(_PREFIX))


def checkpoints(parent: Path) -> list[Path]:
    """Marked checkpoints of a folder, the newest first."""
    found = (path for path in parent.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdigit())
    return sorted((path for path in found if (path / COMPLETE).exists()), key=step_of, reverse=True)


def newest(parent: Path) -> Path | None:
    """The newest checkpoint that is whole; a damaged one is passed over."""
    return next((folder for folder in checkpoints(parent) if is_whole(folder)), None)


def _unmarked(parent: Path) -> Iterator[Path]:
    for path in [*parent.glob(f"{_PREFIX}*"), *parent.glob(f".{_PREFIX}*")]:
        if path.is_dir() and not (path / COMPLETE).exists():
            yield path


def clear(parent: Path) -> None:
    """Deletes what a crash left unfinished."""
    for path in [*_unmarked(parent), *parent.glob(f".{_PREFIX}*.old")]:
        shutil.rmtree(path, ignore_errors=True)


def write_folder(folder: Path, step: int, epoch: int, fill: Callable[[Path], None]) -> None:
    """Fills a folder under another name, and gives it its own when it is whole and on the disk."""
    unfinished, old = folder.with_name(f".{folder.name}.tmp"), folder.with_name(f".{folder.name}.old")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    fill(unfinished)
    seal(unfinished, step, epoch)
    if folder.exists():  # of the same step, before a crash
        folder.rename(old)
    unfinished.rename(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def prune(parent: Path, keep: int, best: int | None = None) -> None:
    """Deletes all checkpoints but the newest, and that of the step `best`."""
    for folder in checkpoints(parent)[keep:]:
        if step_of(folder) != best:
            (folder / COMPLETE).unlink()  # first: half of a folder is none
            shutil.rmtree(folder)
