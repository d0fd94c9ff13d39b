"""The labels of limerick_trainer for rows of other programs: JSON on standard input and output."""

import json
import sys

from limerick_trainer.errors import Refusal
from limerick_trainer.labels import Labeller
from transformers import AutoTokenizer


def labels(labeller, row):
    try:
        return [{"ids": sample.ids, "labels": sample.labels} for sample in labeller.samples(row, 0)]
    except Refusal as error:
        return {"refused": error.message}


order = json.load(sys.stdin)
for folder in order["folders"]:
    labeller = Labeller(AutoTokenizer.from_pretrained(folder, local_files_only=True), {}, 1_000_000)
    print(json.dumps([labels(labeller, row) for row in order["rows"]]))
