"""A class whose grading is broken on purpose: the commands on it, and what lies in its folders and its gradebook."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.model import Result
from tests.processes import orphans

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "mini"
PATIENCE = 300.0  # seconds for something that must happen, on a busy machine
KINDS = (("solution", 10.0), ("blank", 0.0), ("float64", 9.0), ("never_trained", 6.0), ("blank", 0.0),
         ("functional", 10.0), ("blank", 0.0), ("units_31", 9.0))
"""What the students hand in, in turn, and the points that it earns."""
REVIEWED = 2
"""So many students were graded before, and a person has changed one grade of each."""
MANUAL, EXTRA, COMMENT = 0.5, 0.25, "Decided by a person."
Seen = TypeVar("Seen")


def wait_for(condition: Callable[[], Seen], what: str) -> Seen:
    """Return the first true value of ``condition``.

    Raises:
        TimeoutError: it never came.
    """
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was expected within {PATIENCE:g} s, but never seen; look at the machine.")
        time.sleep(0.01)
    return found


@dataclass(frozen=True, kw_only=True)
class Said:
    """How a command ended: exit code, what it wrote to standard error, seconds."""

    code: int
    text: str
    seconds: float

    @property
    def sentence(self) -> str:
        """The last line, which tells what became of the batch."""
        lines = self.text.strip().splitlines()
        return lines[-1].strip() if lines else ""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One output folder of the course, and the commands on it.

    ``before`` is put before each command line (``unshare …``).
    """

    course: Path
    output: Path
    home: Path
    count: int
    before: tuple[str, ...] = ()

    @property
    def scores(self) -> dict[str, float]:
        """What each student's work earns."""
        return {f"s{number:02d}": KINDS[number % len(KINDS)][1] for number in range(self.count)}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start the command line in a session of its own."""
        kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
        command = [*self.before, sys.executable, "-m", "autograder", "--course", str(self.course),
                   "--output", str(self.output), *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, text=True, env=kept | {"HOME": str(self.home), "COLUMNS": "500"},
                                start_new_session=True, **{**pipes, **options})

    def grade(self, *more: str, **options: Any) -> subprocess.Popen[str]:
        """Start grading."""
        return self.start("grade", ASSIGNMENT, "--stand-in", "--workers", "2", *more, **options)

    def end(self, process: subprocess.Popen[str], since: float) -> Said:
        """Wait until a command and everything that it started has ended."""
        _, text = process.communicate()
        wait_for(lambda: not orphans(), "the end of the command's processes")
        return Said(code=process.returncode, text=text or "", seconds=time.monotonic() - since)

    def whole(self, *more: str) -> Said:
        """Grade to the end."""
        since = time.monotonic()
        return self.end(self.grade(*more), since)

    def results(self) -> dict[str, Result]:
        """Return the results on disk by student."""
        found = {}
        for path in self.output.glob(f"results/*/{ASSIGNMENT}/result.json"):
            with suppress(OSError, ValueError):  # it may just be moved
                found[path.parent.parent.name] = Result.from_json(path.read_bytes())
        return found

    def stamps(self) -> dict[str, str]:
        """Return, for every student who was graded, what tells this grading from another one."""
        return {student: f"{result.provenance.graded_at} {sorted(result.timings.items())}"
                for student, result in self.results().items() if result.status == "graded" and result.provenance}

    def fresh(self) -> dict[str, str]:
        """Return the stamps of those who were not graded before the batch."""
        return {student: stamp for student, stamp in self.stamps().items() if student not in reviewed(self.count)}

    def leftovers(self) -> list[str]:
        """Return what does not belong into the results folder."""
        root = self.output / "results"
        strange = [path for path in root.glob("*/*") if path.name != ASSIGNMENT]
        strange += [*root.glob(f"*/{ASSIGNMENT}/.*"), *root.glob(".*")]
        return [str(path.relative_to(root)) for path in strange]

    def recorded(self) -> dict[str, float]:
        """Return the sum of automatic scores by student in the gradebook; -1 where one is recorded more than once."""
        rows = _query(self.output, "SELECT s.student_id, COUNT(DISTINCT s.id), SUM(g.auto_score), COUNT(DISTINCT n.id) "
                      "FROM submitted_assignment s JOIN submitted_notebook n ON n.assignment_id = s.id "
                      "JOIN grade g ON g.notebook_id = n.id GROUP BY s.student_id")
        return {student: score if (assignments, notebooks) == (1, 1) else -1.0
                for student, assignments, score, notebooks in rows}

    def kept(self) -> int:
        """Return how many of the person's grades stand as they were, comment and extra credit included."""
        mine = "manual_score = ? AND extra_credit = ? AND NOT needs_manual_grade"
        grades = _query(self.output, f"{_GRADES} WHERE {mine}", MANUAL, EXTRA)
        comments = _query(self.output, f"{_COMMENTS} WHERE manual_comment = ?", COMMENT)
        return min(len({row[0] for row in grades}), len({row[0] for row in comments}))


_GRADES = ("SELECT s.student_id FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id "
           "JOIN submitted_assignment s ON s.id = n.assignment_id")
_COMMENTS = _GRADES.replace("grade g", "comment g")


def reviewed(count: int) -> list[str]:
    """Return the students whom a person has graded: the last ones, whose turn comes when the fault has happened."""
    return [f"s{number:02d}" for number in range(count - REVIEWED, count)]


def _query(output: Path, text: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(output / "gradebook.db")) as book:
        return book.execute(text, values).fetchall()


def differences(batch: Batch, graded: Mapping[str, str]) -> list[str]:
    """Return what is not as it must be when a batch is complete; ``graded`` are the stamps that must still stand."""
    results = batch.results()
    found = [f"{student}: {results[student].score if student in results else 'no result'} instead of {score:g}"
             for student, score in batch.scores.items()
             if student not in results or (results[student].status, results[student].score) != ("graded", score)]
    again = again_graded(batch, graded)
    if again:
        found.append(f"graded twice: {', '.join(again)}")
    if batch.recorded() != batch.scores:
        found.append(f"the gradebook says {batch.recorded()}")
    if batch.kept() != REVIEWED:
        found.append(f"{batch.kept()} of {REVIEWED} grades of a person's are left")
    return found + [f"left over: {name}" for name in batch.leftovers()]


def again_graded(batch: Batch, graded: Mapping[str, str]) -> list[str]:
    """Return the students whose finished grading was done once more."""
    stamps = batch.stamps()
    return [student for student, stamp in graded.items() if stamps.get(student) != stamp]
