"""The trainer `trl` of Limerick: trains one run folder with Hugging Face TRL (contract `limerick.run/1`)."""

import os

# Before any library is imported: most of them read these once.
os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_DATASETS_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    DO_NOT_TRACK="1",
    WANDB_MODE="disabled",
    TOKENIZERS_PARALLELISM="false",
)

CONTRACT = "limerick.run/1"

DONE, FAILED, AGAIN = 0, 10, 75
"""Exit codes; `AGAIN`: the same command goes on."""
