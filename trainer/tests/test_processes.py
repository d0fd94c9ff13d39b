"""Trainings as the engine runs them: processes that are killed, several at once, signals."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from worlds import events, log, make_run, rows, start

from limerick_trainer import AGAIN, DONE

Models = Callable[[str], Path]
PATIENCE = 900  # s; a start alone takes many on a busy machine


def finish(folder: Path, **options: Any) -> None:
    process = start(folder, **options)
    assert process.wait(PATIENCE) == DONE, log(folder)


def wait_for(folder: Path, step: int, process: subprocess.Popen[bytes]) -> None:
    """Until a step was told by the training that runs now."""
    before = len(events(folder, "started")) - 1
    while not any(event["step"] >= step for event in since_start(folder, before)):
        assert process.poll() is None, log(folder)
        time.sleep(0.005)


def since_start(folder: Path, number: int) -> list[dict[str, Any]]:
    found, starts = [], -1
    for event in events(folder):
        starts += event["kind"] == "started"
        if event["kind"] == "step" and starts > number:
            found.append(event)
    return found


def losses(folder: Path) -> list[float]:
    return list({event["step"]: event["metrics"]["trainLoss"] for event in events(folder, "step")}.values())


@pytest.fixture(scope="module")
def unbroken(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("unbroken") / "run", models("llama"), rows(16), rows(3, 100), **LONG)
    finish(folder)
    return folder


LONG: dict[str, Any] = {
    "epochs": 4,
    "batch_size": 8,
    "micro_batch": 4,
    "lora": {"r": 4, "alpha": 8, "dropout": 0.3, "targets": "all-linear"},
    "checkpoints": {"every_epoch": True, "keep": 3, "state_seconds": 0},
}
STEPS = 8


def test_a_training_that_is_killed_three_times(models: Models, tmp_path: Path, unbroken: Path) -> None:
    """kill -9 wherever it stands: the adapter is the same to the byte, with dropout too."""
    folder = make_run(tmp_path / "run", models("llama"), rows(16), rows(3, 100), **LONG)
    for step in (2, 4, 6):
        process = start(folder)
        wait_for(folder, step, process)
        process.kill()
        assert process.wait(PATIENCE) == -signal.SIGKILL
    finish(folder)
    name = f"checkpoint-{STEPS}/adapter_model.safetensors"
    assert (folder / name).read_bytes() == (unbroken / name).read_bytes()
    assert losses(folder) == losses(unbroken)
    starts = [event["step"] for event in events(folder, "started")]
    assert starts[0] == 0
    assert starts[3] > starts[1] >= 1, "it goes on where it was"
    seqs = [event["seq"] for event in events(folder)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_two_processes_are_as_one(models: Models, tmp_path: Path) -> None:
    """One process, eight at a time; two processes, two at a time twice; the last step has six rows."""
    settings = {"batch_size": 8, "epochs": 2}
    one = make_run(tmp_path / "one", models("llama"), rows(14), rows(3, 100), micro_batch=8, **settings)
    finish(one)
    two = make_run(tmp_path / "two", models("llama"), rows(14), rows(3, 100), micro_batch=2, **settings)
    finish(two, processes=2)
    assert events(two, "hello")[0]["world_size"] == 2
    assert (events(two, "memory")[0]["accumulation"], events(two, "memory")[0]["strategy"]) == (2, "ddp")
    assert losses(two) == pytest.approx(losses(one), abs=1e-6)
    for a, b in zip(events(one, "step"), events(two, "step"), strict=True):
        assert a["rows"] == b["rows"]
        assert b["losses"] == pytest.approx(a["losses"], abs=1e-5)
        assert b["metrics"].get("fullValidLoss") == pytest.approx(a["metrics"].get("fullValidLoss"), abs=1e-6)
    weights = [load_file(folder / "checkpoint-4" / "adapter_model.safetensors") for folder in (one, two)]
    assert all((weights[0][name] - weights[1][name]).abs().max() < 1e-4 for name in weights[0])


def test_two_processes_stop_at_the_same_step_and_go_on(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(16), epochs=200, batch_size=4)
    process = start(folder, processes=2)
    wait_for(folder, 2, process)
    (folder / "stop.json").write_text('{"keep": true}')
    assert process.wait(PATIENCE) == DONE, log(folder)
    assert [event["kind"] for event in events(folder)[-2:]] == ["checkpoint", "stopped"]
    stopped = events(folder)[-1]["step"]
    (folder / "stop.json").unlink()
    process = start(folder, processes=2)
    wait_for(folder, stopped + 1, process)
    assert events(folder, "started")[-1]["step"] == stopped
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(children[-1]), signal.SIGKILL)
    assert process.wait(PATIENCE) != DONE
    assert events(folder)[-1]["kind"] in ("again", "step"), "what is left of it tells, or is killed too"


def test_sigterm_drops(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(16), epochs=500, checkpoints={"every_epoch": False})
    process = start(folder)
    wait_for(folder, 2, process)
    process.terminate()
    assert process.wait(PATIENCE) == DONE, log(folder)
    assert events(folder)[-1]["kind"] == "stopped"
    assert not list(folder.glob("checkpoint-*"))


def test_the_fault_of_tests(models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(4), epochs=1)
    process = start(folder, LIMERICK_TRAINER_FAULT="oom:1")
    assert process.wait(PATIENCE) == AGAIN, log(folder)
    assert events(folder)[-1]["kind"] == "again"


@pytest.mark.parametrize("tuning", ["full", "lora"])
def test_weights_that_are_spread_over_two_processes(tuning: str, models: Models, tmp_path: Path) -> None:
    """FSDP2 on processors: the same losses, and a folder with whole weights; it goes on where it was stopped."""
    settings: dict[str, Any] = {"batch_size": 8, "epochs": 2, "micro_batch": 4, "tuning": tuning}
    if tuning == "full":
        settings["lora"] = None
    name = "model" if tuning == "full" else "adapter_model"
    folders = {}
    for strategy, processes in (("auto", 1), ("fsdp2", 2)):
        folders[strategy] = make_run(
            tmp_path / strategy, models("llama"), rows(14), rows(3, 100), distributed=strategy, **settings
        )
        finish(folders[strategy], processes=processes)
    one, spread = folders["auto"], folders["fsdp2"]
    assert events(spread, "memory")[0]["strategy"] == "fsdp2"
    assert losses(spread) == pytest.approx(losses(one), abs=1e-5)
    weights = [load_file(folder / "checkpoint-4" / f"{name}.safetensors") for folder in (one, spread)]
    assert weights[0].keys() == weights[1].keys()
    assert all((weights[0][key] - weights[1][key]).abs().max() < 1e-3 for key in weights[0])
