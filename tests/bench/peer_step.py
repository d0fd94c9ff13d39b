"""CPU time of one training step of a whole model with PyTorch, as tests/bench/step.ts measures the engine's: one thread, full loss, AdamW.

Usage: python peer_step.py FOLDER ROWS TOKENS ROUNDS
"""

import statistics
import sys
import time

import torch
from transformers import AutoModelForCausalLM

folder = sys.argv[1]
rows, tokens, rounds = map(int, sys.argv[2:])
torch.set_num_threads(1)
torch.manual_seed(3)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0, fused=True)
# One token more than is predicted, as in step.ts.
ids = torch.randint(0, model.config.vocab_size, (rows, tokens + 1))

learning, updating = [], []
for _ in range(rounds + 3):
    began = time.process_time()
    model(input_ids=ids, labels=ids).loss.backward()
    learned = time.process_time()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    updated = time.process_time()
    learning.append((learned - began) * 1000)
    updating.append((updated - learned) * 1000)

learn, update = statistics.median(learning[3:]), statistics.median(updating[3:])
print(f"PyTorch {torch.__version__}   {learn + update:.1f} CPU-ms (of it AdamW {update:.1f})")
