"""Trains the rows that tests/bench/engine.ts hands over, with PyTorch and peft, and with TRL where it is installed.

Usage: python peers.py FOLDER ROWS.json EPOCHS THREADS RATE [trl]
With the last word, TRL alone.
Rows are {"ids": […], "labels": […]}, tokenised by the engine, so that all train on the same tokens.
"""

import gc
import json
import random
import resource
import sys
import tempfile
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, TrainerCallback

folder, rows_file, epochs, threads, rate, *only = sys.argv[1:]
rows = json.load(open(rows_file))
epochs, threads, rate = int(epochs), int(threads), float(rate)
torch.set_num_threads(threads)
torch.manual_seed(1)
LORA = LoraConfig(
    r=16,
    lora_alpha=32,
    task_type="CAUSAL_LM",
    target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
)


def load():
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def report(name, began, cpu, **more):
    facts = {
        **more,
        "name": name,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(facts), flush=True)


def plain():
    model = get_peft_model(load(), LORA)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0)
    steps = epochs * len(rows)
    decay = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 5) * (1 - step / steps))
    model.train()
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(epochs):
        for row in random.sample(rows, len(rows)):
            ids, labels = torch.tensor([row["ids"]]), torch.tensor([row["labels"]])
            model(input_ids=ids, labels=labels).loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            decay.step()
            optimizer.zero_grad()
    report(f"PyTorch {torch.__version__} and peft", began, cpu)


def with_trl():
    import trl
    from datasets import Dataset

    class Steps(TrainerCallback):
        seconds = []

        def on_step_begin(self, *_, **__):
            self.began = time.perf_counter()

        def on_step_end(self, *_, **__):
            self.seconds.append(time.perf_counter() - self.began)

    data = Dataset.from_list([{"input_ids": row["ids"], "labels": row["labels"]} for row in rows])
    with tempfile.TemporaryDirectory() as out:
        config = trl.SFTConfig(
            output_dir=out,
            num_train_epochs=epochs,
            per_device_train_batch_size=1,
            learning_rate=rate,
            logging_steps=1000,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
        )
        trainer = trl.SFTTrainer(model=load(), args=config, train_dataset=data, peft_config=LORA)
        trainer.add_callback(Steps())
        began, cpu = time.perf_counter(), time.process_time()
        trainer.train()
        report(f"TRL {trl.__version__}", began, cpu, steps=Steps.seconds)


if not only:
    plain()
    gc.collect()
try:
    with_trl()
except Exception as fault:  # not installed, or another version: the others are still worth their figures
    print(json.dumps({"name": "TRL", "skipped": str(fault)}), flush=True)
