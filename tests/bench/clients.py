"""The Python half of clients.ts: reads what to do from standard input, prints the answers as JSON."""

import json
import sys
import time

from openai import OpenAI

order = json.load(sys.stdin)
client = OpenAI(max_retries=0)
with open(order["file"], "rb") as rows:
    file = client.files.create(file=rows, purpose="fine-tune")
job = client.fine_tuning.jobs.create(training_file=file.id, model=order["model"], seed=order["seed"])
while job.status not in ("succeeded", "failed", "cancelled"):
    time.sleep(0.5)
    job = client.fine_tuning.jobs.retrieve(job.id)
if job.status != "succeeded":
    sys.exit(f"the job {job.status}: {job.error}")


def answer(question: str) -> str | None:
    messages = [{"role": "system", "content": order["system"]}, {"role": "user", "content": question}]
    return client.chat.completions.create(model=job.fine_tuned_model, messages=messages).choices[0].message.content


print(json.dumps([answer(question) for question in order["questions"]]))
