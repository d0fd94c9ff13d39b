"""Answers JSON lines: one request a line on standard input, reports as the built-in generator's on standard output.

{"kind":"generate","id","model","base","messages",…} → began, token …, finished | refused
{"kind":"abort","id"} ends an answer. Requests are answered one after another; another adapter of the same base is
loaded once and switched to.
"""

import json
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import torch
from peft import PeftModel
from transformers import GenerationConfig, StoppingCriteria, TextIteratorStreamer

from .checkpoint import read_json
from .errors import Refusal
from .model import load_tokenizer, load_weights
from .publish import ABOUT

Json = dict[str, Any]


class _Aborted(StoppingCriteria):
    def __init__(self, ids: set[str], id: str) -> None:
        self._ids, self._id = ids, id

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._id in self._ids, device=input_ids.device)


class Models:
    """One base model in memory, and the adapters on it that were asked for."""

    def __init__(self) -> None:
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = torch.bfloat16 if self._device == "cuda" else torch.float32
        self._root: Path | None = None
        self._model: Any = None

    def open(self, folder: Path, base: Path | None) -> Any:
        """The model of a folder; `base` is the folder of the model under it if it is an adapter. Raises `Refusal`."""
        is_adapter = (folder / "adapter_config.json").exists()
        if is_adapter and base is None:
            raise Refusal("model_missing", "An adapter needs the folder of its base model.")
        root = base if is_adapter and base else folder
        if root != self._root:
            self._model = None  # its memory first
            self._model, self._root = load_weights(root, self._dtype).to(self._device).eval(), root
        if not is_adapter:
            self._model = self._model.unload() if isinstance(self._model, PeftModel) else self._model
            return self._model
        name = folder.as_posix().replace(".", "_")
        if not isinstance(self._model, PeftModel):
            self._model = PeftModel.from_pretrained(self._model, folder, adapter_name=name).eval()
        elif name not in self._model.peft_config:
            self._model.load_adapter(folder, adapter_name=name)
        self._model.set_adapter(name)
        return self._model


def _settings(request: Json) -> Json:
    sampled = request.get("temperature", 0) > 0
    chosen = {"temperature": request["temperature"], "top_p": request.get("topP", 1.0), "top_k": 0} if sampled else {}
    return {"do_sample": sampled, "max_new_tokens": request.get("maxTokens", 512), **chosen}


def answer(models: Models, request: Json, aborted: set[str]) -> Iterator[Json]:
    """Reports of one request. Raises `Refusal`."""
    folder, base = Path(request["model"]), Path(request["base"]) if request.get("base") else None
    model, tokenizer = models.open(folder, base), load_tokenizer(folder)
    kwargs = (read_json(folder / ABOUT) or {}).get("template_kwargs", {})
    messages = request["messages"]
    text = messages
    if not isinstance(messages, str):
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **kwargs)
    given = tokenizer(text, add_special_tokens=isinstance(messages, str), return_tensors="pt").to(model.device)
    count = given.input_ids.shape[1]
    room = getattr(model.config.get_text_config(), "max_position_embeddings", 2**31) - count
    if room < 1:
        raise Refusal("contract", f"The prompt has {count} tokens; the model's context is smaller.")
    yield {"kind": "began", "promptTokens": count}
    ends = read_json(folder / "generation_config.json") or {}
    eos = ends.get("eos_token_id", tokenizer.eos_token_id)
    settings = _settings(request)
    settings["max_new_tokens"] = min(settings["max_new_tokens"], room)
    config = GenerationConfig(**settings, eos_token_id=eos, pad_token_id=tokenizer.pad_token_id)
    torch.manual_seed(request.get("seed", 0))
    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
    out: list[Any] = []

    def generate() -> None:
        try:
            stops = [_Aborted(aborted, request["id"])]
            out.append(model.generate(**given, generation_config=config, streamer=streamer, stopping_criteria=stops))
        except BaseException as error:
            out.append(error)
            streamer.end()

    thread = threading.Thread(target=generate)
    thread.start()
    for piece in streamer:
        if piece:
            yield {"kind": "token", "text": piece}
    thread.join()
    if isinstance(out[0], BaseException):
        raise out[0]
    new = out[0][0, count:].tolist()
    stopped = bool(new) and new[-1] in (eos if isinstance(eos, list) else [eos])
    reason = "stop" if stopped else "length"
    yield {"kind": "finished", "reason": reason, "promptTokens": count, "completionTokens": len(new)}


def serve(source: IO[str], sink: IO[str]) -> None:
    """Answers until standard input ends."""
    waiting: queue.Queue[Json | None] = queue.Queue()
    aborted: set[str] = set()

    def listen() -> None:
        for line in source:
            request = json.loads(line)
            if request["kind"] == "abort":
                aborted.add(request["id"])
            else:
                waiting.put(request)
        waiting.put(None)

    threading.Thread(target=listen, daemon=True).start()
    models = Models()
    while (request := waiting.get()) is not None:
        id = request.get("id")
        if id in aborted:
            continue
        try:
            for report in answer(models, request, aborted):
                if id not in aborted:
                    print(json.dumps({**report, "id": id}, ensure_ascii=False), file=sink, flush=True)
        except Exception as error:
            code = "model" if isinstance(error, Refusal) else "internal"
            message = error.message if isinstance(error, Refusal) else "The answer failed; the log says why."
            print(json.dumps({"kind": "refused", "id": id, "code": code, "message": message}), file=sink, flush=True)
