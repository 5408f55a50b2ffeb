"""Gradescope's layout: one submission in, one results.json out, and no word in it that a student may not read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError, SubmissionError
from autograder.model import Basis, CheckResult, Result, Status, TaskResult
from autograder.platforms.gradescope_results import NOT_GRADED, as_gradescope
from autograder.platforms.gradescope_run import GradescopeOptions, run_autograder
from autograder.platforms.platform_words import staff_lines
from autograder.workspace.progress import Silent
from tests.attacks.attack import load_corpus
from tests.attacks.classroom import NEIGHBOURS, Classroom, make_classroom, stand_in_cache
from tests.attacks.judge import leaks
from tests.container.conftest import unhurried
from tests.platforms.results_schema import faults

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
TOP = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
       "stdout_visibility", "extra_data", "tests"}
TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
        "visibility", "extra_data"}
OPTIONS = GradescopeOptions(allow_stand_in=True)


def check(name: str, status: Status, earned: float | None, **more: Any) -> CheckResult:
    return CheckResult(id=name, task="fit", title=name.title(), points=2, earned=earned, status=status,
                       basis=Basis.MEASURED, **more)


def result() -> Result:
    checks = (check("shape", Status.PASSED, 2), check("scale", Status.FAILED, 0, seen="0–255", expected="0–1",
                                                      hint="Look at the test images.", staff_note="line 7 of check"),
              check("model", Status.UNJUDGED, None, seen="a layer that is not known"),
              check("curve", Status.BLOCKED, 0, blocked_by="Scale"))
    return Result(student="s", assignment="a", status="graded", score=2, max_score=10, withheld=2, manual=2,
                  tasks=(TaskResult(id="fit", title="Train", points=8, earned=None, checks=checks),
                         TaskResult(id="why", title="Why", points=2, earned=None, manual=True)),
                  merge_notes=("A test cell was restored.",), staff_flags=("Left by os._exit.",),
                  timings={"run": 1.2, "check": 0.4})


def test_it_has_the_form_that_gradescope_documents() -> None:
    made = as_gradescope(result())
    assert set(made) == TOP and {made["visibility"], made["stdout_visibility"]} <= VISIBILITIES
    assert made["stdout_visibility"] == "hidden" and made["score"] == 2 and made["execution_time"] == 2
    for test in made["tests"]:
        assert set(test) <= TEST and test["visibility"] in VISIBILITIES and test["output_format"] == "md"
        assert isinstance(test["score"], int | float) and test["max_score"] == 2
    assert [test.get("status") for test in made["tests"]] == ["passed", "failed", None, "failed"]
    assert [test["number"] for test in made["tests"]] == ["1.1", "1.2", "1.3", "1.4"]
    json.dumps(made, allow_nan=False)


def test_it_says_what_was_seen_and_what_a_person_decides() -> None:
    made = as_gradescope(result())
    assert made["tests"][1]["output"] == "Seen: 0–255  \nExpected: 0–1  \nLook at the test images."
    assert "person will decide" in made["tests"][2]["output"] and "“Scale” has to pass" in made["tests"][3]["output"]
    assert "2 points wait" in made["output"] and "2 points of written answers" in made["output"]


def test_words_for_staff_stay_with_staff() -> None:
    text = json.dumps(as_gradescope(result()))
    assert "os._exit" not in text and "line 7" not in text
    assert {"Left by os._exit.", "scale: line 7 of check"} <= set(staff_lines(result()))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    return unhurried(make_classroom(tmp_path_factory.mktemp("gradescope"), cache))


@pytest.fixture
def layout(room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gradescope's folder with the course in it and nothing handed in."""
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("HOME", str(room.home))
    root = tmp_path / "autograder"
    shutil.copytree(room.root, root / "source", symlinks=True)
    (root / "submission").mkdir()
    (root / "results").mkdir()
    return root


def submit(layout: Path, content: bytes, name: str = "my work.ipynb") -> Result:
    (layout / "submission" / name).write_bytes(content)
    return run_autograder(layout, OPTIONS, Silent())


def written(layout: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((layout / "results" / "results.json").read_text())
    assert faults(found) == [], "results.json is as Gradescope documents it"
    return found


@pytest.mark.slow
def test_full_work_earns_full_marks(layout: Path, room: Classroom) -> None:
    graded = submit(layout, room.honest()[NEIGHBOURS[0]])
    shown = written(layout)
    assert shown["score"] == graded.score == sum(test["max_score"] for test in shown["tests"]) > 0
    assert {test["status"] for test in shown["tests"]} == {"passed"}


@pytest.mark.slow
def test_an_attack_sees_nothing_and_gains_nothing(layout: Path, room: Classroom) -> None:
    attack = next(one for one in load_corpus() if one.family == "leakage" and not one.honest and not one.raw)
    graded = submit(layout, room.uploads([attack])[attack.name])
    shown = written(layout)
    assert shown["score"] == graded.score == 0
    assert leaks({"results.json": json.dumps(shown, ensure_ascii=False)}, room.canaries) == []


@pytest.mark.slow
def test_what_is_no_notebook_gets_a_sentence(layout: Path) -> None:
    assert submit(layout, b"# My notes\n").status == "refused"
    assert written(layout)["score"] == 0 and written(layout)["output"].endswith(".")


@pytest.mark.slow
def test_an_upload_that_is_not_one_notebook_gets_a_sentence(layout: Path) -> None:
    (layout / "submission" / "a.ipynb").write_text("{}")
    (layout / "submission" / "b.ipynb").write_text("{}")
    with pytest.raises(SubmissionError, match="Expected one notebook"):
        run_autograder(layout, OPTIONS, Silent())
    assert written(layout)["score"] == 0 and "there are 2" in written(layout)["output"]


@pytest.mark.slow
def test_the_graders_own_failure_shows_no_zero(layout: Path) -> None:
    (layout / "submission" / "a.ipynb").write_text("{}")
    (layout / "source" / "course.yml").write_text("id: broken")
    with pytest.raises(AutograderError):
        run_autograder(layout, OPTIONS, Silent())
    shown = written(layout)
    seen = [test for test in shown["tests"] if test["visibility"] == "visible"]
    assert [test["output"] for test in seen] == [NOT_GRADED] and "course.yml" not in NOT_GRADED
    # With a hidden test Gradescope shows no total, and only staff read the reason.
    assert [test["visibility"] for test in shown["tests"]] == ["visible", "hidden"]
    assert "course.yml" in shown["tests"][1]["output"]


@pytest.mark.slow
def test_a_link_is_no_notebook(layout: Path) -> None:
    (layout / "submission" / "x.ipynb").symlink_to(layout / "source" / "course.yml")
    with pytest.raises(SubmissionError, match="there are 0"):
        run_autograder(layout, OPTIONS, Silent())


@pytest.mark.slow
def test_an_attempt_beyond_the_last_keeps_the_results_of_the_last_one(layout: Path) -> None:
    (layout / "submission" / "a.ipynb").write_text("{}")
    earlier = [{"submission_time": f"2029-01-0{day}T10:00:00.000000Z", "score": f"{day}",
                "results": {"score": day, "output": "well done", "tests": [{"score": day, "max_score": 5}]}}
               for day in (3, 1, 2)]
    (layout / "submission_metadata.json").write_text(json.dumps({"previous_submissions": earlier}))
    assert run_autograder(layout, OPTIONS, Silent()).status == "refused"
    shown = written(layout)
    assert shown["score"] == 2 and shown["tests"] == [{"score": 2, "max_score": 5}]  # the course allows two attempts
    assert shown["output"].startswith("This is attempt 4, and 2 count.") and shown["output"].endswith("well done")
