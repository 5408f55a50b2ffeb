"""Pictures and links of the notebooks: described in words, legible on any background, and without effect on results."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from autograder.notebook import is_locked, merge
from autograder.notebook.variants import solution_submission
from autograder.pipeline.session.source_notebook import strip
from tests.assignments.common import ROOT, Assignment, Cell, every_assignment, grading, source

NAMES = every_assignment()
HOSTS = {"keras.io", "d2l.ai", "www.deeplearningbook.org", "playground.tensorflow.org", "scikit-learn.org",
         "archive.ics.uci.edu"}


def pictures(assignment: Assignment) -> list[Cell]:
    return [cell for cell in assignment.cells("code") if cell["id"].startswith("picture-")]


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_locked_folded_and_described(name: str) -> None:
    found = pictures(Assignment(name))
    assert len(found) >= 3
    for cell in found:
        text, tree = source(cell), ast.parse(source(cell))
        assert grading(cell)["locked"] and not grading(cell)["grade"], cell["id"]
        assert (cell["metadata"]["jupyter"], cell["metadata"]["cellView"]) == ({"source_hidden": True}, "form")
        assert text.startswith("# @title Picture: ") and 'print("In words' in text.replace('print(f"', 'print("')
        assert 'plt.style.context("default")' in text and 'facecolor="white"' in text and "plt.show()" in text
        assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert "random" not in text and "keras" not in text and len(text.splitlines()) <= 32, cell["id"]


@pytest.mark.parametrize("name", NAMES)
def test_no_picture_belongs_to_an_answer(name: str) -> None:
    """A figure counts for the task whose cells drew it: no locked cell may be among them."""
    release = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    merged = merge(release, solution_submission(strip(Assignment(name).notebook), release))
    drawn = {index for index, cell in enumerate(merged.notebook["cells"]) if cell["id"].startswith("picture-")}
    assert drawn and all(is_locked(merged.notebook["cells"][index]) for index in drawn)
    assert not drawn & {index for slot in merged.slots for index in slot.cells}


@pytest.mark.parametrize("name", NAMES)
def test_links_to_further_reading_have_a_right_form(name: str) -> None:
    links = re.findall(r"\]\(([^)]*)\)", source(Assignment(name).cell("reading")))
    assert len(links) >= 5 and len(set(links)) == len(links)
    for link in links:
        parts = urlsplit(link)
        assert parts.scheme == "https" and parts.hostname in HOSTS and not re.search(r"\s", link), link
        if parts.hostname == "keras.io":
            assert re.fullmatch(r"/(guides|api|examples)/([a-z0-9_]+/)+", parts.path), link
    assert any(link.startswith("https://keras.io/") for link in links)


@pytest.mark.parametrize(("name", "files"), [
    ("surface-regression", ("surface_train.csv", "surface_test.csv")), ("iris-classes", ("iris.csv",))])
def test_packed_data_are_the_files_of_the_checks(name: str, files: tuple[str, ...], tmp_path: Path) -> None:
    assignment, said = Assignment(name), io.StringIO()
    load = assignment.cell("load")
    assert len(source(load).splitlines()) < 15 and load["metadata"]["jupyter"] == {"source_hidden": True}
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(said):
        exec(compile(source(load), "load", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == set(files)
    for file in files:
        assert (tmp_path / file).read_bytes() == (assignment.hidden / file).read_bytes()
        assert file in said.getvalue()


@pytest.mark.slow
def test_pictures_draw_one_white_figure_and_leave_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With answers and without: a picture of an answer that is missing says so."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    shown: list[Any] = []

    def show() -> None:
        shown.extend(plt.figure(number) for number in plt.get_fignums())
        plt.close("all")

    monkeypatch.setattr(plt, "show", show)
    images = np.tile(np.arange(784, dtype="uint8").reshape(1, 28, 28), (100, 1, 1))
    given: dict[str, Any] = {"np": np, "plt": plt, "train_images": images, "UNITS": 100, "HIDDEN_UNITS": 10}
    answers = {"confusion": np.eye(10, dtype=int) + 1, "table": {"SGD": (0.6, 0.03), "Adam": (0.8, 0.02)}}
    for name in NAMES:
        for cell in pictures(Assignment(name)):
            state = np.random.get_state()[1].tolist()
            for names, needs in ((given | answers, 1), (given, 0 if re.search("globals", source(cell)) else 1)):
                shown.clear()
                with contextlib.redirect_stdout(io.StringIO()) as said, plt.style.context("dark_background"):
                    exec(compile(source(cell), cell["id"], "exec"), dict(names))
                assert len(shown) == needs, (name, cell["id"])
                assert all(figure.get_facecolor() == (1, 1, 1, 1) for figure in shown)
                assert len(said.getvalue().split()) >= 5 and max(map(len, said.getvalue().splitlines())) <= 112
            assert np.random.get_state()[1].tolist() == state


def test_the_release_keeps_what_folds_a_cell() -> None:
    cell = {"cell_type": "code", "source": "1", "metadata": {
        "jupyter": {"source_hidden": True, "outputs_hidden": True}, "cellView": "form", "other": 1}}
    assert strip({"cells": [cell]})["cells"][0]["metadata"] == {"cellView": "form"}
    cell["metadata"] = {"jupyter": {"source_hidden": True}, "cellView": "code"}
    assert strip({"cells": [cell]})["cells"][0]["metadata"] == {"jupyter": {"source_hidden": True}}
