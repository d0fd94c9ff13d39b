"""What there is to train on, and why it cannot be used, in words."""

import importlib.metadata
import os
import platform
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import CONTRACT

Json = dict[str, Any]

_NEEDED = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")
_OTHERS = ("tokenizers", "safetensors", "bitsandbytes")

# The newest CUDA that a driver of at least this version can run (docs.nvidia.com, CUDA release notes).
_DRIVERS = (
    (580, "13.0"), (575, "12.9"), (570, "12.8"), (565, "12.7"), (560, "12.6"), (555, "12.5"), (550, "12.4"),
    (545, "12.3"), (535, "12.2"), (530, "12.1"), (525, "12.0"), (0, "11"),
)  # fmt: skip
_LEAST_CAPABILITY = 7.5
_LEAST_SHARED_MEMORY = 10**9  # bytes; NCCL passes gradients through it


def versions() -> dict[str, str]:
    """Of Python, and of the packages that are installed."""
    found = {each.name: each.version for each in importlib.metadata.distributions()}
    packages = {name: found[name] for name in (*_NEEDED, *_OTHERS) if name in found}
    return {"python": platform.python_version(), **packages}


def _problem(code: str, message: str, **values: str) -> Json:
    """`code` and `values` are for a translation of the message."""
    return {"code": code, "message": message.format(**values), "values": values}


def nvidia_smi() -> list[Json]:
    """The GPUs that the driver knows, whether or not this PyTorch can use them."""
    fields = ("uuid", "name", "driver_version", "compute_cap")
    command = ["nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [dict(zip(fields, line.split(", "), strict=True)) for line in answer.splitlines() if line.strip()]


def driver_problem(driver: str, cuda: str) -> Json | None:
    """Why a driver cannot run a build of PyTorch; builds of one major version of CUDA run on all its drivers."""
    newest = next(version for least, version in _DRIVERS if int(driver.split(".")[0]) >= least)
    if float(newest) // 1 >= float(cuda) // 1:
        return None
    message = (
        "The NVIDIA driver {driver} runs at most CUDA {newest}; this PyTorch was built for CUDA {cuda}. "
        "Update the driver, or install a PyTorch that was built for an older CUDA."
    )
    return _problem("driver", message, driver=driver, newest=newest, cuda=cuda)


def _problems(gpus: list[Json], cuda: str | None) -> list[Json]:
    told: list[Json | None] = []
    if gpus and cuda is None:
        told.append(_problem("no_cuda", "There is an NVIDIA GPU, but this PyTorch was built without CUDA."))
    elif gpus and cuda is not None:
        told.append(driver_problem(gpus[0]["driver_version"], cuda))
    for gpu in gpus:
        if float(gpu["compute_cap"]) < _LEAST_CAPABILITY:
            message = "{name} is too old: compute capability {capability}; 7.5 is needed."
            told.append(_problem("old_gpu", message, name=gpu["name"], capability=gpu["compute_cap"]))
    shared = _shared_memory()
    if len(gpus) > 1 and shared is not None and shared < _LEAST_SHARED_MEMORY:
        message = "/dev/shm has {megabytes} MB; several GPUs need 1 GB (docker: --shm-size=1g)."
        told.append(_problem("shared_memory", message, megabytes=f"{shared / 1e6:.0f}"))
    return [problem for problem in told if problem]


def _shared_memory() -> int | None:
    return shutil.disk_usage("/dev/shm").total if Path("/dev/shm").is_dir() else None


def memory_of_cpu() -> tuple[int, int]:
    """Total and free main memory, in bytes; within a container, its own."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    lines = dict(line.split(":") for line in _text(Path("/proc/meminfo")).splitlines())
    free = int(lines.get("MemAvailable", f"{total // 1024} kB").split()[0]) * 1024
    limit, used = (_text(Path("/sys/fs/cgroup") / name).strip() for name in ("memory.max", "memory.current"))
    if not limit.isdigit():
        return total, free
    return min(total, int(limit)), max(0, min(free, int(limit) - int(used or 0)))


def memory_held() -> int:
    """Main memory that this process has now, in bytes; where the system does not say so, the most that it has had."""
    pages = _text(Path("/proc/self/statm")).split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else memory_peak()


def memory_peak() -> int:
    """Most main memory that this process has had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def torch_devices(torch: Any) -> list[Json]:
    """The GPUs that this PyTorch can use, in its order; memory in bytes."""
    drivers = {gpu["uuid"]: gpu["driver_version"] for gpu in nvidia_smi()}
    devices = []
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        facts, (free, total) = torch.cuda.get_device_properties(index), torch.cuda.mem_get_info(index)
        uuid = f"GPU-{facts.uuid}"
        about = {"index": index, "name": facts.name, "uuid": uuid, "driver": drivers.get(uuid)}
        devices.append({**about, "memory": total, "free": free, "capability": f"{facts.major}.{facts.minor}"})
    return devices


def probe() -> Json:
    """What this environment can do; the engine asks before it offers the trainer."""
    found = versions()
    total, free = memory_of_cpu()
    facts: Json = {
        "contract": CONTRACT,
        "trainer": "trl",
        "versions": found,
        "devices": [],
        "bf16": False,
        "cpu": {"threads": os.cpu_count(), "memory": total, "free": free},
        "shared_memory": _shared_memory(),
        "missing": [name for name in _NEEDED if name not in found],
        "problems": [],
    }
    if "torch" in found:
        import torch

        devices = torch_devices(torch)
        facts |= {
            "devices": devices,
            "cuda": torch.version.cuda,
            "bf16": bool(devices) and torch.cuda.is_bf16_supported(),
            "nccl": bool(devices) and torch.distributed.is_nccl_available(),
            "quantization": ["nf4"] if devices and "bitsandbytes" in found else [],
        }
        facts["problems"] = _problems(nvidia_smi(), torch.version.cuda)
    return facts
