"""A submission in which everything that can happen has happened, and the page made from it."""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.feedback.misread import read_off
from autograder.model import (
    Basis,
    Calibration,
    CellRun,
    CellStatus,
    CheckResult,
    Ending,
    Execution,
    Isolation,
    LayerRow,
    Provenance,
    Result,
    Status,
    TaskResult,
)
from autograder.notebook import layout
from autograder.pipeline.session.variant_files import make_submission
from autograder.workspace.layout import open_workspace

SECRET = "only-staff-may-read-this"


def png(width: int = 320, height: int = 180) -> str:
    """Return a small picture as base64 text."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes((x * 255 // width) for x in range(width)) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(whole).decode()


def check(status: Status, number: int = 0, **changed: Any) -> CheckResult:
    """Return a check of a status, with a note for staff that nobody else may read."""
    points = 2.0
    values: dict[str, Any] = {
        "id": f"check_{status}_{number}", "task": "standardize", "points": points, "status": status,
        "title": "The test set is standardized with the training mean and deviation.",
        "earned": None if status.withheld else points if status is Status.PASSED else 0.0,
        "basis": Basis.MEASURED, "staff_note": f"{SECRET} note",
    }
    return CheckResult(**values | changed)


def cell(kind: str, source: str, grade_id: str = "", outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a notebook cell."""
    made: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}}}
    return made | ({"outputs": outputs or [], "execution_count": 4} if kind == "code" else {})


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(**data: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {key.replace("_", "/"): value
                                                                    for key, value in data.items()}}


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The builders above: a test module cannot import its conftest."""
    return sys.modules[__name__]


@pytest.fixture
def notebook() -> dict[str, Any]:
    """An executed notebook with text, a figure, an error and a formula."""
    traceback = ["\x1b[31m---------\x1b[0m", "\x1b[32mNameError\x1b[0m: name 'X_tset' is not defined"]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        cell("markdown", "# Digits with a perceptron\n\nWe *standardize* with $z = (x - \\mu) / \\sigma$, see "
                         "[the book](https://example.org/a_b).\n\n| set | images |\n|---|---|\n| train | 6000 |\n"),
        cell("code", "X_train = (X_train - X_train.mean()) / X_train.std()\nprint('ready')", "standardize",
             [stream("ready\n"), stream("a warning\n", "stderr")]),
        cell("code", "assert X_train.shape == (6000, 784)", "test-standardize"),
        cell("code", "history = relu.fit(X_train, Y_train, epochs=10)\nplot(history)", "fit",
             [stream("Epoch 1\r\x1b[1m12/47\x1b[0m\r47/47 done\n"),
              display(image_png=png(), text_plain="<Figure size 640x480 with 1 Axes>")]),
        cell("code", "X_tset", "test-fit",
             [{"output_type": "error", "ename": "NameError", "evalue": "name 'X_tset' is not defined",
               "traceback": traceback}]),
    ]}


@pytest.fixture
def result() -> Result:
    """A graded submission with every status."""
    standardize = TaskResult(id="standardize", title="Standardize with the training statistics", points=6, earned=4,
                             checks=(
        check(Status.PASSED), check(Status.PASSED, 1, title="`X_train` is float32."),
        check(Status.FAILED, seen="`X_test` was standardized with its own mean (31.1).",
              expected="The training mean (33.5) for both.",
              hint="The model must see new images on the scale it learned."),
    ))
    fit = TaskResult(id="fit", title="Train ten epochs", points=10, earned=None,
                     note="The cell of this step ran out of time.", checks=(
        check(Status.BLOCKED, blocked_by="The test set is standardized with the training mean and deviation."),
        check(Status.NOT_REACHED, seen="Your notebook ended before this step."),
        check(Status.ERRORED, 3), check(Status.UNJUDGED, 4, seen="`model` cannot be rebuilt."),
        check(Status.UNMATCHED, 5),
    ))
    written = TaskResult(id="why", title="Why is the result terrible?", points=3, earned=None, manual=True)
    blank = TaskResult(id="dense", title="What does “dense” mean?", points=1, earned=None, manual=True, answered=False)
    return Result(
        student="ada", assignment="mlp-digits", status="graded", score=4, max_score=20, withheld=6, manual=4,
        tasks=(standardize, fit, written, blank),
        execution=Execution(
            ending=Ending.TIMED_OUT, isolation=Isolation.FULL, seconds=63.2, peak_memory_mib=412,
            detail="The notebook ran out of its 60 seconds in Task 4.", flags=(f"{SECRET} execution",),
            cells=(CellRun(index=1, status=CellStatus.INTERRUPTED, seconds=20, place="Task 1"),
                   CellRun(index=2, status=CellStatus.OK), CellRun(index=3, status=CellStatus.UNFINISHED))),
        merge_notes=("The test cell of “Train ten epochs” was restored from the release.",),
        staff_flags=(f"{SECRET} flag",),
        provenance=Provenance(
            submission="ab" * 32, release="3f2a91c07d11", data="stand-in:0123456789abcdef", seeds=(1, 2, 3),
            isolation="full", versions={"keras": "3.15"}, execution_fingerprint="e", checks_fingerprint="c",
            graded_at="2026-03-01T10:00:00+00:00"),
    )


@pytest.fixture(scope="session")
def mistaken() -> tuple[Result, dict[str, Any]]:
    """A student of `mlp-digits` with 36 of 40 points and four answers that wait: one mistake in four models.

    The notebook is the released one with answers, so that its own text is as long as a student's.
    """
    space = open_workspace(Path(__file__).parents[2])
    released = json.loads(space.release("mlp-digits").read_bytes())
    work = make_submission(space, "mlp-digits", "units-500", released)
    wrong = {"sigmoid-build": 2.0, "relu-build": 1.0, "relu-ten": 3.0, "dropout-build": 1.0}
    tasks, number = [], 0
    for task in layout(released).tasks:
        number += task.kind == "code"
        lost = 1.0 if task.id in wrong else 0.0
        checks = [check(Status.PASSED, id=f"{task.id}-good", points=task.points - lost, earned=task.points - lost)]
        if lost:
            checks.append(check(
                Status.FAILED, id=f"{task.id}-units", points=1.0, earned=0.0,
                seen=f"Layer 1 of `{task.id}` has 500 units.",
                title="The network has two hidden layers of 512 units and an output layer of 10.",
                expected="Dense(512) → Dense(512) → Dense(10)", evidence=("layer 1 has 500 units",),
                layers=tuple(LayerRow(seen=f"Dense({mine}, sigmoid)", expected=f"Dense({right})", differs=mine != right)
                             for mine, right in ((500, 512), (500, 512), (10, 10)))))
        tasks.append(TaskResult(
            id=task.id, title=task.title, points=task.points, number=number if task.kind == "code" else None,
            manual=task.kind == "written", checks=tuple(checks) if task.kind == "code" else (),
            earned=task.points - lost if task.kind == "code" else None))
    run = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL, seconds=53, peak_memory_mib=261)
    return Result(student="goran", assignment="mlp-digits", status="graded", score=36, max_score=50, manual=10,
                  tasks=tuple(tasks), execution=run), work


@pytest.fixture
def curves() -> dict[str, dict[str, list[float]]]:
    up = [0.55, 0.66, 0.72, 0.75, 0.78, 0.8, 0.82, 0.83, 0.835, 0.84]
    return {"fit": {"accuracy": up, "loss": [2.2 - value for value in up], "val_accuracy": [v - 0.02 for v in up],
                    "val_loss": [2.25 - value for value in up]},
            "standardize": {"accuracy": [0.21]}}


@pytest.fixture(scope="session")
def misread() -> dict[str, Any]:
    """What models make of 700 small pictures: a good one takes 4 for 9, a poor one sees only three of the digits."""
    random = np.random.default_rng(5)
    labels = np.arange(700) % 10
    images = np.zeros((700, 28, 28), np.uint8)
    for at, label in enumerate(labels):
        images[at, 4:24, 6 + label] = images[at, 4 + 2 * label, 6:22] = 230
    good = np.eye(10, dtype=np.float32)[labels] + random.normal(0, 0.25, (700, 10)).astype(np.float32)
    good[labels == 4, 9] += 0.5
    poor = random.random((700, 10)).astype(np.float32) + np.eye(10, dtype=np.float32)[labels % 3] * 2
    readings = {"fit/model": good, "relu-ten/relu_ten_model": good, "sigmoid-evaluate/sigmoid_model": poor,
                "relu-fit/relu_model": good}
    found = {name: read_off(outputs, labels=labels, images=images) for name, outputs in readings.items()}
    return {name: reading.model_dump(mode="json") for name, reading in found.items() if reading is not None}


@pytest.fixture
def reference() -> Calibration:
    median = [0.62, 0.74, 0.79, 0.82, 0.84, 0.855, 0.865, 0.875, 0.88, 0.885]
    band = tuple((value - 0.02, value, value + 0.015) for value in median)
    return Calibration(data="stand-in:0123456789abcdef", device="cpu", versions={}, calibrated_at="2026", runs=(),
                       metrics={}, curves={"fit": {"accuracy": band, "val_accuracy": band},
                                           "standardize": {"accuracy": ((0.145, 0.2, 0.316),)}})
