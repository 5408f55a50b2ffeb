"""Which locked cells need to be drawn only once: those that show the same to everybody and change nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.notebook import is_code, is_locked, shared_pictures, source
from tests.assignments.common import ROOT, every_assignment

Cell = dict[str, Any]
LOAD = "import numpy as np\nimport matplotlib.pyplot as plt\nimages = np.zeros((5, 4, 4))"
PICTURE = "_figure, _axes = plt.subplots()\n_axes.plot([1, 2, 3])\nplt.show()\nprint('In words: a line.')"
FIRST = "_figure, _axes = plt.subplots()\n_axes.imshow(images[0].astype('float32'))\nplt.show()"


def locked(text: str, name: str = "") -> Cell:
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": {
        "grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3,
        "grade_id": name or f"given-{abs(hash(text))}"}}}


def answer(text: str) -> Cell:
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": {
        "grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3, "grade_id": "answer"}}}


def left_out(*cells: Cell, own_numbers: bool = False) -> list[str]:
    return list(shared_pictures(cells, own_numbers=own_numbers).values())


def test_pictures_are_found_before_and_after_answers() -> None:
    cells = (locked(LOAD), locked(FIRST), answer("x = 1"), locked(PICTURE))
    assert left_out(*cells) == [FIRST, PICTURE]
    assert list(shared_pictures(cells)) == [1, 3]


def test_what_an_answer_could_have_changed_is_drawn_in_each_notebook() -> None:
    assert left_out(locked(LOAD), answer("images[0] = 1"), locked(FIRST)) == []
    assert left_out(locked(LOAD), answer("x = 1"), locked(PICTURE.replace("[1, 2, 3]", "x"))) == []


def test_numbers_of_a_students_own_may_be_in_a_picture() -> None:
    text = PICTURE.replace("[1, 2, 3]", "range(UNITS)")
    cells = (locked(LOAD), locked("UNITS = 4"), locked(text), answer("x = 1"), locked(PICTURE))
    assert left_out(*cells) == [text, PICTURE]
    assert left_out(*cells, own_numbers=True) == [PICTURE]


@pytest.mark.parametrize("written", [
    "plt = None", "import altair as plt", "def zip(*x): pass", "plt.show = print", "print(_axes)", "x = _figure",
    "# _axes", "names = list(globals())", "In[1]", "_", "%timeit 1", "!ls", "x = = 1",
    "import sys\nsys.modules",
])
def test_an_answer_that_has_to_do_with_a_picture_is_given_the_real_one(written: str) -> None:
    assert left_out(locked(LOAD), answer(written), locked(PICTURE)) == []


@pytest.mark.parametrize("written", [
    "import numpy as np\nimport matplotlib.pyplot as plt", "for _ in range(3): pass", "plt.plot([1]); plt.show()", "",
    "_, x = 1, 2",
])
def test_answers_as_students_write_them_change_nothing(written: str) -> None:
    assert left_out(locked(LOAD), answer(written), locked(PICTURE)) == [PICTURE]


@pytest.mark.parametrize("line", [
    "axes = plt.subplots()", "np.random.seed(1)", "_axes.plot(np.random.rand(3))", "plt.rcParams['figure.dpi'] = 50",
    "plt.style.use('dark_background')", "open('x', 'w')", "import os", "np.seterr(all='ignore')", "del _axes",
    "_figure.savefig('x.png')", "np.save('x', [1])", "exec('x = 1')", "_axes.__dict__.clear()", "plt.ioff()",
    "%matplotlib inline", "def show(): pass", "_axes.title.text = 1", "global x", "keras.utils.set_random_seed(1)",
    "getattr(plt, 'rc')", "np.abs(1, out=_axes)", "_value = __import__('random')",
])
def test_cells_that_do_more_than_draw_are_run_in_each_notebook(line: str) -> None:
    assert left_out(locked(LOAD), answer("x = 1"), locked(f"{PICTURE}\n{line}")) == []


@pytest.mark.parametrize("line", [
    "_first = images[0]\n_first[0] = 1", "_first = images[0]\n_first += 1", "images.sort()",
    "_all = images\n_all.fill(1)",
    "images.flags.writeable = False", "np.clip(images, 0, 1, out=images)", "print(images.tofile('x'))",
    "images.byteswap(True)", "images.partition(1)",
])
def test_cells_that_could_change_an_array_are_run_in_each_notebook(line: str) -> None:
    assert left_out(locked(LOAD), locked(f"{FIRST}\n{line}"), answer("x = 1")) == []


def test_a_cell_whose_names_another_given_cell_uses_is_run() -> None:
    assert left_out(locked(LOAD), answer("x = 1"), locked(PICTURE), locked("print(_axes)")) == []
    own = "_figure, _axes = plt.subplots()\nprint([_axes for _axes in [1]])"
    assert left_out(locked(LOAD), answer("x = 1"), locked(PICTURE), locked(own)) == [PICTURE]


@pytest.mark.parametrize("name", every_assignment())
def test_every_assignment_has_pictures_that_are_the_same_for_all(name: str) -> None:
    cells = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    found = shared_pictures(cells)
    assert len(found) >= 3
    assert all(is_locked(cells[index]) and is_code(cells[index]) and source(cells[index]) == text
               for index, text in found.items())
