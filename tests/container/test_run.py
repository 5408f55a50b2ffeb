"""The pair of containers as the host sees it, with a program in the engine's place that starts both without walls.

What an engine adds is proved by test_image.py; here it is the way of the data, and what happens when a container dies.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.container import Engine
from autograder.errors import AutograderError, ExecutionError
from autograder.pipeline.containers.run import TRIES, ContainerOptions, grade_in_containers
from autograder.pipeline.containers.stage import stage_course
from autograder.pipeline.grade.results import Grading
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from tests.attacks.classroom import ASSIGNMENT, NEIGHBOURS, Classroom, make_classroom, stand_in_cache
from tests.container.conftest import unhurried

pytestmark = pytest.mark.slow

FAKE = """#!{python}
import os, sys
words = sys.argv[1:]
with open({log!r}, "a") as log:
    print(*words, file=log)
if words[0] == "rm":
    sys.exit(0)
places = dict(reversed(word.rsplit(":", 1)[0].split(":")) for flag, word in zip(words, words[1:]) if flag == "--volume")
arguments = [places.get(word, word) for word in words[words.index("fake") + 1:]]
role = arguments[arguments.index("container") + 1]
{trouble}
os.environ.pop("AUTOGRADER_DATA", None)
os.execv({python!r}, [{python!r}, "-m", "autograder", *arguments])
"""
Grade = Callable[..., Grading]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    made = unhurried(make_classroom(tmp_path_factory.mktemp("pair"), cache))
    made.hand_in(made.honest())
    return made


@pytest.fixture
def grade(room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """Grade the class with an engine that has the given trouble."""
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("HOME", str(room.home))

    def run(trouble: str = "", *, workspace: Workspace = room.workspace, **options: Any) -> Grading:
        program = tmp_path / "podman"
        program.write_text(FAKE.format(python=sys.executable, log=str(tmp_path / "log"), trouble=trouble))
        program.chmod(0o755)
        engine = Engine(name="podman", program=(str(program),), uid=os.getuid(), gid=os.getgid())
        asked = RunOptions(**{"allow_stand_in": True, "workers": 2, "gradebook": False, **options})
        return grade_in_containers(workspace, (ASSIGNMENT,), ContainerOptions(engine=engine, image="fake"), asked,
                                   Silent())

    return run


@pytest.mark.slow
def test_a_class_is_graded_and_its_results_come_back(room: Classroom, grade: Grade, tmp_path: Path) -> None:
    # A runner that is lost at first costs nothing but time.
    once = f"mark = {str(tmp_path / 'once')!r}\nif role == 'worker' and not os.path.exists(mark):\n" \
           "    open(mark, 'w').close()\n    sys.exit(1)"
    results = {result.student: result for result in grade(once).results}
    assert set(results) == set(NEIGHBOURS)
    automatic = sum(task.points for task in results["aaron"].tasks if not task.manual)
    assert results["aaron"].score == results["zoe"].score == automatic > results["mia"].score > 0
    for student in NEIGHBOURS:
        folder = room.workspace.results(student, ASSIGNMENT)
        assert {"result.json", "executed.ipynb", "execution.json", "artifacts"} <= {p.name for p in folder.iterdir()}
        assert room.result(student) == results[student]
        assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {os.getuid()}
    log = (tmp_path / "log").read_text()
    assert log.count("container worker") == 2 and log.count("container judge") == 2
    before = {student: room.workspace.result(student, ASSIGNMENT).stat().st_mtime_ns for student in NEIGHBOURS}
    assert {result.student for result in grade().results} == set(NEIGHBOURS)
    assert before == {student: room.workspace.result(student, ASSIGNMENT).stat().st_mtime_ns for student in NEIGHBOURS}


def test_a_runner_that_never_comes_is_a_sentence_after_some_tries(grade: Grade, tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match=r"The runner container was lost.*the runner: no such\[2J image"):
        grade("if role == 'worker': sys.exit('no such\\x1b[2J image')", force=True)
    assert (tmp_path / "log").read_text().count("container worker") == TRIES


def test_errors_of_the_course_are_reported_as_on_the_host(grade: Grade) -> None:
    with pytest.raises(AutograderError, match="has no assignment 'nothing'") as caught:
        grade("if role == 'judge': arguments[arguments.index('judge') + 1] = 'nothing'")
    assert caught.value.exit_code == 2


def test_the_judge_is_given_what_it_needs_and_nothing_of_others(room: Classroom) -> None:
    with stage_course(room.workspace, ASSIGNMENT, (NEIGHBOURS[0],)) as stage:
        names = {str(path.relative_to(stage.course.parent)) for path in stage.course.parent.rglob("*")}
        assert f"output/submitted/{NEIGHBOURS[0]}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb" in names
        assert not [name for name in names if NEIGHBOURS[1] in name or name.endswith("gradebook.db")]
        assert f"course/tests/hidden/{ASSIGNMENT}/test_digits_mini.py" in names
        assert "course/.cache/sampling-secret" in names
        assert stage.course.parent.stat().st_mode & 0o077 == 0
        kept = stage.course.parent
    assert not kept.exists()
