"""The Python half of sdks.ts: python sdks.py FILE ENDPOINT; one line for each thing that is tried."""

import sys
import time

from openai import AzureOpenAI, OpenAI

path, endpoint = sys.argv[1:]
client = OpenAI()
MODEL = "limerick-base"
QUESTION = "Tell me about Gold"
MESSAGES = [{"role": "user", "content": QUESTION}]


def chat() -> str:
    return client.chat.completions.create(model=MODEL, messages=MESSAGES).choices[0].message.content


def chat_streamed() -> str:
    chunks = client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def responses() -> str:
    return client.responses.create(model=MODEL, input=QUESTION).output_text


def responses_streamed() -> str:
    with client.responses.stream(model=MODEL, input=QUESTION) as stream:
        for _ in stream:
            pass
        return stream.get_final_response().output_text


def lesson() -> str:
    with open(path, "rb") as rows:
        file = client.files.create(file=rows, purpose="fine-tune")
    job = client.fine_tuning.jobs.create(
        training_file=file.id, model="gpt-3.5-turbo", suffix="elle", hyperparameters={"n_epochs": 1}
    )
    while job.status not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.3)
        job = client.fine_tuning.jobs.retrieve(job.id)
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=5))
    csv = client.files.content(job.result_files[0]).read().decode()
    client.chat.completions.create(model=job.fine_tuned_model, messages=MESSAGES)
    return f"{job.status}, {len(events)} events, {len(csv.splitlines())} lines"


def azure() -> str:
    cloud = AzureOpenAI(azure_endpoint=endpoint, api_key=client.api_key, api_version="2024-10-21")
    return cloud.chat.completions.create(model="gpt-35-turbo", messages=MESSAGES).choices[0].message.content


for attempt in (chat, chat_streamed, responses, responses_streamed, lesson, azure):
    name = f"Python {attempt.__name__}".ljust(32)
    try:
        print(f"{name} ok    {attempt()[:40]!r}")
    except Exception as error:
        print(f"{name} FAILS {type(error).__name__}: {error}")
