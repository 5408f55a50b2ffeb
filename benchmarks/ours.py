"""Our side: the real `autograder` command on the short course, timed from outside."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Result
from benchmarks.course import ASSIGNMENT, ROOT

CELLS = "notebook's own cells"
WALLS = "fork, isolation, checkpoints, end of the child"
REST = "until the next notebook starts"
DURING_NEXT = "during the next notebook: "


class Failed(Exception):
    """A command failed, or graded differently from what the benchmark takes for granted."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """One `autograder grade`: wall seconds of the whole command, of one with nothing to do, and the results.

    ``cpu`` are processor seconds of the command and everything that it started.
    """

    workers: int
    wall: float
    cpu: float
    startup: float
    collect: float
    results: tuple[Result, ...]

    @property
    def per_submission(self) -> float:
        """Wall seconds per submission, everything included."""
        return self.wall / len(self.results)

    @property
    def above_startup(self) -> float:
        """Wall seconds per submission beyond what the command takes with nothing to do."""
        return (self.wall - self.startup) / len(self.results)

    @property
    def repeated(self) -> int:
        """Trainings that were repeated on the trusted side, because they were drawn for it."""
        return sum(len(refit.values) for result in self.results for refit in result.refits)

    @property
    def peak_memory_mib(self) -> float:
        """The largest private memory of a child."""
        return max(result.execution.peak_memory_mib for result in self.results if result.execution)


def children_cpu() -> float:
    """Return the processor seconds of all processes that this one has waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def autograder(course: Path, output: Path, *arguments: str) -> float:
    """Run the command line in a process of its own and return its wall seconds.

    Raises:
        Failed: it ended with another exit code than 0.
    """
    start = time.perf_counter()
    command = [sys.executable, "-m", "autograder", "--course", str(course), "--output", str(output), *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failed(f"autograder {' '.join(arguments)} ended with {done.returncode}: {done.stdout[-2000:]}")
    return time.perf_counter() - start


def grade(
    course: Path, output: Path, handed_in: Path, *, workers: int, stand_in: bool, assignment: str = ASSIGNMENT
) -> Graded:
    """Collect a class into the new folder ``output`` and grade it; every submission must score full marks.

    The second run of the same command finds nothing to do: what it takes is the start.
    """
    collect = autograder(course, output, "collect", str(handed_in), "--assignment", assignment)
    command = ("grade", assignment, "--workers", str(workers), *(("--stand-in",) if stand_in else ()))
    before = children_cpu()
    wall = autograder(course, output, *command)
    cpu = children_cpu() - before
    results = read_results(output, assignment)
    startup = autograder(course, output, *command, "--no-gradebook")
    if read_results(output, assignment) != results:
        raise Failed("The second run should have found nothing to do, but graded again: was the framework changed "
                     "meanwhile?")
    return Graded(workers=workers, wall=wall, cpu=cpu, startup=startup, collect=collect, results=results)


def without_runs(
    course: Path, output: Path, handed_in: Path, *, stand_in: bool, assignment: str = ASSIGNMENT
) -> dict[str, float]:
    """Return seconds per submission of what runs no notebook, on a class that was graded into ``output``.

    ``feedback``: drawing all pages. ``regrade``: a file of hidden checks has changed, and stored work is judged again.
    ``again``: the class hands in the same bytes once more, which are collected and graded. Starts of the commands are
    included.
    """
    count = len(read_results(output, assignment))
    more = ("--stand-in",) if stand_in else ()
    pages = autograder(course, output, "feedback", assignment)
    checks = min((course / "tests" / "hidden" / assignment).glob("test_*.py"))
    checks.write_text(f"{checks.read_text(encoding='utf-8')}\n\nCHANGED = True\n", encoding="utf-8")
    regrade = autograder(course, output, "regrade", assignment, "--yes", *more)
    read_results(output, assignment)
    again = autograder(course, output, "collect", str(handed_in), "--assignment", assignment) + autograder(
        course, output, "grade", assignment, *more)
    read_results(output, assignment)
    return {"feedback": pages / count, "regrade": regrade / count, "again": again / count}


def read_results(output: Path, assignment: str = ASSIGNMENT) -> tuple[Result, ...]:
    """Return all results.

    Raises:
        Failed: one of them is not full marks.
    """
    results = tuple(Result.from_json(path.read_bytes())
                    for path in sorted((output / "results").glob(f"*/{assignment}/result.json")))
    for result in results:
        lost = [check.id for task in result.tasks for check in task.checks if check.earned != check.points]
        if result.status != "graded" or lost:
            raise Failed(f"{result.student} should have full marks, but is {result.status} and lost {lost}: "
                         f"{result.message or ''}")
    return results


def gradebook_seconds(course: Path, output: Path, results: Sequence[Result]) -> float:
    """Return the seconds that recording the class into a new gradebook takes, nbgrader's import left out."""
    from autograder.gradebook import record
    from autograder.workspace.layout import open_workspace

    (output / "gradebook.db").unlink(missing_ok=True)
    start = time.perf_counter()
    record(open_workspace(course, output), results)
    return time.perf_counter() - start


def stages(graded: Graded, gradebook: float) -> dict[str, float]:
    """Return mean seconds per submission by stage of a run with one worker.

    The stages of the worker add up to the wall time of one submission. What a second core did meanwhile has names that
    begin with `DURING_NEXT`, and is not part of that sum.
    """
    count = len(graded.results)
    total: dict[str, float] = defaultdict(float)
    for result in graded.results:
        cells = sum(cell.seconds for cell in result.execution.cells) if result.execution else 0.0
        total[CELLS] += cells
        total[WALLS] += (result.execution.seconds if result.execution else 0.0) - cells
        for stage in ("assemble", "read", "evaluate", "check"):
            total[f"{DURING_NEXT}{stage}"] += result.timings.get(stage, 0.0)
    found = {stage: seconds / count for stage, seconds in total.items()}
    found[f"{DURING_NEXT}gradebook"] = gradebook / count
    worker = {CELLS: found.pop(CELLS), WALLS: found.pop(WALLS)}
    return worker | {REST: graded.above_startup - sum(worker.values())} | found
