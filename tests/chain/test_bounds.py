"""Numbers that checks measure themselves, from the run to the text; and references made under other conditions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.model import Reference
from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=0)]
CHECK = '''

@pytest.mark.task("evaluate", points=0.5, basis="measured", minimum=True)
def test_loss_bound(student, reference):
    """The loss on the test images stays below its maximum."""
    measure(student, "test-loss", student.number("test_loss").value).stays_below_maximum(reference)
'''

LOSSY = '''"""A loss far above that of correct work."""

# %% [evaluate]
test_accuracy = model.evaluate(X_test, Y_test, verbose=0)[1]
test_loss = 9.5
'''


def bounded(workspace: Workspace) -> Workspace:
    """Give the mini course a check that measures a number of its own."""
    path = workspace.hidden("mini") / "test_mini.py"
    text = path.read_text().replace("import dense", "import dense, measure")
    path.write_text(text.replace('"evaluate", points=1', '"evaluate", points=0.5') + CHECK)
    source = workspace.source("mini")
    source.write_text(source.read_text().replace("The minimum accuracy is", "The loss stays below {{ maximum.loss_bound"
                                                                            " }}. The minimum accuracy is"))
    return workspace


TWO_WORKERS = RunOptions(workers=2, allow_stand_in=True, force_stand_in=True)


def recalibrate(workspace: Workspace, look: Any, home: Any) -> Reference:
    with look.environment(look.without_true_data(home)):
        path = calibrate_assignment(workspace, "mini", TWO_WORKERS, Silent(), seeds=5)
    return Reference.from_json(path.read_bytes())


def test_a_measured_number_is_calibrated_shown_and_graded(classroom: Any, look: Any) -> None:
    workspace = bounded(classroom.workspace)
    release_assignment(workspace, "mini", prove=None)
    found = recalibrate(workspace, look, classroom.home).calibrations["stand-in/cpu"]
    spread = found.metrics["test-loss"]
    assert spread.maximum is not None and max(spread.values) < spread.maximum < 3 and spread.check == "loss-bound"
    assert len(spread.values) == len(found.seconds) == 5 and len(set(spread.values)) == 5
    low, middle, high = found.numbers["evaluate/test_accuracy"]
    assert 0.3 < low < middle < high < 1

    assert classroom.command("release", "mini").returncode == 0, "the proof accepts the solution"
    assert f"The loss stays below {spread.maximum:.3g}." in classroom.released["cells"][0]["source"]
    lossy = classroom.made_of(LOSSY)
    classroom.hand_in({"solution": classroom.variant("solution"), "lossy": lossy})
    results = classroom.grade()
    assert look.lost(results["solution"]) == set(), look.told(results["solution"])
    check = next(check for task in results["lossy"].tasks for check in task.checks if check.id == "loss-bound")
    assert check.status == "failed" and f"{spread.maximum:.3g}" in (check.expected or "")
    assert check.bounds == {"test-loss": "maximum"} and check.measured == {"test-loss": 9.5}
    assert look.lost(results["lossy"]) == {"loss-bound"}
    assert results["lossy"].provenance.seeds == (1, 2, 3), "a bound in either direction is tried with fresh seeds"


@pytest.mark.parametrize(("change", "part"), [
    ({"versions": {"keras": "2.15.0"}}, "keras 2.15.0, but version"),
    ({"data": "stand-in:0123456789abcdef"}, "the data stand-in:0123456789abcdef, but here stand-in:"),
    ({"sizes": {"EPOCHS": 4}}, "EPOCHS = 4, but the notebook's sizes cell says nothing"),
])
def test_a_reference_of_other_conditions_stops_every_verb(
    classroom: Any, change: dict[str, Any], part: str
) -> None:
    path = classroom.workspace.reference("mini")
    reference = json.loads(path.read_text())
    reference["calibrations"]["stand-in/cpu"] |= change
    path.write_text(json.dumps(reference))
    classroom.hand_in({"ada": classroom.variant("solution")})
    for arguments in (("grade", "--stand-in", "mini"), ("release", "mini"), ("audit", "--stand-in", "mini")):
        run = classroom.command(*arguments)
        said = " ".join(run.stderr.split())
        assert run.returncode == 2, (arguments, said)
        assert f"The reference of mini was made with {part}" in said and "Traceback" not in said, arguments
        assert "run `autograder calibrate mini --stand-in` again." in said
    assert not classroom.graded(), "nothing was graded by the wrong bounds"


def test_a_solution_that_sank_stops_release_and_calibration(classroom: Any, look: Any) -> None:
    """Half the epochs of before: the bound that students were told does not sink in silence."""
    path = classroom.workspace.reference("mini")
    reference = json.loads(path.read_text())
    spread = reference["calibrations"]["stand-in/cpu"]["metrics"]["fit/model"]
    spread["minimum"] = 0.99
    path.write_text(json.dumps(reference))
    before = path.read_bytes()
    for arguments in (("release", "mini"), ("calibrate", "mini", "--stand-in", "--seeds", "5")):
        run = classroom.command(*arguments)
        said = " ".join(run.stderr.split())
        assert run.returncode == 2 and "The solution of mini no longer reaches its own" in said, said
    assert path.read_bytes() == before
    run = classroom.command("calibrate", "mini", "--stand-in", "--seeds", "5", "--lower")
    assert run.returncode == 0 and path.read_bytes() != before, run.stderr
