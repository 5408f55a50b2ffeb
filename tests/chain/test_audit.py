"""`autograder audit` by the real parts, on the course of two seconds: clean, then spoilt in every way."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=4)]
SAME = "# %% [scale]\nX_train = train_images[:1000].reshape(-1, 784).astype('float32') / 255\n" \
       "X_test = test_images[:500].reshape(-1, 784).astype('float32') / 255\n"
IDLE_CHECK = '''

@pytest.mark.task("scale", points=0, basis="measured")
def test_idle(student):
    """`X_train` is not empty."""
    student.array("X_train").is_finite()
'''


@dataclass
class Audited:
    """One audit by the command line."""

    course: Any
    code: int
    matrix: dict[str, Any]
    stamps: dict[str, int]
    told: str

    def row(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(row for row in self.matrix["rows"] if row["name"] == name)
        return found


def audited(course: Any, *options: str) -> Audited:
    run = course.command("audit", "mini", "--json", *(options or ("--stand-in",)))
    assert run.stdout, run.stderr
    return Audited(course, run.returncode, json.loads(run.stdout)[0], stamps(course.root), run.stderr)


def stamps(course: Path) -> dict[str, int]:
    """Return when each notebook was really run, by seed and name."""
    return {f"{path.parts[-5]}/{path.parts[-3]}": path.stat().st_mtime_ns
            for path in course.glob(".cache/audit/mini/*/seed-*/results/*/mini/execution.json")}


def variant(course: Any, kind: str, name: str, text: str) -> None:
    (course.workspace.variants("mini") / kind / f"{name}.py").write_text(text)


@pytest.fixture(scope="module")
def clean(shared_classroom: Any) -> Audited:
    """The course as it is."""
    return audited(shared_classroom)


@pytest.fixture(scope="module")
def spoilt(clean: Audited, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """A copy with a check that catches nothing, a mistake that nothing catches, a right variant that loses points."""
    root = tmp_path_factory.mktemp("spoilt") / "course"
    shutil.copytree(clean.course.root, root, symlinks=True)
    course = type(clean.course)(root, clean.course.home)
    hidden = course.workspace.hidden("mini") / "test_mini.py"
    hidden.write_text(hidden.read_text() + IDLE_CHECK)
    variant(course, "wrong", "unseen", f'"""Nothing is wrong here."""\nLOSES = ["scale-dtype"]\n{SAME}')
    variant(course, "right", "doubles", f'"""Wider numbers."""\n{SAME.replace("float32", "float64")}')
    return audited(course)


def test_a_sound_course_is_clean(clean: Audited) -> None:
    assert (clean.code, clean.matrix["clean"]) == (0, True), clean.matrix["deviations"]
    assert {row["kind"] for row in clean.matrix["rows"]} == {"solution", "blank", "right", "wrong"}
    assert all(clean.matrix["catches"].values())
    assert clean.row("blank")["runs"][0]["score"] == 0 and clean.row("solution")["runs"][0]["score"] == 10


def test_further_seeds_only_where_training_decides(clean: Audited) -> None:
    seeds = {row["name"]: [run["seed"] for run in row["runs"]] for row in clean.matrix["rows"]}
    assert seeds["never_trained"] == seeds["inverted_test"] == [1, 101, 201]
    assert seeds["blank"] == seeds["float64"] == seeds["other_loss"] == [1]


def test_what_has_not_changed_is_not_run_again(clean: Audited) -> None:
    again = audited(clean.course)
    assert again.code == 0 and again.stamps == clean.stamps


def test_everything_spoilt_is_named(spoilt: Audited) -> None:
    assert (spoilt.code, spoilt.matrix["clean"]) == (6, False)
    assert spoilt.matrix["idle_checks"] == ["idle"]
    assert spoilt.matrix["uncaught_mistakes"] == ["unseen"]
    assert spoilt.matrix["losing_right_variants"] == ["doubles"]
    assert spoilt.matrix["undeclared"] == ["doubles", "unseen"]


def test_a_changed_check_judges_what_is_stored_and_a_new_variant_runs_alone(clean: Audited, spoilt: Audited) -> None:
    ran = {name for name, stamp in spoilt.stamps.items() if clean.stamps.get(name) != stamp}
    assert ran == {"seed-1/doubles", "seed-1/unseen"}
    assert all("idle" in run["states"] for row in spoilt.matrix["rows"] for run in row["runs"])


def test_a_changed_variant_runs_alone(spoilt: Audited) -> None:
    variant(spoilt.course, "right", "doubles", f'"""Spelt otherwise."""\n{SAME}')
    again = audited(spoilt.course)
    assert again.matrix["losing_right_variants"] == []
    assert {name for name, stamp in again.stamps.items() if spoilt.stamps[name] != stamp} == {"seed-1/doubles"}


def test_the_short_form_leaves_training_alone(clean: Audited) -> None:
    short = audited(clean.course, "--short")
    assert (short.code, short.matrix["form"]) == (0, "short"), short.matrix["deviations"]
    assert short.matrix["unjudged"] == ["fit-accuracy", "evaluation"]
    assert all(len(row["runs"]) == 1 for row in short.matrix["rows"])
    assert not set(short.row("solution")["runs"][0]["states"]) & {"fit-accuracy", "evaluation"}


def test_a_solution_below_its_own_minimum_is_one_sentence(clean: Audited, classroom: Any) -> None:
    shutil.copytree(clean.course.root / ".cache" / "audit", classroom.root / ".cache" / "audit")
    path = classroom.workspace.reference("mini")
    reference = json.loads(path.read_text())
    reference["calibrations"]["stand-in/cpu"]["metrics"]["fit/model"]["minimum"] = 0.999
    path.write_text(json.dumps(reference))
    run = classroom.command("audit", "mini", "--stand-in", "--seeds", "1")
    assert run.returncode == 6
    assert "The solution no longer reaches its own minimum\n  fit-accuracy: calibrate again" in run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("text, said", [
    ('"""So."""\nLOSES = ["scale-dtyp"]\n' + SAME, "names the check 'scale-dtyp'"),
    ('"""So."""\nLOSES = ["scale-dtype"]\n' + SAME.replace("scale", "scal"), "answers task 'scal'"),
])
def test_a_variant_that_names_what_does_not_exist(classroom: Any, text: str, said: str) -> None:
    variant(classroom, "wrong", "slip", text)
    run = classroom.command("audit", "--stand-in")
    assert run.returncode == 2 and run.stdout == ""
    assert said in run.stderr and len(run.stderr.strip().splitlines()) == 1


def test_variants_of_an_assignment_that_the_course_does_not_have(classroom: Any) -> None:
    (classroom.root / "reference" / "mimi" / "variants" / "wrong").mkdir(parents=True)
    run = classroom.command("audit", "--stand-in")
    assert run.returncode == 2
    assert "reference/mimi/variants belongs to no assignment" in run.stderr and "'mini'" in run.stderr


def test_no_calibration_is_one_sentence(classroom: Any) -> None:
    classroom.workspace.reference("mini").unlink()
    run = classroom.command("audit", "mini", "--stand-in")
    assert run.returncode == 2 and "no calibration for stand-in:" in run.stderr and "calibrate mini" in run.stderr
