import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

import pytest  # noqa: E402
import torch  # noqa: E402
from worlds import make_model  # noqa: E402

import limerick_trainer  # noqa: E402  sets the environment before any library is imported

torch.set_num_threads(1)
assert limerick_trainer.CONTRACT


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folder of a tiny random model of a family; each is made once."""
    parent, made = tmp_path_factory.mktemp("models"), {}

    def model(family: str) -> Path:
        if family not in made:
            made[family] = make_model(parent / family, family)
        return made[family]

    return model


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A training in this process listens to signals: pytest gets its own back."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield
    for number, handler in before:
        signal.signal(number, handler)
