"""Answers JSON lines: one request a line on standard input, reports on standard output.

{"kind":"generate","id","model","version","base","baseVersion","tokens",…} → token …, finished | refused
{"kind":"abort","id"} ends an answer. Requests are answered one after another; another adapter of the same base is
loaded once and switched to. The caller has the template and the tokens, so a model is asked as it was trained.
"""

import json
import queue
import threading
import traceback
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, Any

import torch
from peft import PeftModel
from tokenizers.decoders import DecodeStream
from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteria

from .errors import Refusal
from .failures import is_out_of_memory, refusal_of
from .model import load_tokenizer, load_weights

Json = dict[str, Any]
Report = Callable[[Json], None]
Version = tuple[str, str | None]  # of a folder: its path, and what changes with its files

_ADAPTERS = 16  # in memory, and tokenizers; what was asked longest ago makes room
_COLDEST = 1e-4  # below this temperature the logits may overflow, and the likeliest token is certain
_NEVER = -9999.0  # log p of what cannot be; JSON has no infinity


def _half() -> torch.dtype:
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


class Models:
    """One base model in memory, and the adapters on it that were asked for."""

    def __init__(self) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._dtype = _half() if self.device == "cuda" else torch.float32
        self._clear()
        self._tokenizers: dict[Version, Any] = {}
        self._count = 0

    def _clear(self) -> None:
        self._model: Any = None
        self._root: Version | None = None
        self._names: dict[Version, str] = {}  # of adapters, the last asked last

    def tokenizer(self, model: Version) -> Any:
        found = self._tokenizers.pop(model, None) or load_tokenizer(Path(model[0]))
        self._tokenizers[model] = found
        if len(self._tokenizers) > _ADAPTERS:
            del self._tokenizers[next(iter(self._tokenizers))]
        return found

    def open(self, model: Version, base: Version | None) -> Any:
        """A model; `base` is the one under it if it is an adapter. Raises `Refusal` and what the libraries raise."""
        root = base or model
        try:
            if root != self._root:
                self._clear()  # its memory first
                self._model = load_weights(Path(root[0]), self._dtype).to(self.device).eval()
                self._root = root
            if base:
                self._switch(model)
        except BaseException:
            self._clear()  # half an adapter may be in it
            raise
        return self._model

    def _switch(self, model: Version) -> None:
        name, folder = self._names.pop(model, None), model[0]
        if name is None:
            self._count += 1
            name = f"adapter{self._count}"
            try:
                if isinstance(self._model, PeftModel):
                    self._model.load_adapter(folder, adapter_name=name)
                else:
                    self._model = PeftModel.from_pretrained(self._model, folder, adapter_name=name).eval()
            except (OSError, ValueError, RuntimeError) as error:
                if is_out_of_memory(error):
                    raise
                raise Refusal("model_unsupported", "PyTorch cannot read this adapter; its log says why.") from error
        self._names[model] = name
        self._model.set_adapter(name)
        if len(self._names) > _ADAPTERS:
            self._model.delete_adapter(self._names.pop(next(iter(self._names))))


class _Answer(StoppingCriteria):
    """Follows `generate`: what it calls with the model's scores, with each token, and to know whether to go on."""

    def __init__(self, request: Json, tokenizer: Any, aborted: set[str], report: Report) -> None:
        self.ended = False  # by a token that ends answers
        self._request, self._tokenizer, self._aborted, self._report = request, tokenizer, aborted, report
        self._text = DecodeStream(skip_special_tokens=True)
        self._logprobs: torch.Tensor | None = None

    def score(self, _ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """As the model gives them, before the temperature."""
        if self._request["topLogprobs"] is not None:
            self._logprobs = scores[0].float().log_softmax(-1).nan_to_num(_NEVER, neginf=_NEVER)
        return scores

    def put(self, tokens: torch.Tensor) -> None:
        if tokens.dim() > 1:
            return  # the prompt
        token = int(tokens[0])
        self.ended = token in self._request["ends"]
        if not self.ended:
            text = self._text.step(self._tokenizer.backend_tokenizer, token) or ""
            self._report({"kind": "token", "text": text, **self._logprob(token)})

    def _logprob(self, token: int) -> Json:
        if self._logprobs is None:
            return {}
        top = self._logprobs.topk(self._request["topLogprobs"]).indices.tolist()
        one, *others = [
            {"token": self._tokenizer.decode([id]), "logprob": float(self._logprobs[id])} for id in (token, *top)
        ]
        return {"logprob": {**one, "top": others}}

    def end(self) -> None:
        """Of a streamer."""

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._request["id"] in self._aborted, device=input_ids.device)


def answer(models: Models, request: Json, aborted: set[str], report: Report) -> None:
    """Reports one answer. Raises `Refusal` and what the libraries raise."""
    name, base = (request["model"], request["version"]), None
    if request["base"]:
        base = (request["base"], request["baseVersion"])
    model, tokenizer = models.open(name, base), models.tokenizer(name)
    temperature, top_p = float(request["temperature"]), float(request["topP"])
    sampled = temperature > _COLDEST and top_p > 0
    chosen = {"temperature": temperature, "top_p": top_p, "top_k": 0} if sampled else {}
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
    alone = base is None and isinstance(model, PeftModel)
    with torch.inference_mode(), model.disable_adapter() if alone else nullcontext():
        model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            generation_config=config,
            streamer=following,
            stopping_criteria=[following],
            logits_processor=LogitsProcessorList([following.score]),
        )
    report({"kind": "finished", "reason": "stop" if following.ended else "length"})


def _told(error: Exception, device: str) -> Json:
    if isinstance(error, Refusal):
        return {"code": "model", "message": error.message}
    if is_out_of_memory(error):
        where = "The GPU" if device == "cuda" else "This computer"
        message = f"{where} has not enough free memory for this model. Ask again: the engine answers it for a while."
        return {"code": "memory", "message": message}
    return {"code": "internal", "message": "The answer failed; the log says why. Ask again."}


def serve(source: IO[str], sink: IO[str]) -> None:
    """Answers until standard input ends. Raises what a GPU says when it can do nothing any more."""
    waiting: queue.Queue[Json | None] = queue.Queue()
    open_, aborted = set[str](), set[str]()

    def listen() -> None:
        with suppress(json.JSONDecodeError):  # the last line may be half a line
            for line in source:
                request = json.loads(line)
                if request["kind"] == "generate":
                    open_.add(request["id"])
                    waiting.put(request)
                elif request["id"] in open_:
                    aborted.add(request["id"])
        waiting.put(None)

    threading.Thread(target=listen, daemon=True).start()
    models = Models()
    while (request := waiting.get()) is not None:
        id = request["id"]

        def report(fields: Json, id: str = id) -> None:
            if id not in aborted:
                print(json.dumps({**fields, "id": id}), file=sink, flush=True)

        if id not in aborted:
            try:
                answer(models, request, aborted, report)
            except Exception as error:
                traceback.print_exc()
                report({"kind": "refused", **_told(error, models.device)})
                if refusal_of(error).code == "cuda":
                    raise  # a context that has failed once fails for ever
        open_.discard(id)
        aborted.discard(id)
