"""A model's folder for people: weights, tokenizer, template, and what has to be known to use them."""

import json
from pathlib import Path
from typing import Any

from .checkpoint import read_json

ABOUT = "limerick.json"

_ADAPTER = """## transformers + peft

```python
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

tokenizer = AutoTokenizer.from_pretrained(".")
base = AutoModelForCausalLM.from_pretrained("{base}", dtype="float32")
model = PeftModel.from_pretrained(base, ".")
model.generation_config = GenerationConfig.from_pretrained(".")  # knows the token that ends an answer
```

## vLLM

```sh
vllm serve {base} --enable-lora --max-lora-rank {rank} --lora-modules mine=.
```

If `{base}` is not a name on Hugging Face, put the path of its folder there.
"""

_WHOLE = """## transformers

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForCausalLM.from_pretrained(".", dtype="auto")
```

## vLLM

```sh
vllm serve . --served-model-name mine
```
"""

# The ranks that vLLM makes room for (vllm/config/lora.py).
_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)


def readme(title: str, about: dict[str, Any], rank: int | None) -> str:
    """`rank` of the adapter; None for a model with weights of its own."""
    base, kwargs = about["base"], about["template_kwargs"]
    room = next((size for size in _RANKS if rank is not None and size >= rank), rank)
    uses = _WHOLE if rank is None else _ADAPTER.format(base=base, rank=room)
    told = f"Ask it with the chat template's arguments with which it was trained: `{json.dumps(kwargs)}`.\n\n"
    return f"# {title}\n\nTrained from `{base}` by Limerick.\n\n{told if kwargs else ''}{uses}"


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def name_base(folder: Path, name: str, revision: str | None) -> None:
    """PEFT wrote the path of a folder on this machine; and a set, whose order changes with each process."""
    file = folder / "adapter_config.json"
    config = json.loads(file.read_text("utf-8"))
    named = {"base_model_name_or_path": name, "revision": revision}
    _write_json(file, {**config, **named, "target_modules": sorted(config["target_modules"])})


def generation_config(base: Path, ends: list[int]) -> dict[str, Any]:
    """The base's, with the tokens that an answer was taught to end with; settings of sampling without `do_sample` mean it."""
    given = read_json(base / "generation_config.json") or {}
    known = given.get("eos_token_id")
    known = known if isinstance(known, list) else [] if known is None else [known]
    samples = {"do_sample": True} if {"temperature", "top_p", "top_k"} & set(given) else {}
    return {**samples, **given, "eos_token_id": sorted({*known, *ends})}


def complete_folder(
    folder: Path, tokenizer: Any, about: dict[str, Any], generation: dict[str, Any], rank: int | None
) -> None:
    """Adds to a folder of weights what is needed to use them."""
    tokenizer.save_pretrained(folder)
    for pickle in folder.glob("*.bin"):
        pickle.unlink()
    _write_json(folder / "generation_config.json", generation)
    _write_json(folder / ABOUT, about)
    (folder / "README.md").write_text(readme(about.get("job", folder.name), about, rank), "utf-8")
