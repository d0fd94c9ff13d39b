"""python -m limerick_trainer train|cluster|probe|estimate|export|serve"""

import argparse
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from . import AGAIN, DONE, FAILED, checkpoint, failures
from .errors import Refusal, Stopped
from .events import Events
from .memory import MOST_LOST, MemoryPlan
from .spec import read_spec
from .stop import StopRequests

_RESERVE = 256 * 1024  # bytes; freed when the disk is full, so that this can be told
_OTHERS = 5  # seconds in which another process may tell why it left


def _rank() -> int:
    return int(os.environ.get("RANK", 0))


def train(folder: Path) -> int:
    """Trains a run folder. Returns the exit code; the last line of events.jsonl says the same."""
    if not folder.is_dir():
        print("There is no such run folder.", file=sys.stderr)
        return FAILED
    state = folder / "state"
    events, memory = Events(folder, writes=_rank() == 0), MemoryPlan(state)
    with events.heartbeats():
        try:
            _train(folder, events, memory)
            return DONE
        except Stopped:
            saved = checkpoint.checkpoints(state)
            events.emit("stopped", durable=True, step=checkpoint.step_of(saved[0]) if saved else 0)
            return DONE
        except Refusal as error:
            return _fail(folder, events, error)
        except BaseException as error:
            traceback.print_exc()
            return _cut_off(folder, events, error, memory)


def _train(folder: Path, events: Events, memory: MemoryPlan) -> None:
    stop = StopRequests(folder)
    stop.listen()
    spec = read_spec(folder)
    (folder / "state").mkdir(exist_ok=True)
    if _rank() == 0:
        (folder / "state" / "reserve").write_bytes(os.urandom(_RESERVE))
        checkpoint.clear(folder)
        checkpoint.clear(folder / "state")
    events.doing = "loading libraries"
    from .run import run  # takes seconds: only for an order that can be read

    run(folder, spec, events, stop, memory)


def _fail(folder: Path, events: Events, error: Refusal) -> int:
    if error.code == "disk" and _rank() == 0:
        checkpoint.clear(folder)
        checkpoint.clear(folder / "state")
        (folder / "state" / "reserve").unlink(missing_ok=True)
    print(f"rank {_rank()}: {error.code}: {error.message}", file=sys.stderr)
    extra = {key: value for key, value in (("row", error.row), ("suggest", error.suggest)) if value is not None}
    events.emit("failed", durable=True, code=error.code, message=error.message, **extra)
    return FAILED


def _cut_off(folder: Path, events: Events, error: BaseException, memory: MemoryPlan) -> int:
    """Memory or a process was lost: the same command may go on. Anything else is the end."""
    micro = memory.micro or 1
    if failures.is_out_of_memory(error):
        if micro <= 1:
            message = "There is not enough memory for this training, with one example at a time."
            suggest = "a smaller max_length, lora or qlora, or more devices"
            return _fail(folder, events, Refusal("oom", message, suggest=suggest))
        memory.lower(micro // 2)
        return _again_with_less(events, micro, micro // 2)
    if int(os.environ.get("WORLD_SIZE", 1)) > 1 and failures.is_lost_process(error):
        time.sleep(_OTHERS)
        if memory.limit < micro:
            return _again_with_less(events, micro, memory.limit)
        if _rank() != 0 or memory.count_lost() < MOST_LOST:
            message = "Another process of this training has ended; it goes on from its last state."
            return _again(events, "interrupted", message)
        error = Refusal("interrupted", "Processes of this training end again and again; its log says why.")
    return _fail(folder, events, failures.refusal_of(error))


def _again_with_less(events: Events, had: int, has: int) -> int:
    message = f"Memory ran out with {had} examples at a time; it goes on with {has}, which changes no result."
    return _again(events, "oom", message)


def _again(events: Events, code: str, message: str) -> int:
    events.notice(code, message, level="warn")
    events.emit("again", durable=True, code=code, message=message)
    return AGAIN


def _cluster(options: argparse.Namespace) -> int:
    from .cluster import run

    return run(options.folder, options.processes)


def _probe(_: argparse.Namespace) -> int:
    from .devices import probe

    facts = probe()
    print(json.dumps(facts, ensure_ascii=False))
    for name in facts["missing"]:
        print(f"The Python package {name} is not installed.", file=sys.stderr)
    return FAILED if facts["missing"] else DONE


def _estimate(options: argparse.Namespace) -> int:
    from . import estimate

    spec = read_spec(options.folder)
    shape = estimate.read_shape(spec.base.folder)
    tokens = options.tokens or min(spec.max_length, shape.context)
    micro = 1 if spec.micro_batch == "auto" else int(spec.micro_batch)
    facts = {
        "parameters": shape.parameters,
        "trained": estimate.trained_parameters(spec, shape),
        "memory": estimate.memory_needed(spec, shape, tokens, micro).wire(),
        "disk": estimate.disk_needed(spec, shape),
    }
    print(json.dumps(facts))
    return DONE


def _export(options: argparse.Namespace) -> int:
    from .export import export

    export(options.checkpoint, options.out, base=options.base, start_adapter=options.start_adapter, name=options.name)
    return DONE


def _serve(_: argparse.Namespace) -> int:
    from .serve import serve

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine ends it
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no report
    serve(sys.stdin, sink)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="limerick_trainer", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words)
        added.set_defaults(run=run)
        return added

    one = command("train", lambda options: train(options.folder), "train a run folder")
    one.add_argument("folder", type=Path)
    one = command("cluster", _cluster, "train a run folder on the Ray cluster that this is a job of")
    one.add_argument("folder", type=Path)
    one.add_argument("--processes", type=int, default=1, help="one a device")
    command("probe", _probe, "print what this environment can do, as JSON")
    one = command("estimate", _estimate, "print the memory and disk that a run folder needs, in bytes, as JSON")
    one.add_argument("folder", type=Path)
    one.add_argument("--tokens", type=int, help="in the longest row; without it, max_length")
    one = command("export", _export, "write a checkpoint as a folder for other programs")
    one.add_argument("checkpoint", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--base", type=Path, help="folder of the base model: merges the adapter into its weights")
    one.add_argument("--start-adapter", type=Path, help="the adapter that the training started from")
    one.add_argument("--name", help="of the base model, for PEFT")
    command("serve", _serve, "answer JSON lines on standard input")
    return parser


def main() -> int:
    options = _parser().parse_args()
    try:
        code: int = options.run(options)
    except Refusal as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        code = FAILED
    sys.stdout.flush()
    if int(os.environ.get("WORLD_SIZE", 1)) > 1:
        os._exit(code)  # the libraries would wait for the processes that are gone, or abort with their threads at work
    return code


if __name__ == "__main__":
    sys.exit(main())
