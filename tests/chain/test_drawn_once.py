"""Pictures that are the same for everybody are drawn once; nothing else of a run differs by a bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from autograder.notebook import merge, shared_pictures
from autograder.pipeline.grade import attempt
from autograder.pipeline.grade.drawn_once import INDEX
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import ARTIFACTS, EXECUTED
from tests.assignments.common import every_assignment
from tests.chain.test_continuation import graders
from tests.chain.test_determinism import arrays_of, without_times
from tests.fairness.judged import release_of, solution_of

pytestmark = pytest.mark.slow
Left = dict[str, Any]


def left_by(folder: Path, pictures: set[int]) -> Left:
    """Return all that a run left, without what pictures recorded of themselves."""
    artifacts = folder / ARTIFACTS
    found: Left = {path.name: arrays_of(path) for path in artifacts.glob("*.npz")}
    found |= {path.name: path.read_text() for path in artifacts.glob("model-*.json")}
    for name in ("checkpoints.jsonl", "messages.jsonl", "figures.jsonl"):
        lines = [without_times(json.loads(line)) for line in (artifacts / name).read_text().splitlines()]
        found[name] = [line for line in lines if line.get("cell") not in pictures and not is_timed(line)]
    cells = json.loads((folder / EXECUTED).read_bytes())["cells"]
    found["counts"] = [(cell["source"], cell.get("execution_count")) for cell in cells]
    found["pictures"] = [cells[index]["outputs"] for index in sorted(pictures)]
    found["curves"] = json.loads((folder / "curves.json").read_text())
    return found


def is_timed(line: dict[str, Any]) -> bool:
    """Whether a record has times in it: Keras prints them, and so do `predict` and a notebook that measures them."""
    return line.get("kind") == "printed" or line.get("type") == "stream"


def without_measured_times(left: Left) -> Left:
    """Leave out the arrays in which a search keeps the seconds of its fits, and what the notebook makes of them."""
    text = json.dumps(left["checkpoints.jsonl"])
    return left if "mean_fit_time" not in text else {
        name: value for name, value in left.items() if name != "checkpoints.jsonl" and not name.startswith("rows-")}


def graded(session: Session, name: str, pictures: set[int]) -> tuple[Result, Left]:
    folder = session.workspace.results("student", name)
    result = grade_notebook(session, "student", solution_of(name))
    left = left_by(folder, pictures)
    folder.rename(folder.with_name(f"{name}-{len(list(folder.parent.iterdir()))}"))
    return result, left


@pytest.mark.rotates(parts=9)
@pytest.mark.parametrize("name", every_assignment())
def test_a_run_without_the_pictures_is_the_same_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = set(shared_pictures(merge(release_of(name), solution_of(name)).notebook["cells"]))
    assert len(pictures) >= 3
    asked: list[str] = []
    with graders(name, tmp_path) as session:
        run = session.pool.run_notebook
        monkeypatch.setattr(session.pool, "run_notebook",
                            lambda job, *rest, **more: (asked.extend(cell.source for cell in job.cells),
                                                        run(job, *rest, **more))[1])
        once, left = graded(session, name, pictures)
        assert asked.count("pass") == len(pictures)
        monkeypatch.setattr(attempt, "leave_out_pictures", lambda session, merged, job: (job, None))
        every, expected = graded(session, name, pictures)
    assert asked.count("pass") == len(pictures)
    assert [task.checks for task in once.tasks] == [task.checks for task in every.tasks]
    assert all(output for output in expected["pictures"])
    assert without_measured_times(left) == without_measured_times(expected)


def test_a_picture_that_fails_is_run_in_each_notebook(tmp_path: Path) -> None:
    """So its error is seen where people look for it."""
    name = "iris-classes"
    with graders(name, tmp_path) as session:
        cells = session.release["cells"]
        chosen = max(shared_pictures(cells))
        cells[chosen]["source"] = f"{cells[chosen]['source']}\nprint([][0])"
        result = grade_notebook(session, "student", solution_of(name))
        assert result.execution is not None
        executed = json.loads((session.workspace.results("student", name) / EXECUTED).read_bytes())["cells"]
        made = (session.workspace.cache / "pictures" / name).glob(f"*/{INDEX}")
        assert json.loads(max(made, key=lambda path: path.stat().st_mtime).read_text()) == {}
    errors = [output.get("ename") for cell in executed for output in cell.get("outputs", [])]
    assert errors.count("IndexError") == 1
