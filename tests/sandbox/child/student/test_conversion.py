"""Numbers in lists, tuples, frames and tensors are recorded as the arrays that they make."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import SequenceValue, array_of, read
from autograder.artifacts.sampling import fingerprint
from autograder.sandbox.child.student.conversion import TooManyNumbers, numbers_in
from autograder.workspace.artifact_folder import FolderSource

pytestmark = pytest.mark.slow

CONTAINERS = """
import array, keras, numpy as np
from collections import deque
values = [float(i) for i in range(1000)]
matrix = [[r * 10 + c for c in range(10)] for r in range(10)]
pair = tuple(tuple(float(c) for c in range(4)) for r in range(300))
whole = list(np.arange(1000))
rows = [np.full(3, i, "float32") for i in range(500)]
tensors = [keras.ops.convert_to_tensor([float(i), 1.0]) for i in range(5)]
counted = range(700)
queue = deque(range(300))
packed = array.array("d", range(300))
table = {str(i): i for i in range(300)}
looked_at = table.values()
boxed = np.array(list(range(900)), dtype=object)
deep = [[[[1, 2], [3, 4]]] * 3] * 7
"""


def test_containers_of_numbers_are_arrays(run: Any) -> None:
    ran = run(CONTAINERS, ("a", "1"))
    names = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").checkpoints["a"].names
    wanted = {
        "values": np.arange(1000.0), "matrix": np.arange(100).reshape(10, 10),
        "pair": np.tile(np.arange(4.0), (300, 1)), "whole": np.arange(1000),
        "rows": np.repeat(np.arange(500, dtype="float32"), 3).reshape(500, 3),
        "tensors": np.array([[i, 1] for i in range(5)], "float32"), "counted": np.arange(700),
        "queue": np.arange(300), "packed": np.arange(300.0), "looked_at": np.arange(300), "boxed": np.arange(900),
        "deep": np.tile(np.array([[1, 2], [3, 4]]), (7, 3, 1, 1)),
    }
    for name, array in wanted.items():
        found = array_of(names[name])
        assert found is not None, name
        assert (found.shape, found.dtype) == (array.shape, str(array.dtype)), name
        assert found.fingerprint == fingerprint(array), name
        assert found.rows is not None and found.indices is not None
        np.testing.assert_array_equal(found.rows, array[found.indices])


def test_what_is_no_table_of_numbers_stays_a_list(run: Any) -> None:
    code = ("ragged = [[1, 2], [3]]\nwords = ['a', 'b']\nmixed = [1, 'b']\nempty = []\nbig = [10 ** 30]\n"
            "unordered = {1, 2}\nmore = [[1.0, None]]\n"
            "class Odd(list):\n    def __len__(self): raise KeyboardInterrupt\n    __iter__ = __len__\n"
            "class Says:\n    def __array__(self, *a, **k): raise SystemExit\n    __float__ = __len__ = __array__\n"
            "odd = Odd([1, 2]); inner = [Odd([1, 2])]; says = [Says(), Says()]\nloop = []; loop.append(loop)")
    ran = run(code, ("a", "1"))
    names = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").checkpoints["a"].names
    for name in ("ragged", "words", "mixed", "empty", "big", "unordered", "more", "inner", "says", "loop"):
        value = names[name]
        assert isinstance(value, SequenceValue) and value.array is None and not value.large, name
    assert array_of(names["odd"]) is not None


def test_what_is_too_large_is_said_to_be_and_costs_little() -> None:
    with pytest.raises(TooManyNumbers):
        numbers_in([0.0] * 101, 100)
    with pytest.raises(TooManyNumbers):
        numbers_in([[0.0] * 11] * 10, 100)
    with pytest.raises(TooManyNumbers):
        numbers_in([np.zeros(11)] * 10, 100)
    with pytest.raises(TooManyNumbers):
        numbers_in(range(10**15), 100)
    nested: Any = [0]
    for _ in range(40):
        nested = [nested, nested]
    # Two to the power of forty numbers, in forty lists: depth is counted before anything is followed.
    assert numbers_in(nested, 100) is None
    assert numbers_in(deque([1, 2]), 100) is not None


def test_one_checkpoint_converts_a_bounded_number_of_numbers(run: Any) -> None:
    ran = run("first = [0.0] * 5_000_000\nsecond = [1.0] * 5_000_000", ("a", "1"))
    names = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").checkpoints["a"].names
    assert array_of(names["first"]) is not None
    second = names["second"]
    assert isinstance(second, SequenceValue) and second.large


def test_what_a_call_returns_as_lists_is_kept_whole(run: Any) -> None:
    call = {"function": "answer", "args": [], "kwargs": {}}
    ran = run("def answer():\n    return [[float(r + c) for c in range(3)] for r in range(300)]", ("a", "1"),
              calls={"a": [call]})
    outcome = next(iter(read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").calls("a").values()))
    assert outcome.whole is not None and outcome.whole.shape == (300, 3)


def test_a_pandas_frame_of_objects_is_an_array() -> None:
    pandas = pytest.importorskip("pandas")
    from autograder.sandbox.child.student.conversion import as_array

    for made in (pandas.Series([1, 2, 3], dtype="object"), pandas.Series([1, 2, 3], dtype="Int64"),
                 pandas.DataFrame({"a": [1, 2], "b": [True, False]}), pandas.Index([1, 2]),
                 pandas.Series([1.0, 2.0]).astype("category")):
        found = as_array(made)
        assert found is not None and found.dtype.kind in "biuf"
