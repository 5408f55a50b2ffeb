"""Lines that a student added to a locked code cell: pure imports are run after it, all else is kept and not run."""

from __future__ import annotations

import pytest

from autograder.notebook.additions import additions, same_code

LOCKED = "import numpy as np\n\nx = np.ones(3)\nprint(x)"


@pytest.mark.parametrize(("line", "imports"), [
    ("from keras.models import Sequential", ("from keras.models import Sequential",)),
    ("import os; import sys", ("import os", "import sys")),
    ("from keras import (\n    layers,\n    models,\n)", ("from keras import layers, models",)),
    ("import numpy as np", ()),
    ("import os; os.system('true')", ()),
    ("os.system('true'); import os", ()),
    ("if True: import os", ()),
    ("try:\n    import os\nexcept ImportError:\n    pass", ()),
    ("%matplotlib inline", ()),
    ("def f():\n    import os", ()),
    ("__import__('os')", ()),
])
@pytest.mark.parametrize("above", [True, False])
def test_only_pure_imports_are_taken(line: str, imports: tuple[str, ...], above: bool) -> None:
    found = additions(LOCKED, f"{line}\n{LOCKED}" if above else f"{LOCKED}\n{line}")
    assert found.imports == imports


def test_an_import_is_found_in_a_cell_that_is_no_python() -> None:
    found = additions(LOCKED, f"import keras\n{LOCKED}\nthis is no code, is it?\nfrom os import path; path = 1")
    assert found.imports == ("import keras",) and not found.only_imports


def test_names_that_other_lines_set_are_listed_but_not_those_that_were_only_changed() -> None:
    assert additions(LOCKED, f"{LOCKED}\nx = x / 255\ndef helper():\n    y = 1").binds == {"x", "helper"}
    assert additions(LOCKED, LOCKED.replace("ones(3)", "ones(9)")).binds == frozenset()
    assert additions(LOCKED, f"{LOCKED}\nz = 1\nno code at all").binds == {"z"}


def test_a_formatter_changes_nothing() -> None:
    assert same_code('a = "x"  # note\nb = [1, 2]', "a = 'x'\nb = [\n    1,\n    2,\n]")
    assert not same_code("a = 1", "a = 2") and not same_code("%time\na = 1", "%who\na = 1")
