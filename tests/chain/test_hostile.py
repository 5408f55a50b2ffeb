"""A class of attackers and two honest students: one grading run by the command line, looked at from all sides."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Ending, Result
from autograder.notebook.variants import apply_variant, parse_variant
from autograder.pipeline.session.source_notebook import read_source

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=2)]
ROOT = Path(__file__).resolve().parents[2]
ATTACKS = sorted((ROOT / "tests" / "samples" / "hostile").glob("*.py"))
NAMES = [path.stem for path in ATTACKS]
HIDDEN = ROOT / "tests" / "samples" / "mini" / "tests" / "hidden" / "mini" / "test_mini.py"
ENDINGS = {"leaves": Ending.DIED, "ignores_the_interrupt": Ending.TIMED_OUT, "memory_hog": Ending.OUT_OF_MEMORY}
HONEST = ("aaron", "zoe")
"""The first and the last of the class: students graded before, during and after the attacks."""


@pytest.fixture(scope="module")
def batch(shared_classroom: Any) -> Any:
    """The exit code, the results and everything else of one grading run."""
    course = shared_classroom
    source = read_source(course.workspace.source("mini"))
    attacks = {path.stem: path.read_text().replace("{{ course }}", str(course.root)) for path in ATTACKS}
    notebooks = {name: apply_variant(source, parse_variant(text, name, "wrong"), course.released)
                 for name, text in attacks.items()}
    settings = course.root / "course.yml"
    settings.write_text(settings.read_text().replace("cell_time: 20 s", "cell_time: 12 s"))
    course.hand_in({**notebooks, **{name: course.variant_of(name, "solution") for name in HONEST}})
    graded = course.command("grade", "mini", "--stand-in", "--workers", "2", "--json")
    feedback = course.command("feedback", "mini")
    return graded, feedback


@pytest.fixture(scope="module")
def results(batch: Any) -> dict[str, Result]:
    every = (Result.model_validate(one["result"]) for one in json.loads(batch[0].stdout))
    return {found.student: found for found in every}


def test_the_batch_ends_well_and_everyone_has_a_result(
    shared_classroom: Any, batch: Any, results: dict[str, Result]
) -> None:
    assert batch[0].returncode == 0, batch[0].stderr
    assert set(results) == {*NAMES, *HONEST}
    for student, result in results.items():
        assert shared_classroom.result(student) == result
        assert result.status == "graded", (student, result.message)


def test_nothing_is_left_running(shared_classroom: Any, nothing_left: Any) -> None:
    """The worst of them once more, under a process that adopts every orphan."""
    worst = [name for name in ("stays_behind", "fork_bomb", "kills_its_parents") if name in NAMES]
    arguments = [word for name in worst for word in ("--student", name)]
    run = shared_classroom.command("grade", "mini", "--stand-in", "--force", "--no-gradebook", *arguments)
    assert run.returncode == 0, run.stderr
    nothing_left()


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_among_them_keeps_its_score(results: dict[str, Result], look: Any, name: str) -> None:
    assert not look.lost(results[name]), look.told(results[name])
    assert results[name].score == 10


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: str(path.stem))
def test_an_attack_gains_nothing(results: dict[str, Result], path: Path) -> None:
    attack = parse_variant(path.read_text(), path.stem, "wrong")
    result = results[path.stem]
    checks = {check.id: check for task in result.tasks for check in task.checks}
    for wanted in attack.loses:
        assert not checks[wanted].earned, (wanted, checks[wanted])
    assert result.score <= 10 - sum(checks[wanted].points for wanted in attack.loses)
    assert not [check.id for check in checks.values() if check.status == "errored"], \
        [check.staff_note for check in checks.values() if check.status == "errored"]


@pytest.mark.parametrize("name", sorted(ENDINGS))
def test_an_attack_ends_as_it_should(results: dict[str, Result], name: str) -> None:
    execution = results[name].execution
    assert execution is not None and execution.ending is ENDINGS[name]
    assert execution.detail and execution.detail.endswith(".")


def hidden_lines() -> set[str]:
    """Return the lines of the hidden checks that say how they judge: all but docstrings and imports."""
    text = HIDDEN.read_text()
    docstrings = {ast.get_docstring(node) for node in ast.walk(ast.parse(text))
                  if isinstance(node, (ast.FunctionDef, ast.Module))}
    lines = {line.strip() for line in text.splitlines() if len(line.strip()) >= 15}
    return {line for line in lines if line.strip('"') not in docstrings and "import" not in line}


@pytest.mark.parametrize("name", [*NAMES, *HONEST])
def test_hidden_checks_stay_hidden(shared_classroom: Any, batch: Any, name: str) -> None:
    assert batch[1].returncode == 0, batch[1].stderr
    workspace = shared_classroom.workspace
    executed = workspace.executed(name, "mini").read_text()
    page = workspace.feedback(name, "mini").read_text()
    lines = hidden_lines()
    assert len(lines) > 15
    for text in (executed, page):
        assert not [line for line in lines if line in text]
        assert "test_mini" not in text.replace("tests/hidden/mini/test_mini.py", "").replace('"test_mini.py"', "") \
            or name == "looks_around"
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(executed)["cells"]])
    assert "FOUND" not in outputs, outputs[outputs.index("FOUND"):][:500]


def test_output_is_cut_and_said(shared_classroom: Any, results: dict[str, Result]) -> None:
    executed = shared_classroom.workspace.executed("floods_the_output", "mini")
    assert executed.stat().st_size < 40 << 20
    assert shared_classroom.workspace.feedback("floods_the_output", "mini").stat().st_size < 20 << 20


def test_what_they_leave_on_disk_is_limited(shared_classroom: Any, batch: Any) -> None:
    for name in NAMES:
        folder = shared_classroom.workspace.results(name, "mini")
        files = [path for path in folder.rglob("*") if not path.is_dir()]
        assert not [path for path in files if path.is_symlink() or not path.is_file()]
        assert sum(path.stat().st_size for path in files) < 400 << 20
        assert len(files) < 12_000


def test_pages_let_no_script_through(shared_classroom: Any, batch: Any) -> None:
    for name in NAMES:
        assert "<script>alert" not in shared_classroom.workspace.feedback(name, "mini").read_text()
