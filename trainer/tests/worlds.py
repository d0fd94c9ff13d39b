"""Small worlds for the tests: random models of each family, a tokenizer trained on the spot, rows, run folders."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
import trl
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    LlamaConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen3Config,
)

Json = dict[str, Any]
HERE = Path(__file__).parent
PACKAGE = HERE.parent
# Of the models that people know, as TRL carries them; and that of Limerick's own base.
TEMPLATES = {
    file.stem: file.read_text("utf-8") for file in (Path(trl.__file__).parent / "chat_templates").glob("*.jinja")
}
TEMPLATES["chatml"] = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

_WORDS = [
    "the",
    "cat",
    "sat",
    "on",
    "a",
    "mat",
    "and",
    "said",
    "hello",
    "to",
    "an",
    "old",
    "red",
    "hat",
    "while",
    "seven",
    "blue",
    "dogs",
    "ran",
    "over",
    "green",
    "hills",
]
_SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"]
_PLAIN = ["<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]


def text(seed: int, words: int) -> str:
    """Some words, the same for the same seed."""
    return " ".join(_WORDS[(seed * 7 + at * at * 3 + at) % len(_WORDS)] for at in range(words))


def conversation(*answers: tuple[str, str], weights: tuple[int | None, ...] = (), system: str | None = None) -> Json:
    messages: list[Json] = [{"role": "system", "content": system}] if system else []
    for at, (question, answer) in enumerate(answers):
        said: Json = {"role": "assistant", "content": answer}
        if at < len(weights) and weights[at] is not None:
            said["weight"] = weights[at]
        messages += [{"role": "user", "content": question}, said]
    return {"messages": messages}


def rows(count: int, first: int = 0) -> list[Json]:
    """Short conversations of different lengths."""
    return [
        conversation((text(seed, 3 + seed % 9), text(seed + 1, 2 + seed % 5))) for seed in range(first, first + count)
    ]


def pairs(count: int) -> list[Json]:
    def answer(content: str) -> list[Json]:
        return [{"role": "assistant", "content": content}]

    return [
        {
            "input": {"messages": [{"role": "user", "content": text(seed, 4)}]},
            "preferred_output": answer(text(seed + 1, 3 + seed % 3)),
            "non_preferred_output": answer("no " + text(seed + 2, 2 + seed % 4)),
        }
        for seed in range(count)
    ]


def make_tokenizer(template: str, bos: str | None = None, eos: str = "<|im_end|>") -> PreTrainedTokenizerFast:
    """Byte-level BPE of 512 tokens."""
    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(r" ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+"), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=480,
        special_tokens=_SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(
        [text(seed, 40) for seed in range(50)] + ["system user assistant tool model"], trainer
    )
    tokenizer.add_tokens(_PLAIN)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=bos, eos_token=eos, pad_token="<|endoftext|>")
    fast.chat_template = TEMPLATES[template]
    return fast


_SHAPE = dict(  # noqa: C408
    vocab_size=512,
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=512,
    head_dim=16,
)
FAMILIES = {
    "llama": (LlamaConfig, "chatml", {}),
    "qwen2": (Qwen2Config, "qwen2_5", {}),
    "qwen3": (Qwen3Config, "qwen3", {}),
    "gemma3": (Gemma3TextConfig, "gemma", {"sliding_window": 64, "query_pre_attn_scalar": 16}),
    "gemma": (Gemma2Config, "gemma", {"sliding_window": 64, "query_pre_attn_scalar": 16}),
}


def make_model(folder: Path, family: str = "llama", seed: int = 1, template: str | None = None) -> Path:
    """A random model of two layers in its own folder."""
    config, known, extra = FAMILIES[family]
    gemma = family.startswith("gemma")
    tokenizer = make_tokenizer(
        template or known, bos="<bos>" if gemma else None, eos="<end_of_turn>" if gemma else "<|im_end|>"
    )
    torch.manual_seed(seed)
    ids = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": 0}
    model = AutoModelForCausalLM.from_config(config(**{**_SHAPE, **extra, **ids}, tie_word_embeddings=True))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    # As published ones are: sampling without do_sample, which transformers does not save.
    (folder / "generation_config.json").write_text('{"temperature": 0.4}')
    return folder


def make_spec(folder: Path, /, **changes: Any) -> Json:
    spec: Json = {
        "contract": "limerick.run/1",
        "job": "ftjob-test",
        "attempt": 1,
        "base": {"folder": str(folder), "name": "tests/tiny", "revision": None, "fingerprint": None},
        "start_adapter": None,
        "method": "supervised",
        "tuning": "lora",
        "lora": {"r": 4, "alpha": 8, "dropout": 0.0, "targets": "all-linear"},
        "dpo": None,
        "epochs": 2,
        "batch_size": 4,
        "micro_batch": 2,
        "learning_rate": 1e-3,
        "schedule": "linear",
        "warmup_ratio": 0.1,
        "weight_decay": 0.0,
        "clip": 1.0,
        "max_length": 256,
        "too_long": "cut_end",
        "template": {"source": "base", "kwargs": {}},
        "dtype": "float32",
        "quantization": None,
        "devices": [],
        "distributed": "auto",
        "evaluate": {"every_epoch": True, "steps": None, "small_rows": 2},
        "checkpoints": {"every_epoch": True, "keep": 3},
        "seed": 42,
        "deterministic": False,
    }
    if changes.get("tuning") == "full":
        spec["lora"] = None
    return {**spec, **changes}


def make_run(
    folder: Path, model: Path, training: list[Json], validation: list[Json] | None = None, **changes: Any
) -> Path:
    """A run folder, spec.json last."""
    folder.mkdir(parents=True, exist_ok=True)

    def lines(values: list[Json]) -> str:
        return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)

    (folder / "train.jsonl").write_text(lines(training), "utf-8")
    if validation:
        (folder / "valid.jsonl").write_text(lines(validation), "utf-8")
    (folder / "spec.json").write_text(json.dumps(make_spec(model, **changes)), "utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR") if key in os.environ}
    return {**kept, "PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", **more}


def start(folder: Path, processes: int = 1, **more: str) -> subprocess.Popen[bytes]:
    """`train` as a process of its own, as the engine starts it."""
    several = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"] if processes > 1 else []
    command = [sys.executable, *several, "-m", "limerick_trainer", "train", str(folder)]
    with open(folder / "stdout.log", "ab") as log:
        return subprocess.Popen(command, cwd=folder, env=environment(HOME=str(folder), **more), stdout=log, stderr=log)


def events(folder: Path, kind: str | None = None) -> list[Json]:
    file = folder / "events.jsonl"
    if not file.exists():
        return []
    found = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    return [event for event in found if kind is None or event["kind"] == kind]


def log(folder: Path) -> str:
    return (folder / "stdout.log").read_text("utf-8", "replace")[-4000:]
