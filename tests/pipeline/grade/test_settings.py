"""Compile settings to go on from: found in the solution's code, and only Keras's own parts are passed on."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import JobCell, NotebookJob
from autograder.notebook import compiled_names, compiling_tasks
from autograder.pipeline.grade.settings import LARGEST, gives_settings, read_settings
from autograder.pipeline.session.source_notebook import read_source
from tests.assignments.common import ROOT, every_assignment

SETTINGS: dict[str, Any] = {
    "optimizer": {"module": "keras.optimizers", "class_name": "SGD", "registered_name": None,
                  "config": {"learning_rate": 0.3, "momentum": 0.0, "clipnorm": None}},
    "loss": "categorical_crossentropy", "metrics": ["accuracy"], "loss_weights": None, "jit_compile": False}


def answer(task: str, text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": task, "solution": True}}}


def test_only_a_model_of_an_earlier_task_is_compiled_for_the_student() -> None:
    notebook = {"cells": [
        answer("build", "model = make()"), answer("compile", "model.compile('sgd', 'mse')"),
        answer("both", "other = make()\nother.compile('sgd', 'mse')"),
        answer("function", "def compiled(model):\n    model.compile('sgd')\n    return model")]}
    assert compiled_names(notebook) == {"compile": ("model",)}
    assert compiling_tasks(notebook) == {"compile", "both", "function"}


def test_whoever_calls_a_function_that_compiles_is_compiling() -> None:
    notebook = {"cells": [
        answer("define", "def made():\n    model = build()\n    model.compile('sgd')\n    return model"),
        answer("wrap", "again = made\ndef both():\n    return made(), made()"),
        answer("direct", "first = made()"), answer("through", "second, third = both()"), answer("alias", "x = again()"),
        answer("other", "history = first.fit(x, y)")]}
    assert compiling_tasks(notebook) == {"define", "wrap", "direct", "through", "alias"}


def test_a_run_that_is_given_arrays_only_is_not_given_settings() -> None:
    def job(*paths: str) -> NotebookJob:
        return NotebookJob(cells=(JobCell(index=0, source=""),), seed=1, sampling_key="00",
                           inject={"task": dict(zip("ab", paths, strict=False))})

    assert not gives_settings(job()) and not gives_settings(job("/continue/a-X.npy"))
    assert gives_settings(job("/continue/a-X.npy", "/continue/a-model.json"))


def test_the_course_has_steps_that_compile() -> None:
    found = {name: compiled_names(read_source(ROOT / "assignments" / name / f"{name}.ipynb"))
             for name in every_assignment()}
    assert found["conv-digits"] == {"compile": ("model",)} and found["first-network"] == {"compile": ("model",)}
    assert found["mlp-digits"] == {"sigmoid-compile": ("sigmoid_model",), "relu-compile": ("relu_model",)}


def written(folder: Path, content: Any) -> Path:
    path = folder / "settings.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_optimizer_loss_and_metrics_are_passed_on_and_nothing_else(tmp_path: Path) -> None:
    found = read_settings(written(tmp_path, SETTINGS))
    assert found == {key: SETTINGS[key] for key in ("optimizer", "loss", "metrics")}


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(SETTINGS) | parts


FOREIGN = {"module": "student", "class_name": "SGD", "config": {}, "registered_name": "student>SGD"}


@pytest.mark.parametrize("content", [
    "no json", "[]", "{}", "x" * (LARGEST + 1), changed(optimizer=None), changed(optimizer=FOREIGN),
    changed(optimizer="sgd"), changed(loss="my_loss"), changed(metrics=["accuracy", FOREIGN]),
    changed(loss={"module": "builtins", "class_name": "function", "config": "my_loss", "registered_name": "function"}),
    changed(optimizer=SETTINGS["optimizer"] | {"config": {"learning_rate": FOREIGN}}),
    changed(optimizer=SETTINGS["optimizer"] | {"class_name": "Lambda", "module": "keras.layers"}),
])
def test_what_is_not_kerass_own_is_not_passed_on(tmp_path: Path, content: Any) -> None:
    assert read_settings(written(tmp_path, content)) is None
