"""Base models: loaded from their folder alone, and refused in words."""

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, GenerationConfig
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from .errors import Refusal
from .estimate import adapter_targets, read_config
from .spec import Spec


def load_tokenizer(base: Path) -> Any:
    """Raises `Refusal` "model_missing" or "model_unsupported"."""
    if not base.is_dir():
        raise Refusal("model_missing", "The base model's folder is not there.")
    try:
        tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(
            "model_unsupported", f"The base model's tokenizer cannot be read: {_told(error, base)}"
        ) from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token  # fills up batches, where it is masked
    return tokenizer


def _told(error: Exception, folder: Path) -> str:
    """The first line of a library's message, without the path of a folder."""
    return str(error).replace(str(folder), "its folder").strip().split("\n")[0][:300]


def _expect_known(base: Path) -> None:
    config = read_config(base)
    kind = config.get("model_type")
    if "auto_map" in config and kind not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        message = f"The base model brings its own program code, which is never run here; its type {kind} is not known."
        raise Refusal("model_unsupported", message)


def load_weights(base: Path, dtype: torch.dtype, **options: Any) -> Any:
    """A model as its folder holds it. Raises `Refusal`."""
    _expect_known(base)
    fixed = {"local_files_only": True, "trust_remote_code": False, "use_safetensors": True}
    try:
        model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, **fixed, **options)
    except OSError as error:
        raise Refusal("model_missing", f"The base model's weights cannot be read: {_told(error, base)}") from error
    except (ValueError, KeyError) as error:
        raise Refusal("model_unsupported", f"The base model cannot be trained: {_told(error, base)}") from error
    # A published one may contradict itself, and then cannot be saved. Folders get what was published (publish.py).
    model.generation_config = GenerationConfig.from_model_config(model.config)
    return model


def _four_bits() -> dict[str, Any]:
    try:
        import bitsandbytes  # noqa: F401
    except ImportError:
        message = "Weights of 4 bits need the Python package bitsandbytes; install it, or train without quantization."
        raise Refusal("dependency", message) from None
    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        bnb_4bit_quant_storage=torch.bfloat16,
    )
    return {"quantization_config": config, "device_map": {"": torch.cuda.current_device()}}


def load_base(spec: Spec, dtype: torch.dtype) -> Any:
    """The model that training starts from; an adapter that it starts from is part of its weights."""
    if spec.start_adapter is None:
        return load_weights(spec.base.folder, dtype, **(_four_bits() if spec.quantization else {}))
    if spec.quantization:
        message = "Training of 4-bit weights cannot go on from an adapter: merge it into its base first."
        raise Refusal("model_unsupported", message)
    return merge(load_weights(spec.base.folder, torch.float32), spec.start_adapter.folder).to(dtype)


def merge(model: Any, adapter: Path) -> Any:
    """The model with an adapter added to its weights."""
    try:
        merged = PeftModel.from_pretrained(model, adapter, local_files_only=True).merge_and_unload()
    except (OSError, ValueError) as error:
        raise Refusal("model_missing", f"The adapter cannot be read: {_told(error, adapter)}") from error
    if hasattr(merged, "peft_config"):
        del merged.peft_config
    return merged


def linear_names(model: Any) -> set[str]:
    """Last parts of the names of the linear layers of its blocks."""
    head = model.get_output_embeddings()
    linear = ((name, module) for name, module in model.named_modules() if isinstance(module, torch.nn.Linear))
    return {name.split(".")[-1] for name, module in linear if module is not head}


def lora_config(spec: Spec, model: Any) -> LoraConfig | None:
    if spec.lora is None:
        return None
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=spec.lora.r,
        lora_alpha=spec.lora.alpha,
        lora_dropout=spec.lora.dropout,
        target_modules=adapter_targets(spec.targets, linear_names(model)),
        bias="none",
    )
