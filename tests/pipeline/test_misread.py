"""What the page shows of misread images comes from visible ones, and no points depend on it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.errors import ExecutionError, ReadingError
from autograder.pipeline.grade import feedback_material
from autograder.pipeline.reading import planning, steps

VISIBLE, SHOWN = 30, 20


def judged(folder: Path, withheld: int, *, shown: str | None = str(SHOWN)) -> Path:
    """Lay out a run whose model was evaluated on visible images, then on withheld ones, which it takes for a class."""
    random = np.random.default_rng(0)
    labels, outputs = np.arange(2 * VISIBLE) % 3, random.random((2 * VISIBLE, 3)).astype(np.float32)
    outputs[SHOWN:] = np.eye(3)[withheld]
    (folder / "predictions").mkdir(parents=True)
    np.savez(folder / "predictions" / "0.npz", y=outputs)
    kept = {"file": "0.npz", "unjudged": None, **({"shown": shown} if shown is not None else {})}
    index = {"model-1-1": {"unjudged": None, "penalties": None}, "fit/model/X": kept, "again/model/X": kept}
    (folder / "predictions" / "index.json").write_text(json.dumps(index))
    images = random.integers(0, 256, (2 * VISIBLE, 28, 28)).astype(np.uint8)
    np.save(folder / "labels.npy", np.where(np.arange(2 * VISIBLE) < VISIBLE, labels, labels[::-1]).astype(np.uint8))
    np.save(folder / "images.npy", images)
    return folder


def misread(folder: Path) -> Any:
    steps.misread({"folder": str(folder), "labels": str(folder / "labels.npy"), "images": str(folder / "images.npy")},
                  b"")
    return json.loads((folder / "misread.json").read_text())


def test_only_images_that_students_have_are_counted(tmp_path: Path) -> None:
    """Whatever the model says of withheld images, and of visible ones in a batch with them, changes no byte."""
    one, two = (misread(judged(tmp_path / str(withheld), withheld)) for withheld in (0, 1))
    assert one == two and list(one) == ["fit/model"], "one model is shown once"
    reading = one["fit/model"]
    assert sum(map(sum, reading["counts"])) == SHOWN
    assert reading["pictures"] and all(picture["index"] < SHOWN for picture in reading["pictures"])


@pytest.mark.parametrize("shown", [None, "0"])
def test_where_this_is_unknown_nothing_is_shown(tmp_path: Path, shown: str | None) -> None:
    """Answers of an earlier version, of a model that remembers, or evaluated all at once."""
    assert misread(judged(tmp_path / "a", 0, shown=shown)) == {}


@pytest.mark.parametrize("error", [ReadingError("It took too long."), ExecutionError("No process.")])
def test_no_points_depend_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    asked: list[dict[str, Any]] = []

    def read(step: str, arguments: dict[str, Any]) -> None:
        asked.append({"step": step, **arguments})
        raise error

    monkeypatch.setattr(feedback_material, "read", read)
    prepared = SimpleNamespace(test_labels="labels", test_images="images", has_pictures=True)
    feedback_material.write_misread(SimpleNamespace(prepared=prepared), tmp_path)  # type: ignore[arg-type]  # all that it reads
    assert not asked, "there are no predictions"
    (tmp_path / "predictions").mkdir()
    feedback_material.write_misread(SimpleNamespace(prepared=prepared), tmp_path)  # type: ignore[arg-type]  # all that it reads
    assert asked == [{"step": "misread", "folder": str(tmp_path), "labels": "labels", "images": "images"}], \
        "no file with a withheld image or label is named"
    prepared.has_pictures = False
    feedback_material.write_misread(SimpleNamespace(prepared=prepared), tmp_path)  # type: ignore[arg-type]  # all that it reads
    assert len(asked) == 1, "rows of a table are no pictures"


@pytest.mark.parametrize("node, remembers", [
    ({"config": {"layers": [{"config": {"stateful": False}}]}}, False),
    ({"config": {"layers": [{"config": {"stateful": True}}]}}, True),
    ({"config": {"layers": [{"config": {"layer": {"config": {"stateful": 1}}}}]}}, True), ([], False), (None, False)])
def test_a_model_that_remembers_earlier_batches_is_not_shown(node: Any, remembers: bool) -> None:
    assert planning._keeps_state(node) == remembers
