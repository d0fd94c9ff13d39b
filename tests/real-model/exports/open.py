"""Opens what make.ts took away with transformers and peft: the same logits, the same greedy answers.
Then makes adapters of its own, for open.ts to import.
Usage: python tests/real-model/exports/open.py BASE OUT
"""
import glob
import json
import os
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

base, out = sys.argv[1:3]
cases = json.load(open(f"{out}/expected.json"))
LOGITS = 1e-4  # relative to the largest logit
failures = []


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def logits_of(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, -1].double()


def relative(found, expected):
    expected = torch.tensor(expected, dtype=torch.float64)
    return ((found - expected).abs().max() / expected.abs().max()).item()


def greedy_of(model, prompt, length):
    ids = torch.tensor([prompt])
    made = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=length,
        do_sample=False,
        temperature=None,
        top_p=None,
        top_k=None,
        repetition_penalty=1.0,
    )
    return made[0, len(prompt) :].tolist()


def compare(name, model, tokenizer, bound=LOGITS):
    for case in cases:
        rendered = tokenizer.apply_chat_template(case["turns"], add_generation_prompt=True, return_dict=True)
        same_prompt = rendered["input_ids"] == case["prompt"]
        difference = relative(logits_of(model, case["prompt"]), case["logits"])
        same_greedy = greedy_of(model, case["prompt"], len(case["greedy"])) == case["greedy"]
        ok = same_prompt and difference <= bound and same_greedy
        print(f"{name}: prompt {same_prompt}, logits within {difference:.1e}, greedy answer {same_greedy}")
        if not ok:
            failures.append(name)


def rounded(name, model, dtype):
    """What a merged file of 16 bits would lose: figures only."""
    model = model.to(dtype).to(torch.float32)
    for case in cases:
        difference = relative(logits_of(model, case["prompt"]), case["logits"])
        made = greedy_of(model, case["prompt"], len(case["greedy"]))
        same = next((i for i, (a, b) in enumerate(zip(made, case["greedy"])) if a != b), len(case["greedy"]))
        print(f"{name}: logits within {difference:.1e}, greedy the same for {same} of {len(case['greedy'])} tokens")


def make(name, **options):
    """An adapter with random factors, and its logits."""
    torch.manual_seed(7)
    options = {"r": 8, "lora_alpha": 12, "target_modules": ["q_proj", "v_proj", "down_proj"], **options}
    model = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **options))
    with torch.no_grad():
        for key, value in model.named_parameters():
            if "lora_B" in key:
                value.normal_(0, 0.02)
    model.eval()
    folder = f"{out}/made/{name}"
    model.save_pretrained(folder)
    config = json.load(open(f"{folder}/adapter_config.json"))
    config["base_model_name_or_path"] = "HuggingFaceTB/" + os.path.basename(os.path.normpath(base))
    json.dump(config, open(f"{folder}/adapter_config.json", "w"))
    made = [{"prompt": case["prompt"], "logits": logits_of(model, case["prompt"]).tolist()} for case in cases]
    json.dump(made, open(f"{folder}/expected.json", "w"))


(adapter,) = glob.glob(f"{out}/*-adapter")
(merged,) = glob.glob(f"{out}/*-merged")
compare("adapter", PeftModel.from_pretrained(load(base), adapter), AutoTokenizer.from_pretrained(adapter))
compare("merged", load(merged), AutoTokenizer.from_pretrained(merged))
rounded("merged, rounded to bfloat16", load(merged), torch.bfloat16)
rounded("merged, rounded to float16", load(merged), torch.float16)

make("plain")
make("rslora", use_rslora=True)
make("all-linear", target_modules="all-linear")
make("regex", target_modules=r"model\.layers\.\d+\.(self_attn\.[qk]|mlp\.up)_proj")
make(
    "patterns",
    rank_pattern={r"layers\.1\.self_attn\..*": 4, "down_proj": 16},
    alpha_pattern={"model.layers.0.self_attn.q_proj": 40, "v_proj": 3},
)
print("failed:", ", ".join(sorted(set(failures))) if failures else "nothing")
sys.exit(bool(failures))
