"""Assignments as students get them, in their own sizes, compared with bare training: ``python -m benchmarks.released``.

`benchmarks.run` shortens `mlp-digits` so that nbgrader and Otter can be compared in an hour. Here nothing is
shortened: thirty hand-ins, the solution and the right variants in turn, go through `grade` and `feedback` with two
workers, and the same notebooks' code runs in two warm processes that only train. ``--write`` puts the table into
docs/operating/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import data
from autograder.notebook.variants import parse_variant
from autograder.pipeline.session.source_notebook import read_source
from benchmarks import bare, course, ours, report, run

ASSIGNMENTS = ("mlp-digits", "conv-digits")
PARTS = ("assignments", "reference", "release", "tests/hidden")
BEGIN, END = "<!-- released: begin -->", "<!-- released: end -->"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Seconds per submission of one assignment: bare training in two processes, and what ours takes.

    ``limit`` is the mean of a run before and one after ours; ``without_runs`` is as `ours.without_runs` returns it.
    """

    assignment: str
    limit: float
    graded: ours.Graded
    without_runs: dict[str, float]

    @property
    def whole(self) -> float:
        """From the start of `grade` to the last page."""
        return self.graded.per_submission + self.without_runs["feedback"]


def write_course(folder: Path, assignment: str, root: Path = course.ROOT) -> None:
    """Copy one assignment of this repository, with its release and calibration, into the new folder."""
    for part in PARTS:
        shutil.copytree(root / part / assignment, folder / part / assignment,
                        ignore=shutil.ignore_patterns(".*", "__pycache__"))
    (folder / "course.yml").write_text(
        course.settings_of((root / "course.yml").read_text(encoding="utf-8"), (assignment,)), encoding="utf-8")
    course.write_secret(folder)


def hand_in(folder: Path, assignment: str, count: int) -> list[Path]:
    """Write ``count`` hand-ins, no two alike, and return their notebooks."""
    right = folder / "course" / "reference" / assignment / "variants" / "right"
    variants = [parse_variant(path.read_text(encoding="utf-8"), path.stem, "right")
                for path in sorted(right.glob("*.py"))]
    release = json.loads((folder / "course" / "release" / assignment / f"{assignment}.ipynb").read_bytes())
    source = read_source(folder / "course" / "assignments" / assignment / f"{assignment}.ipynb")
    made = course.submissions(source, release, count, [variant for variant in variants if variant.cells])
    course.write_submissions(made, folder / "handed-in", assignment=assignment)
    return sorted((folder / "handed-in").glob("*/*/*.ipynb"))


def measure(folder: Path, assignment: str, count: int) -> Compared:
    """Grade a class of one assignment, between two runs of the same code without a grader."""
    write_course(folder / "course", assignment)
    notebooks = hand_in(folder, assignment, count)
    named = os.environ.get("AUTOGRADER_DATA")
    cache = folder / "course" / ".cache"
    found = data.resolve(Path(named) if named else None, cache=cache, allow_stand_in=True)
    npz, stand_in = data.prepare(found, cache).student, found.name != "mnist"
    run.said(f"{assignment}: bare training in two processes")
    before = bare.measure_both(npz, notebooks)
    run.said(f"{assignment}: autograder grade, two workers")
    graded = ours.grade(folder / "course", folder / "output", folder / "handed-in", workers=2, stand_in=stand_in,
                        assignment=assignment)
    run.said(f"{assignment}: bare training in two processes")
    after = bare.measure_both(npz, notebooks)
    run.said(f"{assignment}: feedback, regrade, and the same hand-ins again")
    rest = ours.without_runs(folder / "course", folder / "output", folder / "handed-in", stand_in=stand_in,
                             assignment=assignment)
    return Compared(assignment=assignment, limit=(before + after) / 2, graded=graded, without_runs=rest)


def table(found: Sequence[Compared]) -> report.Table:
    """Return one row for each assignment."""
    rows = []
    for one in found:
        ratio = one.whole / one.limit
        rows.append((f"`{one.assignment}`", f"{one.limit:.2f}", f"{one.whole:.2f}", f"{ratio:.2f} ×",
                     f"≤ {report.LIMIT:.2f} ×", "met" if ratio <= report.LIMIT else "NOT MET",
                     str(one.graded.repeated), *(f"{one.without_runs[name]:.2f}" for name in ("regrade", "again"))))
    count = len(found[0].graded.results)
    return report.Table(
        title=f"As released, {count} submissions, two workers compared with bare training in two processes",
        columns=("", "bare, s each", "ours with start, gradebook and pages, s each", "ratio", "required", "",
                 "trainings repeated", "a check has changed, s each", "the same bytes again, s each"), rows=tuple(rows))


def main() -> None:
    """Measure, print the table, and keep it where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS)
    parser.add_argument("--submissions", type=int, default=30)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    found = []
    for assignment in given.assignments:
        with tempfile.TemporaryDirectory(prefix="released-") as name:
            found.append(measure(Path(name).resolve(), assignment, given.submissions))
    made = table(found)
    run.show([made])
    if given.write:
        page = run.PAGE.read_text(encoding="utf-8")
        run.PAGE.write_text(report.put_between(page, report.markdown(made), begin=BEGIN, end=END), encoding="utf-8")


if __name__ == "__main__":
    main()
