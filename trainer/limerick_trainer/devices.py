"""What there is to train on, and why it cannot be used, in words."""

import importlib.metadata
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from . import CONTRACT

Json = dict[str, Any]

PACKAGES = (
    "torch", "transformers", "trl", "peft", "accelerate", "datasets", "tokenizers", "safetensors", "bitsandbytes",
)  # fmt: skip
_NEEDED = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")

# The newest CUDA that a driver of at least this version can run (docs.nvidia.com, CUDA release notes).
_DRIVERS = (
    (580, "13.0"), (575, "12.9"), (570, "12.8"), (565, "12.7"), (560, "12.6"), (555, "12.5"), (550, "12.4"),
    (545, "12.3"), (535, "12.2"), (530, "12.1"), (525, "12.0"), (520, "11.8"),
)  # fmt: skip
_LEAST_CAPABILITY = (7, 5)
_LEAST_SHARED_MEMORY = 10**9  # bytes; NCCL passes gradients through it


def versions() -> dict[str, str]:
    """Of the packages that are installed."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


_FIELDS = ("index", "uuid", "name", "memory.total", "memory.free", "driver_version", "compute_cap")


def nvidia_smi() -> list[Json]:
    """The GPUs that the driver knows, whether or not this PyTorch can use them; memory in bytes."""
    command = ["nvidia-smi", f"--query-gpu={','.join(_FIELDS)}", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [_gpu([value.strip() for value in line.split(",")]) for line in answer.splitlines() if line.strip()]


def _gpu(values: list[str]) -> Json:
    index, uuid, name, total, free, driver, capability = values

    def mebibytes(text: str) -> int | None:
        return int(text) * 2**20 if text.isdigit() else None

    facts = {"index": int(index), "uuid": uuid, "name": name, "driver": driver, "capability": capability}
    return {**facts, "memory": mebibytes(total), "free": mebibytes(free)}


def driver_problem(driver: str, cuda: str) -> str | None:
    """Why a driver cannot run a build of PyTorch; builds of one major version of CUDA run on all its drivers."""
    major = int(driver.split(".")[0])
    newest = next((version for least, version in _DRIVERS if major >= least), "11")
    if int(newest.split(".")[0]) >= int(cuda.split(".")[0]):
        return None
    return (
        f"The NVIDIA driver {driver} runs at most CUDA {newest}; this PyTorch was built for CUDA {cuda}. "
        "Update the driver, or install a PyTorch that was built for an older CUDA."
    )


def _problems(gpus: list[Json], torch: Any) -> list[str]:
    problems: list[str] = []
    if gpus and torch.version.cuda is None:
        problems.append("There is an NVIDIA GPU, but this PyTorch was built without CUDA.")
    elif gpus:
        told = driver_problem(gpus[0]["driver"], torch.version.cuda)
        problems += [told] if told else []
    for gpu in gpus:
        capability = tuple(int(part) for part in gpu["capability"].split("."))
        if capability < _LEAST_CAPABILITY:
            problems.append(f"{gpu['name']} is too old: compute capability {gpu['capability']}, 7.5 is needed.")
    if len(gpus) > 1 and (shared := _shared_memory()) is not None and shared < _LEAST_SHARED_MEMORY:
        problems.append(f"/dev/shm has {shared / 1e6:.0f} MB; several GPUs need 1 GB (docker: --shm-size=1g).")
    return problems


def _shared_memory() -> int | None:
    return shutil.disk_usage("/dev/shm").total if Path("/dev/shm").is_dir() else None


def memory_of_cpu() -> tuple[int, int]:
    """Total and free main memory, in bytes; within a container, its own."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = page * os.sysconf("SC_PHYS_PAGES")
    free = _available() or page * os.sysconf("SC_AVPHYS_PAGES")
    limit, used = (_number_in(Path("/sys/fs/cgroup") / name) for name in ("memory.max", "memory.current"))
    if limit is None:
        return total, free
    return min(total, limit), min(free, max(0, limit - (used or 0)))


def _available() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _number_in(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def torch_devices(torch: Any) -> list[Json]:
    """The GPUs that this PyTorch can use, in its order; memory in bytes."""
    if not torch.cuda.is_available():
        return []
    drivers = {gpu["uuid"].removeprefix("GPU-"): gpu["driver"] for gpu in nvidia_smi()}
    devices = []
    for index in range(torch.cuda.device_count()):
        facts = torch.cuda.get_device_properties(index)
        free, total = torch.cuda.mem_get_info(index)
        uuid = str(getattr(facts, "uuid", ""))
        devices.append(
            {
                "index": index,
                "name": facts.name,
                "uuid": f"GPU-{uuid}" if uuid else None,
                "memory": total,
                "free": free,
                "driver": drivers.get(uuid),
                "capability": f"{facts.major}.{facts.minor}",
            }
        )
    return devices


def probe() -> Json:
    """What this environment can do; the engine asks before it offers the trainer."""
    found = versions()
    missing = [name for name in _NEEDED if name not in found]
    total, free = memory_of_cpu()
    facts: Json = {
        "contract": CONTRACT,
        "trainer": "trl",
        "versions": found,
        "devices": [],
        "bf16": False,
        "cuda": None,
        "cpu": {"threads": os.cpu_count(), "memory": total, "free": free},
        "shared_memory": _shared_memory(),
        "quantization": [],
        "problems": [f"The Python package {name} is not installed." for name in missing],
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
        facts["problems"] += _problems(nvidia_smi(), torch)
    return facts


def print_probe() -> None:
    print(json.dumps(probe(), ensure_ascii=False), flush=True)
