"""The driver of a training on a Ray cluster: waits for devices, then runs `train` in one process on each of them."""

import os
import socket
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from . import AGAIN, DONE, FAILED
from .events import Events
from .failures import refusal_of
from .memory import MOST_LOST, MemoryPlan
from .spec import read_spec
from .stop import StopRequests

_LOOK = 2.0  # seconds between two looks at the cluster and at what the engine wants
_OTHERS = 60.0  # seconds in which the processes that are left may tell why one of them has ended


class _Process:
    """One process of the training, as an actor: it has its device for itself."""

    def place(self) -> tuple[str, str, int]:
        """Its node, that node's address, and a port that is free there."""
        import ray

        with socket.socket() as free:
            free.bind(("", 0))
            port = int(free.getsockname()[1])
        return ray.get_runtime_context().get_node_id(), ray.util.get_node_ip_address(), port

    def train(self, folder: str, environment: dict[str, str]) -> int:
        from .__main__ import train

        os.environ.update(environment)
        _print_to_log(Path(folder))
        return train(Path(folder))


def _print_to_log(folder: Path) -> None:
    """What the libraries print goes to the run's log, from every process of it."""
    log = os.open(folder / "stdout.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)


def _waiting(processes: int, kind: str) -> str:
    """What the engine tells of a training whose devices are not free yet."""
    import ray

    total, free = (int(found.get(kind, 0)) for found in (ray.cluster_resources(), ray.available_resources()))
    return f"waiting for {processes} {kind}s; the cluster has {total}, of which {free} are free"


def _reserve(folder: Path, events: Events, processes: int, kind: str) -> Any:
    """Devices for every process; None: the training was stopped while it waited for them."""
    from ray.util.placement_group import placement_group

    stop = StopRequests(folder)
    group = placement_group([{kind: 1}] * processes, strategy="PACK")
    while not group.wait(_LOOK):
        if stop.asked():
            events.emit("stopped", durable=True, step=0)
            return None
        doing = _waiting(processes, kind)
        if doing != events.doing:
            events.emit("heartbeat", doing=doing)
        events.doing = doing
    return group


def _start(folder: Path, group: Any, processes: int, kind: str) -> dict[Any, Any]:
    """Each process, by what will be its exit code; the first one is rank 0."""
    import ray
    from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

    device = {"num_gpus": 1, "num_cpus": 0} if kind == "GPU" else {"num_cpus": 1}
    actors = [
        ray.remote(_Process)
        .options(scheduling_strategy=PlacementGroupSchedulingStrategy(group, rank), max_restarts=0, **device)
        .remote()
        for rank in range(processes)
    ]
    places = ray.get([actor.place.remote() for actor in actors])
    beside = Counter(node for node, _, _ in places)
    _, address, port = places[0]
    common = {"MASTER_ADDR": address, "MASTER_PORT": str(port), "WORLD_SIZE": str(processes), "LOCAL_RANK": "0"}
    if processes == 1:
        common = {}
    return {
        actor.train.remote(
            str(folder), {**common, "RANK": str(rank), "LOCAL_WORLD_SIZE": str(beside[places[rank][0]])}
        ): actor
        for rank, actor in enumerate(actors)
    }


def _wait(running: dict[Any, Any]) -> int:
    """Until every process has ended. The others of one that ends too early learn of it by its lost connection, and have
    a while to tell why. Returns the exit code of the first that did not end well."""
    import ray
    from ray.exceptions import RayError

    left, patience, first = list(running), None, DONE
    while left:
        ended, left = ray.wait(left, timeout=patience)
        if not ended:
            break
        for future in ended:
            try:
                code = ray.get(future)
            except RayError:  # its node was lost
                code = AGAIN
            patience, first = _OTHERS, first or code
            ray.kill(running[future])
    for future in left:
        ray.kill(running[future])
    return first


def _lost(folder: Path) -> int:
    """Says what no process could, for it was lost with its node. Returns the exit code."""
    events = Events(folder)
    if MemoryPlan(folder / "state").count_lost() < MOST_LOST:
        message = "A process of this training was lost with its node; it goes on from its last state."
        events.emit("again", durable=True, code="interrupted", message=message)
        return AGAIN
    message = "Processes of this training end again and again; its log says why."
    events.emit("failed", durable=True, code="interrupted", message=message)
    return FAILED


def run(folder: Path, processes: int) -> int:
    """Trains a run folder on the cluster. Returns the exit code; the last line of events.jsonl says the same."""
    events = Events(folder)
    try:
        _print_to_log(folder)
        with events.heartbeats():
            kind = "GPU" if read_spec(folder).devices else "CPU"
            events.doing = "reaching the cluster"
            events.emit("heartbeat", doing=events.doing)
            import ray

            ray.init(log_to_driver=False)
            group = _reserve(folder, events, processes, kind)
            if group is None:
                return DONE
            events.doing = "starting"
            running = _start(folder, group, processes, kind)
    except Exception as error:
        traceback.print_exc()
        refusal = refusal_of(error)
        events.emit("failed", durable=True, code=refusal.code, message=refusal.message)
        return FAILED
    code = _wait(running)
    return code if Events(folder).ended else _lost(folder)
