"""From a conversation to token ids and labels: which tokens count in the loss, exactly."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tokenizers import Tokenizer

from .errors import Code, Refusal

IGNORED = -100  # PyTorch's label of a token without a loss
Message = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """Tokens of one sequence; a label is the token's own id where it is learnt, else IGNORED."""

    row: int
    ids: list[int]
    labels: list[int]

    @property
    def start(self) -> int:
        """Index of the first learnt token."""
        return next(index for index, label in enumerate(self.labels) if label != IGNORED)

    @property
    def learnt(self) -> int:
        return sum(label != IGNORED for label in self.labels)


@dataclass
class Report:
    """What became of the rows on their way to labels."""

    truncated: list[dict[str, int]] = field(default_factory=list)
    split: list[dict[str, int]] = field(default_factory=list)
    """Rows in which a token reaches over the start of an answer, and is therefore not learnt."""
    boundary: list[int] = field(default_factory=list)


def refuse(code: Code, row: int, reason: str, suggest: str | None = None) -> Refusal:
    return Refusal(code, f"Row {row + 1}: {reason}.", row=row, suggest=suggest)


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _text_of(content: Any, row: int) -> str:
    """Null beside tool calls is an empty text: half of the templates raise on null, others print "None"."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [None]
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    if len(texts) < len(parts):
        raise refuse("bad_row", row, "only text can be trained on")
    return "".join(map(str, texts))


def _object_or_text(arguments: Any) -> Any:
    try:
        parsed = json.loads(arguments)
    except (TypeError, ValueError):
        return arguments
    return parsed if isinstance(parsed, dict) else arguments


def _calls(calls: Iterable[Any], parsed: bool) -> list[Message]:
    """Tool calls with their arguments as objects, or as the JSON text that OpenAI's files hold."""

    def arguments(given: Any) -> Any:
        if parsed:
            return _object_or_text(given)
        return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)

    return [
        {**call, "function": {**call["function"], "arguments": arguments(call["function"]["arguments"])}}
        for call in calls
    ]


_REASONING = ("reasoning_content", "reasoning", "thinking")


# Templates look for these in what a message says.
_THOUGHTS = ("<think>", "</think>")


def _message(given: Message, row: int, parsed: bool, guard: Callable[[str], str] = str) -> Message:
    """As templates want it; `guard` marks special tokens that are spelled in its text."""
    if given.get("function_call") is not None:
        raise refuse("bad_row", row, "it has a function_call, which is the old form of tool_calls")
    role = "system" if given["role"] == "developer" else given["role"]  # the new name, which most models do not know
    message: Message = {"role": role, "content": guard(_text_of(given.get("content"), row))}
    message |= {key: given[key] for key in ("name", "tool_call_id") if given.get(key) is not None}
    if given.get("tool_calls"):
        message["tool_calls"] = _calls(given["tool_calls"], parsed)
    reasoning = next((given[key] for key in _REASONING if isinstance(given.get(key), str)), None)
    if reasoning:
        message["reasoning_content"] = guard(reasoning)
    return message


def _weight(message: Message, row: int) -> int:
    weight = message.get("weight")
    if weight not in (None, 0, 1):
        raise refuse("bad_row", row, f"a message has the weight {weight}; only 0 and 1 are known")
    return 1 if weight is None else int(weight)


def thinks(rows: Iterable[Row]) -> bool:
    """Whether any answer brings its reasoning."""
    return any(
        any(message.get(key) for key in _REASONING) or "</think>" in str(message.get("content"))
        for row in rows
        for message in row.get("messages", [])
    )


# ── what a template may not drop ──────────────────────────────────────────────────────────────────────────────────


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):  # which templates write in more than one way
        yield value


def _is_in(value: Any, text: str) -> bool:
    if not isinstance(value, str):
        return json.dumps(value) in text
    escaped = (json.dumps(value.strip(), ensure_ascii=ascii)[1:-1] for ascii in (True, False))
    return value.strip() in text or any(form in text for form in escaped)


def _has_call(call: Message, text: str) -> bool:
    function = call["function"]
    arguments = _object_or_text(function["arguments"])
    return _is_in(function["name"], text) and all(_is_in(leaf, text) for leaf in _leaves(arguments))


def _parts(content: str) -> list[str]:
    """Templates may set other spaces between an answer's reasoning and the rest, so these are looked for apart."""
    thoughts, closed, answer = content.partition("</think>")
    return [thoughts.replace("<think>", "").strip(), answer.strip()] if closed else [content.strip()]


def _dropped(message: Message, answer: str) -> str | None:
    """The part of an assistant's message that its rendered text lacks."""
    if not all(part in answer for part in _parts(message["content"])):
        return "a part of an answer"
    if not all(_has_call(call, answer) for call in message.get("tool_calls", [])):
        return "a tool call"
    reasoning = message.get("reasoning_content")
    return "the reasoning of an answer" if reasoning and not _is_in(reasoning, answer) else None


# ── special tokens that are spelled in a text ─────────────────────────────────────────────────────────────────────

# Follows the first letter of a special token that is meant as text. The engine does the same (lib/engine/model/tokenizer.ts).
_GUARD = "\U0010fffd"


def _guard(specials: Iterable[str]) -> Callable[[str], str]:
    """Guards every special token in a text; a guard may end one token and start another, as in `<<s>s>`."""
    guarded = [(token, f"{token[0]}{_GUARD}{token[1:]}") for token in sorted(specials, key=len, reverse=True)]

    def once(text: str) -> str:
        for token, safe in guarded:
            text = text.replace(token, safe)
        return text

    return lambda text: once(once(text.replace(_GUARD, "")))


def _encoder(tokenizer: Any) -> Tokenizer:
    """The tokenizer, which finds special tokens first, and then reads guarded ones as text."""
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    for token in state["added_tokens"]:
        token["normalized"] = token["normalized"] and not token["special"]
    removal = {"type": "Replace", "pattern": {"String": _GUARD}, "content": ""}
    normalizers = [removal, *([state["normalizer"]] if state["normalizer"] else [])]
    state |= {"normalizer": {"type": "Sequence", "normalizers": normalizers}, "truncation": None, "padding": None}
    return Tokenizer.from_str(json.dumps(state))


# ── the labeller ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Span:
    """Where an answer stands in the rendered text, in characters; `text` is the conversation up to its end."""

    start: int
    end: int
    text: str
    learnt: bool  # its weight is 1


class Labeller:
    """Turns rows into samples with the tokenizer and the template that will also serve the model."""

    def __init__(self, tokenizer: Any, kwargs: dict[str, Any], max_length: int) -> None:
        if not getattr(tokenizer, "is_fast", False):
            raise Refusal("model_unsupported", "The base model has no tokenizer.json, which tells where tokens lie.")
        if not tokenizer.chat_template:
            raise Refusal("template", "The base model has no chat template: take one that was made for conversations.")
        self._tokenizer = tokenizer
        self._kwargs = kwargs
        self._max_length = max_length
        self._special = set(tokenizer.all_special_ids) | {
            id for id, token in tokenizer.added_tokens_decoder.items() if token.special
        }
        texts = {str(tokenizer.convert_ids_to_tokens(id)) for id in self._special}
        self._guard, self._encoder = _guard(texts - set(_THOUGHTS)), _encoder(tokenizer)
        self._cuttable = json.loads(self._encoder.to_str())["decoder"]["type"] == "ByteLevel"
        bos = tokenizer.bos_token_id
        self._adds_bos = bos is not None and tokenizer("x").input_ids[:1] == [bos]
        self.report = Report()

    def samples(self, row: Row, index: int) -> list[Sample]:
        """One sample, or one for each learnt answer where the template changes earlier turns (Qwen3's thoughts)."""
        given = row["messages"]
        answers = [at for at, message in enumerate(given) if message["role"] == "assistant"]
        if not any(_weight(given[at], index) for at in answers):
            raise refuse("no_signal", index, "no message of it is learnt: it has no answer with the weight 1")
        show = self._renderer(given, row.get("tools"), index)
        self._expect_known(show, row, index)
        spans = [self._span(show, given[at], at, index) for at in answers]
        whole = show(len(given), False)
        if all(whole.startswith(span.text) for span in spans):
            return [self._sample(whole, spans, index)]
        learnt = [span for span in spans if span.learnt]
        self.report.split.append({"row": index, "into": len(learnt)})
        return [self._sample(span.text, [span], index) for span in learnt]

    def pair(self, row: Row, index: int) -> list[Sample]:
        """The preferred answer, then the other one, with what was asked before each."""
        asked = [{**message, "weight": 0} for message in row["input"]["messages"]]
        answers = [row["preferred_output"], row["non_preferred_output"]]
        if not all(len(answer) == 1 and answer[0]["role"] == "assistant" for answer in answers):
            raise refuse("bad_row", index, "each of its two outputs has to be one message of the assistant")
        tools = row["input"].get("tools")
        conversations = [{"messages": [*asked, {**answer[0], "weight": 1}], "tools": tools} for answer in answers]
        chosen, rejected = (self.samples(conversation, index)[0] for conversation in conversations)
        if chosen.ids[: chosen.start] != rejected.ids[: rejected.start]:
            raise refuse("template", index, "the chat template asks its two answers in different ways")
        return [chosen, rejected]

    def _renderer(self, given: list[Message], tools: Any, index: int) -> Callable[[int, bool], str]:
        """Renders the first messages. Arguments of tool calls are objects; DeepSeek's template wants them as text."""

        def render(messages: list[Message], prompt: bool) -> str:
            text: str = self._tokenizer.apply_chat_template(
                messages, tools=tools, tokenize=False, add_generation_prompt=prompt, **self._kwargs
            )
            return text

        failure: Exception | None = None
        for parsed in (True, False):
            messages = [_message(message, index, parsed, self._guard) for message in given]
            try:
                render(messages, False)
            except Exception as error:  # whatever a template raises
                failure = failure or error
            else:
                return lambda count, prompt: render(messages[:count], prompt)
        raise refuse("template", index, f"the model's chat template refuses it: {failure}")

    def _expect_known(self, show: Callable[[int, bool], str], row: Row, index: int) -> None:
        """Tools and their results are only read, but an answer that refers to them makes no sense without."""
        tools, given = row.get("tools") or [], row["messages"]
        results = [self._guard(_text_of(m.get("content"), index)) for m in given if m["role"] == "tool"]
        whole = show(len(given), False) if tools or results else ""
        if not all(_is_in(tool["function"]["name"], whole) for tool in tools):
            raise refuse("template", index, "the model's chat template leaves out its tools")
        if not all(_is_in(result, whole) for result in results):
            raise refuse("template", index, "the model's chat template leaves out the result of a tool")

    def _span(self, show: Callable[[int, bool], str], given: Message, at: int, index: int) -> Span:
        try:
            head, text = show(at, True), show(at + 1, False)
        except Exception as error:
            raise refuse("template", index, f"the model's chat template refuses a part of it: {error}") from error
        if not text.startswith(head):
            reason = "the model's chat template writes an answer elsewhere than it asks for one"
            raise refuse("template", index, reason, "a model whose template begins an answer as it asks for it")
        dropped = _dropped(_message(given, index, True, self._guard), text[len(head) :])
        if dropped:
            raise refuse("template", index, f"the model's chat template leaves out {dropped}")
        return Span(len(head), len(text), text, _weight(given, index) == 1)

    def _sample(self, text: str, spans: list[Span], index: int) -> Sample:
        ids, offsets = self._encode(text, spans)
        answers = [self._learnt(ids, offsets, span) for span in spans if span.learnt]
        if not all(answers):
            return self._sample(*self._ended(text, spans, answers, index), index)
        self._expect_bos(ids, index)
        if any(a < span.start < b for span in spans for a, b in offsets):
            self.report.boundary.append(index)
        learnt = {t for answer in answers for t in answer}
        return self._cut(Sample(index, ids, [id if t in learnt else IGNORED for t, id in enumerate(ids)]), index)

    def _encode(self, text: str, spans: list[Span]) -> tuple[list[int], list[tuple[int, int]]]:
        """Answers are read apart from what stands before them, as they are when the model writes them; not by
        tokenizers that would put a space before each piece."""
        inner = (at for span in spans for at in (span.start, span.end)) if self._cuttable else ()
        cuts = sorted({0, len(text), *inner})
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for start, end in pairwise(cuts):
            piece = self._encoder.encode(text[start:end], add_special_tokens=False)
            ids += piece.ids
            offsets += [(start + a, start + b) for a, b in piece.offsets]
        return ids, offsets

    def _learnt(self, ids: list[int], offsets: list[tuple[int, int]], span: Span) -> list[int]:
        """Tokens of an answer up to the one that ends its turn; what the template writes after it is not learnt."""
        tokens = [t for t, (a, b) in enumerate(offsets) if span.start <= a < b <= span.end]
        last = max((t for t in tokens if ids[t] in self._special), default=-1)
        return [t for t in tokens if t <= last]

    def _ended(self, text: str, spans: list[Span], answers: list[list[int]], index: int) -> tuple[str, list[Span]]:
        """The text with an end of turn after its last answer: a model that never learns to stop is worse than none."""
        eos = self._tokenizer.eos_token
        if not all(answers[:-1]) or spans[-1].end != len(text) or not spans[-1].learnt or not eos:
            raise refuse("template", index, "the model's chat template does not end an answer with a token")
        last = Span(spans[-1].start, len(text) + len(eos), text + eos, learnt=True)
        return last.text, [*spans[:-1], last]

    def _expect_bos(self, ids: list[int], index: int) -> None:
        bos = self._tokenizer.bos_token_id
        if bos is not None and ids[:2] == [bos, bos]:
            raise refuse("template", index, "its text begins with the token of the beginning twice")
        if self._adds_bos and ids[:1] != [bos]:
            raise refuse("template", index, "the chat template leaves out the beginning that the tokenizer would add")

    def _cut(self, sample: Sample, index: int) -> Sample:
        if not any(label != IGNORED for label in sample.labels[1:]):
            raise refuse("no_signal", index, "no token of it is learnt")
        lost = len(sample.ids) - self._max_length
        if lost <= 0:
            return sample
        self.report.truncated.append({"row": index, "lost": lost})
        short = Sample(index, sample.ids[: self._max_length], sample.labels[: self._max_length])
        if not any(label != IGNORED for label in short.labels[1:]):
            reason = f"the first {self._max_length} tokens, to which it is cut, hold nothing that is learnt"
            raise refuse("bad_row", index, reason, "a larger max_length, or a shorter prompt")
        return short
