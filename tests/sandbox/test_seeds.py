"""What the warm process fixes for all of its children, so that one submission gives the same in every batch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.model import JobCell, NotebookJob
from autograder.sandbox import PoolOptions, Programs, WarmPool

ASK = """
import os, sys
tell([list({"relu", "elu", "selu", "gelu", "tanh", "silu", "mish", "linear"}), sys.flags.safe_path,
      sys.flags.no_user_site, "" in sys.path or os.getcwd() in sys.path])
"""


@pytest.mark.slow
def test_the_order_of_a_set_is_the_same_under_every_warm_process(light: Programs, tmp_path: Path) -> None:
    """Python salts the hashes of texts anew in each process: a loop over a set of names would run in another order."""
    told = []
    for number in range(3):
        with WarmPool(PoolOptions(programs=light)) as pool:
            pool.run_notebook(NotebookJob(cells=(JobCell(index=0, source=ASK),), seed=1, sampling_key="00"),
                              tmp_path / str(number))
        told.append(json.loads((tmp_path / str(number) / "answer.json").read_text()))
    assert told[0] == told[1] == told[2]
    assert told[0][1:] == [True, 1, False], "nothing but what was named is imported from"
