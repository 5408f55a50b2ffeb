"""Continuing from correct arrays, graded for real: each wrong step alone, nothing to steal, the same score again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result, Status
from autograder.pipeline.release.release import release_assignment

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=5)]
CONTINUE = {"scale": ["X_train", "X_test"], "one-hot": ["Y_train", "Y_test"]}
TWO_MISTAKES = '''"""Training images that are all black, and labels that are no rows."""

# %% [scale]
X_train = np.zeros((1000, 784), "float32")
X_test = test_images[:500].reshape(500, 784).astype("float32") / 255

# %% [one-hot]
Y_train, Y_test = train_labels[:1000], test_labels[:500]
'''
TAKES = '''"""Loads what later steps ask for, and hides what it is given where a later run might look."""

# %% [scale]
import os
for place in (".", "/tmp", "/dev/shm", "/var/tmp"):
    if os.path.exists(place + "/hidden.npy"):
        print("LEFT BY ANOTHER RUN")
    try:
        np.save(place + "/hidden.npy", np.load("/continue/scale-X_train.npy"))
        print("HID 1")
    except OSError:
        pass
X_train = X_test = None

# %% [one-hot]
try:
    Y_train, Y_test = np.load("/continue/one-hot-Y_train.npy"), np.load("/continue/one-hot-Y_test.npy")
except OSError as error:
    print(error)
'''
SUBMISSIONS = {"ada": TWO_MISTAKES, "eve": TAKES}
STRICT = (
    ".has_shape(1000, 784).is_scaled_copy_of(data.train_images).lies_between(0, 1)",
    "images.is_scaled_copy_of(data.test_images).is_prepared_like(training, data.test_images, data.train_images)",
)


@pytest.fixture(scope="module")
def room(shared_classroom: Any, look: Any) -> Any:
    """The mini course with two steps that others continue from, two submissions graded."""
    path = shared_classroom.workspace.source("mini")
    source = json.loads(path.read_text())
    for cell in source["cells"]:
        name = cell["metadata"]["nbgrader"].get("grade_id")
        if name in CONTINUE:
            cell["metadata"].setdefault("autograder", {})["continue"] = CONTINUE[name]
    path.write_text(json.dumps(source))
    with look.environment(look.without_true_data(shared_classroom.home)):
        release_assignment(shared_classroom.workspace, "mini", prove=None)
    shared_classroom.hand_in({name: shared_classroom.made_of(text) for name, text in SUBMISSIONS.items()})
    shared_classroom.grade()
    return shared_classroom


def lost(result: Result) -> dict[str, str]:
    return {check.id: check.status.value for task in result.tasks for check in task.checks
            if check.status is not Status.PASSED}


def runs(room: Any, student: str) -> dict[str, list[str]]:
    """Return, per stored run, the tasks whose arrays it was given."""
    folder: Path = room.workspace.results(student, "mini") / "continued"
    return {path.parent.name: json.loads(path.read_text())["chain"] for path in folder.glob("*/given.json")}


def test_each_mistake_costs_its_own_points(room: Any) -> None:
    assert set(lost(room.result("ada"))) == {"scale-train", "scale-test", "one-hot"}
    assert runs(room, "ada") == {"scale": ["scale"], "one-hot": ["scale", "one-hot"]}


def test_a_step_that_loads_its_own_answer_has_not_done_it(room: Any) -> None:
    assert lost(room.result("eve"))["one-hot"] == "failed"
    assert set(runs(room, "eve")) == {"scale", "one-hot"}


def test_nothing_passes_from_one_run_to_the_next(room: Any) -> None:
    said = [path.read_text() for path in room.workspace.results("eve", "mini").rglob("messages.jsonl")]
    assert len(said) == 3 and any("HID 1" in text for text in said), "something was hidden"
    assert not [text for text in said if "LEFT BY ANOTHER RUN" in text]


def test_judging_again_says_what_a_fresh_grading_says(room: Any) -> None:
    """The first step is no longer wrong, so training now continues from the student's own black images."""
    checks = room.workspace.hidden("mini") / "test_mini.py"
    text = checks.read_text()
    for strict in STRICT:
        assert strict in text
    checks.write_text(text.replace(STRICT[0], ".has_shape(1000, 784)").replace(STRICT[1], "assert images and training"))
    again = room.grade(students=("ada",))["ada"]
    assert runs(room, "ada") == {"scale": ["scale"], "one-hot": ["one-hot"]}
    anew = room.grade(students=("ada",), force=True)["ada"]
    assert lost(again) == lost(anew) and again.score == anew.score
    assert lost(anew)["fit-accuracy"] == "failed", "nobody learns from black images"
