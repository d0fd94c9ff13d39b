"""A checkpoint as a folder for other programs: the adapter, or the model with the adapter in its weights."""

import json
import shutil
from functools import partial
from pathlib import Path

from .checkpoint import COMPLETE, write_folder
from .errors import Refusal
from .publish import ABOUT, complete_folder, name_base


def export(checkpoint: Path, out: Path, *, base: Path | None, start_adapter: Path | None, name: str | None) -> None:
    """With `base`, the folder of the base model, merges; without, copies. Raises `Refusal`.

    Merging is done and kept in float32: rounding to the 8 bits of bfloat16 takes back a part of what was learnt.
    """
    about = json.loads((checkpoint / ABOUT).read_text("utf-8"))
    if out.exists():
        raise Refusal("contract", "The folder to export to is there already.")

    def copy(folder: Path) -> None:
        shutil.copytree(checkpoint, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(COMPLETE, "*.bin"))
        if (folder / "adapter_config.json").exists():
            name_base(folder, name or about["base"], about["revision"])

    def merge(root: Path, folder: Path) -> None:
        import torch

        from .model import load_tokenizer, load_weights
        from .model import merge as merge_into

        model = load_weights(root, torch.float32)
        for adapter in (start_adapter, checkpoint):
            model = merge_into(model, adapter) if adapter else model
        generation = json.loads((checkpoint / "generation_config.json").read_text("utf-8"))
        model.save_pretrained(folder)
        complete_folder(folder, load_tokenizer(checkpoint), about, generation, None)

    has_adapter = (checkpoint / "adapter_config.json").exists()
    fill = partial(merge, base) if base is not None and has_adapter else copy
    write_folder(out.absolute(), about["step"], 0, fill)
