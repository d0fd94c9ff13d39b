"""What an exception means to the engine."""

import errno

from .errors import Refusal

FULL = (errno.ENOSPC, errno.EDQUOT)


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _says(error: BaseException, *texts: str) -> bool:
    return any(text.lower() in str(error).lower() for text in texts)


def is_out_of_memory(error: BaseException) -> bool:
    """Of a GPU, or of main memory."""
    told = ("can't allocate memory", "out of memory", "cublas_status_alloc_failed")
    return any(
        isinstance(each, MemoryError) or type(each).__name__ == "OutOfMemoryError" or _says(each, *told)
        for each in _chain(error)
    )


def is_disk_full(error: BaseException) -> bool:
    """Also where PyTorch or safetensors wrote: they tell it in words only."""
    told = ("no space left on device", "disk quota exceeded", "file write failed", "pytorchstreamwriter failed")
    return any((isinstance(each, OSError) and each.errno in FULL) or _says(each, *told) for each in _chain(error))


def is_lost_process(error: BaseException) -> bool:
    """Another process of the same training has ended."""
    told = ("connection reset", "connection closed", "broken pipe", "nccl", "remote process exited", "timed out")
    return any(
        type(each).__name__.startswith("Dist") or (isinstance(each, RuntimeError) and _says(each, *told))
        for each in _chain(error)
    )


def refusal_of(error: BaseException) -> Refusal:
    """`failed`, for whatever ended the run."""
    if isinstance(error, Refusal):
        return error
    if is_disk_full(error):
        return Refusal("disk", "The disk is full.", suggest="free space, then resume: nothing that was saved is lost")
    if isinstance(error, ImportError):
        return Refusal("dependency", f"A Python package is missing or does not fit: {error.name or error}.")
    if type(error).__name__ == "AcceleratorError" or _says(error, "cuda error", "cudnn error"):
        return Refusal("cuda", f"The GPU failed: {str(error).splitlines()[0][:200]}")
    return Refusal("internal", f"The trainer failed ({type(error).__name__}); its log says where.")
