"""A class of a thousand, from the release to the report: ``python -m benchmarks.thousand [--students N]``.

Right, wrong, hostile, blank and broken hand-ins on the small course of tests/samples, so that a submission trains for
about a second. Every step is the command that an instructor types. At the end each student is looked up everywhere:
whoever is missing, or has other points than the work is worth, is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults_class import ASSIGNMENT
from benchmarks.faults_course import make_course
from benchmarks.ours import autograder, children_cpu
from benchmarks.report import Table, markdown
from benchmarks.resident import Sample, after, watched
from benchmarks.thousand_class import hand_ins
from benchmarks.thousand_lost import GRADES, differences

STUDENTS = 1000
REQUIRED = 25.0
"""Minutes on two cores for a thousand students."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command: wall seconds, and processor seconds of everything that it started and waited for."""

    name: str
    wall: float
    cpu: float


def timed(course: Path, *command: str) -> Step:
    """Run one command on the course."""
    before = children_cpu()
    wall = autograder(course, course, *command)
    print(f"… {' '.join(command)}: {wall:.0f} s", flush=True)
    return Step(name=command[0], wall=wall, cpu=children_cpu() - before)


def run_term(course: Path, students: int) -> tuple[list[Step], list[Sample], list[str]]:
    """Release, collect, grade and hand back; return the steps, the memory, and what is not as it has to be."""
    steps = [timed(course, "release", ASSIGNMENT)]
    made = hand_ins(course, students)
    archive = course / "downloads.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for student, work in made.items():
            zipped.writestr(zipfile.ZipInfo(f"{student}/{ASSIGNMENT}.ipynb", (2030, 1, 20, 12, 0, 0)), work.content)
    steps.append(timed(course, "collect", str(archive), "--assignment", ASSIGNMENT))
    with watched(lambda: sum(1 for _ in (course / "results").glob(f"*/{ASSIGNMENT}/result.json"))) as memory:
        steps.append(timed(course, "grade", ASSIGNMENT, "--stand-in", "--workers", str(os.cpu_count())))
    steps += [
        timed(course, "feedback", ASSIGNMENT),
        timed(course, "report", ASSIGNMENT),
        timed(course, "export", "grades", ASSIGNMENT, "--to", "json", "--out", str(course / GRADES)),
    ]
    return steps, memory, differences(course, made)


def table(steps: list[Step], students: int) -> Table:
    """Return a row per step, and their sum."""
    total = Step(name="**everything**", wall=sum(one.wall for one in steps), cpu=sum(one.cpu for one in steps))
    rows = [(one.name, f"{one.wall:.0f}", f"{one.wall / students:.3f}", f"{one.cpu / students:.3f}")
            for one in (*steps, total)]
    return Table(title=f"A class of {students}, {os.cpu_count()} cores: {total.wall / 60:.1f} minutes "
                       f"(required for {STUDENTS}: {REQUIRED:g})",
                 columns=("step", "s", "s per student", "processor seconds per student"), rows=tuple(rows))


def memory_table(samples: list[Sample], students: int) -> Table:
    """Return the memory of the grading command after a tenth, a half and all of the class."""
    marks = [(mark, found) for mark in (students // 10, students // 2, students)
             if (found := after(samples, mark) or samples[-1])]
    return Table(title="Private memory while it grades", columns=("results", "command, MiB", "largest process, MiB"),
                 rows=tuple((str(found.results), f"{found.command:.0f}", f"{found.warm:.0f}") for _, found in marks))


def main() -> int:
    """Run the term, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=STUDENTS)
    given = parser.parse_args()
    began = time.strftime("%Y-%m-%d")
    os.environ.pop("AUTOGRADER_DATA", None)  # the course is calibrated for the embedded digits
    with tempfile.TemporaryDirectory(prefix="thousand-") as name:
        steps, memory, found = run_term(make_course(Path(name)), given.students)
    print(f"{began}\n\n{markdown(table(steps, given.students))}")
    if memory:
        print(markdown(memory_table(memory, given.students)))
    print("\n".join(found) or "Nothing is lost: every student has the points that the work is worth, in the results, "
          "the gradebook and the export, and a page.")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
