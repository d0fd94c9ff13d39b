"""Answers JSON lines: one request a line on standard input, reports on standard output.

{"kind":"generate","id","model","base","tokens",…} → token …, finished | refused
{"kind":"abort","id"} ends an answer. Requests are answered one after another; another adapter of the same base is
loaded once and switched to. The caller has the template and the tokens, so a model is asked as it was trained.
"""

import json
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import torch
from peft import PeftModel
from tokenizers.decoders import DecodeStream
from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteria

from .errors import Refusal
from .model import load_tokenizer, load_weights

Json = dict[str, Any]
Report = Callable[[Json], None]

ADAPTERS = 16  # in memory; the one that was asked longest ago makes room


class Models:
    """One base model in memory, and the adapters on it that were asked for."""

    def __init__(self) -> None:
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = torch.bfloat16 if self._device == "cuda" else torch.float32
        self._root: Path | None = None
        self._model: Any = None
        self._names: dict[Path, str] = {}  # of adapters, the last asked last
        self._count = 0

    def open(self, folder: Path, base: Path | None) -> Any:
        """The model of a folder; `base` is the folder of the model under it if it is an adapter. Raises `Refusal`."""
        is_adapter = (folder / "adapter_config.json").exists()
        if is_adapter and base is None:
            raise Refusal("model_missing", "An adapter needs the folder of its base model.")
        root = base if is_adapter and base else folder
        if root != self._root:
            self._model, self._root, self._names = None, None, {}  # its memory first
            self._model, self._root = load_weights(root, self._dtype).to(self._device).eval(), root
        if is_adapter:
            self._switch(folder)
        elif isinstance(self._model, PeftModel):
            self._model, self._names = self._model.unload(), {}
        return self._model

    def _switch(self, folder: Path) -> None:
        name = self._names.pop(folder, None)
        if name is None:
            self._count += 1
            name = f"adapter{self._count}"
            if isinstance(self._model, PeftModel):
                self._model.load_adapter(folder, adapter_name=name)
            else:
                self._model = PeftModel.from_pretrained(self._model, folder, adapter_name=name).eval()
        self._names[folder] = name
        self._model.set_adapter(name)
        if len(self._names) > ADAPTERS:
            self._model.delete_adapter(self._names.pop(next(iter(self._names))))


class _Answer(StoppingCriteria):
    """Follows `generate`: what it calls with the model's scores, with each token, and to know whether to go on."""

    def __init__(self, request: Json, tokenizer: Any, aborted: set[str], report: Report) -> None:
        self.count = 0
        self.ended = False  # by a token that ends answers
        self._request, self._tokenizer, self._aborted, self._report = request, tokenizer, aborted, report
        self._text = DecodeStream(skip_special_tokens=True)
        self._scores: torch.Tensor | None = None

    def score(self, _ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """As the model gives them, before the temperature."""
        if self._request.get("topLogprobs") is not None:
            self._scores = scores[0].float().log_softmax(-1)
        return scores

    def put(self, tokens: torch.Tensor) -> None:
        if tokens.dim() > 1:
            return  # the prompt
        token = int(tokens[0])
        self.ended = token in self._request["ends"]
        if not self.ended:
            self.count += 1
            text = self._text.step(self._tokenizer.backend_tokenizer, token) or ""
            self._report({"kind": "token", "text": text, **self._logprob(token)})

    def _logprob(self, token: int) -> Json:
        if self._scores is None:
            return {}
        top = self._scores.topk(self._request["topLogprobs"]).indices.tolist()
        one, *others = [
            {"token": self._tokenizer.decode([id]), "logprob": float(self._scores[id])} for id in (token, *top)
        ]
        return {"logprob": {**one, "top": others}}

    def end(self) -> None:
        """Of a streamer."""

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._request["id"] in self._aborted, device=input_ids.device)


def answer(models: Models, request: Json, aborted: set[str], report: Report) -> None:
    """Reports one answer. Raises `Refusal`."""
    folder, base = Path(request["model"]), Path(request["base"]) if request.get("base") else None
    model, tokenizer = models.open(folder, base), load_tokenizer(folder)
    sampled = request["temperature"] > 0 and request["topP"] > 0
    chosen = {"temperature": request["temperature"], "top_p": request["topP"], "top_k": 0} if sampled else {}
    config = GenerationConfig(
        do_sample=sampled,
        max_new_tokens=request["maxTokens"],
        eos_token_id=request["ends"],
        pad_token_id=tokenizer.pad_token_id,
        **chosen,
    )
    torch.manual_seed(request["seed"])
    ids = torch.tensor([request["tokens"]], device=model.device)
    following = _Answer(request, tokenizer, aborted, report)
    with torch.inference_mode():
        model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            generation_config=config,
            streamer=following,
            stopping_criteria=[following],
            logits_processor=LogitsProcessorList([following.score]),
        )
    reason = "stop" if following.ended else "length"
    report({"kind": "finished", "reason": reason, "completionTokens": following.count})


def _refusal(error: Exception) -> Json:
    if isinstance(error, Refusal):
        return {"code": "model", "message": error.message}
    if isinstance(error, torch.OutOfMemoryError):
        return {"code": "memory", "message": "The GPU has not enough free memory for this model."}
    return {"code": "internal", "message": f"The answer failed: {type(error).__name__}."}


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
        id = request["id"]

        def report(fields: Json, id: str = id) -> None:
            if id not in aborted:
                print(json.dumps({**fields, "id": id}, ensure_ascii=False), file=sink, flush=True)

        if id not in aborted:
            try:
                answer(models, request, aborted, report)
            except Exception as error:
                report({"kind": "refused", **_refusal(error)})
        aborted.discard(id)
