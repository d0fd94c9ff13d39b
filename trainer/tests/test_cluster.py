"""The driver on a Ray cluster of this computer, whose devices are two slots of the processor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file
from worlds import environment, events, log, make_run, rows, start

from limerick_trainer import AGAIN, DONE

ray = pytest.importorskip("ray")
Models = Callable[[str], Path]
PATIENCE = 900  # s


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a head with two devices. It is one process group, which ends with the test."""
    port, home = _port(), tmp_path_factory.mktemp("ray")
    options = ["--num-cpus", "2", "--include-dashboard", "false", "--disable-usage-stats", "--block"]
    command = [str(Path(sys.executable).with_name("ray")), "start", "--head", "--port", str(port), *options]
    with open(home / "log", "wb") as told:
        head = subprocess.Popen(
            [*command, "--temp-dir", f"/tmp/ray-{port}"],
            env={**environment(HOME=str(home)), "RAY_AUTH_MODE": "disabled"},
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    until = time.monotonic() + PATIENCE
    while b"Ray runtime started" not in (home / "log").read_bytes():
        assert head.poll() is None and time.monotonic() < until, (home / "log").read_text()
        time.sleep(0.1)
    yield f"127.0.0.1:{port}"
    head.terminate()
    try:
        head.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(head.pid, signal.SIGKILL)


def drive(folder: Path, cluster: str, processes: int) -> subprocess.Popen[bytes]:
    """`cluster` as a process of its own, as a job of Ray starts it."""
    command = [sys.executable, "-m", "limerick_trainer", "cluster", str(folder), "--processes", str(processes)]
    env = environment(HOME=str(folder), RAY_ADDRESS=cluster, RAY_AUTH_MODE="disabled")
    with open(folder / "stdout.log", "ab") as told:
        return subprocess.Popen(command, cwd=folder, env=env, stdout=told, stderr=told)


def wait_for(folder: Path, kind: str) -> None:
    until = time.monotonic() + PATIENCE
    while not events(folder, kind):
        assert time.monotonic() < until, log(folder)
        time.sleep(0.05)


def worker_of(cluster: str) -> int:
    """Id of a process that trains on this cluster and no other: its parent was started with the cluster's address."""
    found = subprocess.run(["pgrep", "-f", "ray::_Process.train"], capture_output=True, text=True, check=True)
    for each in found.stdout.split():
        parent = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()[1]
        if cluster.split(":")[1] in Path(f"/proc/{parent}/cmdline").read_text():
            return int(each)
    raise AssertionError(found.stdout)


def test_two_devices_are_as_one_process(cluster: str, models: Models, tmp_path: Path) -> None:
    settings = {"batch_size": 8, "epochs": 2, "micro_batch": 2}
    one = make_run(tmp_path / "one", models("llama"), rows(14), **settings)
    assert start(one).wait(PATIENCE) == DONE, log(one)
    two = make_run(tmp_path / "two", models("llama"), rows(14), **settings)
    assert drive(two, cluster, 2).wait(PATIENCE) == DONE, log(two)
    assert events(two, "hello")[0]["world_size"] == 2
    assert events(two)[-1]["kind"] == "done"
    weights = [load_file(folder / "checkpoint-4" / "adapter_model.safetensors") for folder in (one, two)]
    assert all((weights[0][name] - weights[1][name]).abs().max() < 1e-4 for name in weights[0])


def test_it_says_what_it_waits_for_and_can_be_stopped_meanwhile(cluster: str, models: Models, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", models("llama"), rows(4))
    process = drive(folder, cluster, 3)
    wait_for(folder, "heartbeat")
    while "waiting" not in events(folder, "heartbeat")[-1]["doing"]:
        time.sleep(0.05)
    assert events(folder)[-1]["doing"] == "waiting for 3 CPUs; the cluster has 2, of which 2 are free"
    (folder / "stop.json").write_text('{"keep": true}')
    assert process.wait(PATIENCE) == DONE, log(folder)
    assert events(folder)[-1]["kind"] == "stopped"


def test_a_process_that_is_lost(cluster: str, models: Models, tmp_path: Path) -> None:
    """Its training goes on from its last state when the same command is run again."""
    settings = {"epochs": 100, "batch_size": 4, "checkpoints": {"every_epoch": True, "keep": 3, "state_seconds": 0}}
    folder = make_run(tmp_path / "run", models("llama"), rows(8), **settings)
    process = drive(folder, cluster, 2)
    wait_for(folder, "checkpoint")
    os.kill(worker_of(cluster), signal.SIGKILL)
    assert process.wait(PATIENCE) == AGAIN, log(folder)
    assert events(folder)[-1]["kind"] == "again"
    before = len(events(folder, "started"))
    process = drive(folder, cluster, 2)
    while len(events(folder, "started")) == before:
        assert process.poll() is None, log(folder)
        time.sleep(0.05)
    assert events(folder, "started")[-1]["step"] > 0
    (folder / "stop.json").write_text('{"keep": false}')
    assert process.wait(PATIENCE) == DONE, log(folder)
    seqs = [event["seq"] for event in events(folder)]
    assert seqs == list(range(1, len(seqs) + 1))
