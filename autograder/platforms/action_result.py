"""`result.json` of an exported teacher's repository: the fields of Classroom 50's results, and a few more.

Source: the `result.json` contract in the wiki of foundation50/classroom50. Points are whole numbers there; ours are as
`autograder grade` gives them. Nothing for staff is in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.errors import SubmissionError
from autograder.grades import grade_of
from autograder.model import Result, Status
from autograder.platforms.gradescope_run import GradescopeOptions, run_autograder
from autograder.platforms.platform_words import check_lines, result_notes
from autograder.safe import plain_words
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

FILE = "result.json"


def run_action(root: Path, options: GradescopeOptions, reporter: Reporter) -> Result:
    """Grade the one submission in ``root`` as on Gradescope, and write ``results/result.json`` too.

    Raises:
        SubmissionError: the upload is not one notebook.
        AutograderError: as `autograder grade`.
    """
    target = root / "results" / FILE
    try:
        result = run_autograder(root, options, reporter)
    except SubmissionError as error:
        _write(target, refused(str(error)))
        raise
    _write(target, as_action(result))
    return result


def as_action(result: Result) -> dict[str, Any]:
    """Return a result; without a grade it has 0 of 0 points and says why."""
    grade = grade_of(result, None)
    if result.status == "refused":
        return refused(result.message or "Nothing that was handed in could be graded.")
    if result.status != "graded":
        return {"graded": False, "score": 0, "max-score": 0, "waiting": 0, "tests": [],
                "output": ["Not graded yet: this is not your doing, and no points are lost."]}
    checks = [{"test-name": plain_words(f"{task.title}: {check.title}"), "passed": check.status is Status.PASSED,
               "score": _number(check.earned or 0.0), "max-score": _number(check.points), "status": check.status.value,
               "output": [plain_words(line) for line in check_lines(check)]}
              for task in result.tasks for check in task.checks]
    written = [{"test-name": plain_words(task.title), "passed": False, "score": 0, "max-score": _number(task.points),
                "status": "waiting", "output": ["A person reads this answer."]}
               for task in grade.tasks if task.written]
    isolation = result.execution.isolation.value if result.execution else None
    return {"graded": True, "score": _number(grade.total), "max-score": _number(grade.max_points),
            "waiting": _number(grade.waiting), "isolation": isolation,
            "output": [plain_words(line) for line in result_notes(result)], "tests": [*checks, *written]}


def refused(sentence: str) -> dict[str, Any]:
    """Return the result of what is no submission: a sentence that says what to do, and no points."""
    return {"graded": False, "refused": True, "score": 0, "max-score": 0, "waiting": 0, "tests": [],
            "output": [plain_words(sentence)]}


def _number(points: float) -> int | float:
    return int(points) if float(points).is_integer() else points


def _write(target: Path, document: dict[str, Any]) -> None:
    write_atomically(target, json.dumps(document, indent=1, allow_nan=False))
