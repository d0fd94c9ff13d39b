"""The two trainers compute the same."""

from pathlib import Path

import pytest
from worlds import events, make_run, rows

from limerick_trainer import DONE
from limerick_trainer.__main__ import train

BASE = Path(__file__).parents[2] / "lib" / "engine" / "base"

# Of lib/engine/worker/trainer.ts: method full, three epochs, batches of five, rate 1e-4, seed 42, one thread.
LOSSES = [9.826069, 9.884665, 7.117184, 10.047270, 7.058546, 8.741598]
NORMS = [16.3065, 24.1276, 18.5039, 16.2375, 15.7384, 14.6902]


def test_the_shipped_base_is_trained_as_the_built_in_trainer_trains_it(tmp_path: Path) -> None:
    settings = {"tuning": "full", "epochs": 3, "batch_size": 5, "micro_batch": 5, "learning_rate": 1e-4}
    folder = make_run(tmp_path / "run", BASE, rows(10), warmup_ratio=0.2, **settings)
    assert train(folder) == DONE
    metrics = [event["metrics"] for event in events(folder, "step")]
    assert [step["trainLoss"] for step in metrics] == pytest.approx(LOSSES, abs=1e-4)
    assert [step["gradNorm"] for step in metrics] == pytest.approx(NORMS, rel=1e-3)
