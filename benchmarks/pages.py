"""How long the feedback pages and the class report of 300 students take: ``python -m benchmarks.pages DEMO``.

DEMO is the output of `autograder demo`: its graded students are copied, with links in place of copies for what their
runs left, until the class is full. Everything is recorded in a new gradebook first, as `grade` does. Then `feedback`
and `report` run as commands of their own. Do not use the machine meanwhile: only wall time is measured, since the
kernel adds the processor time of readers' forks to no process that outlives them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.pipeline.demo import ASSIGNMENT
from benchmarks.course import ROOT
from benchmarks.ours import autograder

STUDENTS: Final = 300
REQUIRED: Final = 60.0
"""Seconds on two cores for all pages and the report."""
FILES: Final = ("result.json", "receipt.json")
"""These name the student; everything else is linked."""


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One command: wall seconds, its start included."""

    name: str
    wall: float


def fill(demo: Path, output: Path, students: int) -> None:
    """Make a class of the students of the demo, each copied as often as it takes."""
    graded = sorted(path.parent for path in (demo / "results").glob(f"*/{ASSIGNMENT}/result.json"))
    if not graded:
        raise SystemExit(f"{demo} was expected to be the output of `autograder demo`, but has no results; run "
                         f"`autograder --output {demo} demo` first.")
    for number in range(students):
        folder = graded[number % len(graded)]
        old, new = folder.parent.name, f"{folder.parent.name}{number:03}"
        for root in ("results", "submitted"):
            source = demo / root / old / ASSIGNMENT
            if source.is_dir():
                shutil.copytree(source, output / root / new / ASSIGNMENT, copy_function=os.link)
        for path in _named(output, new):
            fields = json.loads(path.read_bytes()) | {"student": new}
            path.unlink()  # a link to the file of the demo
            path.write_text(json.dumps(fields))


def _named(output: Path, student: str) -> Iterator[Path]:
    for root in ("results", "submitted"):
        yield from (path for name in FILES if (path := output / root / student / ASSIGNMENT / name).is_file())


def timed(output: Path, *command: str) -> Timed:
    """Run a command of its own."""
    return Timed(name=" ".join(command), wall=autograder(ROOT, output, *command))


def measure(demo: Path, students: int) -> list[Timed]:
    """Return the seconds of all commands on a class of so many students."""
    folder = Path(tempfile.mkdtemp(prefix=".pages-", dir=demo.parent))  # links need the same file system
    try:
        fill(demo, folder, students)
        recorded = timed(folder, "export", "--to", "json")
        return [recorded, timed(folder, "feedback", ASSIGNMENT), timed(folder, "report", ASSIGNMENT)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--students", type=int, default=STUDENTS)
    given = parser.parse_args()
    began = time.strftime("%Y-%m-%d")
    recorded, *both = measure(given.demo.resolve(), given.students)
    print(f"{began}, {given.students} students of `{ASSIGNMENT}`, {os.cpu_count()} cores\n")
    print("|  | s | s each |\n|---|---|---|")
    for one in (*both, Timed(name="both", wall=sum(x.wall for x in both))):
        print(f"| {one.name} | {one.wall:.1f} | {one.wall / given.students:.3f} |")
    print(f"\nRequired: both in at most {REQUIRED:g} s for {STUDENTS} students. Recording the class took "
          f"{recorded.wall:.1f} s before.")


if __name__ == "__main__":
    main()
