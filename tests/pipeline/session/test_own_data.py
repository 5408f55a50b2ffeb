"""The fingerprint of data that a notebook contains: the same for the same data, however its cells spell it."""

from __future__ import annotations

import base64
import bz2
from typing import Any

from autograder.pipeline.session.calibration import MAX_TEXT, own_data

TEXT = "x,y\n1,2\n3,4\n"
PLAIN = f'import numpy as np\n\n_text = """\\\n{TEXT}"""\nprint(_text)'


def notebook(*cells: str) -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "source": text, "metadata": {"nbgrader": {
        "grade_id": f"c{number}", "locked": True, "solution": False, "grade": False}}}
        for number, text in enumerate(cells)]}


def packed(text: str) -> str:
    return f'bz2.decompress(base64.b64decode("{base64.b64encode(bz2.compress(text.encode())).decode()}")).decode()'


def load(text: str) -> str:
    return f"import base64\nimport bz2\n\n_text = {packed(text)}\nprint(_text)"


def test_packed_text_counts_as_the_text() -> None:
    known = own_data(notebook(PLAIN))
    assert own_data(notebook("import numpy as np", load(TEXT))) == known
    assert own_data(notebook("import numpy as np\n" + load(TEXT))) == known
    assert own_data(notebook("import numpy as np", load(TEXT + "5,6\n"))) != known
    assert own_data(notebook("import numpy as np\nimport math", load(TEXT))) != known


def test_a_damaged_or_endless_text_counts_as_it_is_written() -> None:
    wrong = load(TEXT).replace("b64decode(\"Q", "b64decode(\"R")
    assert own_data(notebook(wrong)) not in {own_data(notebook(load(TEXT))), own_data(notebook(PLAIN))}
    assert own_data(notebook(load("0" * (MAX_TEXT + 1)))) != own_data(notebook(load("0" * (MAX_TEXT + 2))))
