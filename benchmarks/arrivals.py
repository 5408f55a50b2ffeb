"""How long a student waits for a page where `watch` is idle: ``python -m benchmarks.arrivals [--count 6]``.

`autograder watch` is started on the short course and left until it has graded one hand-in. Then hand-ins arrive one by
one, each when the last one has its page. What counts is the time from the file's arrival to result and page, beyond the
seconds that the student's own cells took.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from autograder.model import Result
from benchmarks import course, ours
from benchmarks.report import Table, markdown
from benchmarks.run import Bench, prepare

REQUIRED = 1.5
"""Seconds beyond the training's own time."""
PATIENCE = 300.0
_LOOK = 0.01


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Seconds from the file's arrival to result and page, and those of the student's own cells."""

    waited: float
    cells: float

    @property
    def beyond(self) -> float:
        """What the grader adds."""
        return self.waited - self.cells


@contextmanager
def watching(bench: Bench, output: Path, uploads: Path) -> Iterator[None]:
    """Run `autograder watch` on a folder of uploads for the length of the block."""
    command = [sys.executable, "-m", "autograder", "--course", str(bench.course), "--output", str(output), "watch",
               str(uploads), "--assignment", course.ASSIGNMENT, *(() if bench.true_data else ("--stand-in",))]
    process = subprocess.Popen(command, cwd=course.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so.

    Raises:
        ours.Failed: it is not after `PATIENCE` seconds.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise ours.Failed(f"{what} was expected within {PATIENCE:g} s.")
        time.sleep(_LOOK)


def arrive(output: Path, uploads: Path, notebook: Path) -> Arrival:
    """Hand in one notebook and wait for its page."""
    student = notebook.parent.parent.name
    result = output / "results" / student / course.ASSIGNMENT / "result.json"
    page = output / "feedback" / student / course.ASSIGNMENT / f"{course.ASSIGNMENT}.html"
    place = uploads / student / notebook.name
    place.parent.mkdir(parents=True)
    place.write_bytes(notebook.read_bytes())
    began = time.perf_counter()
    wait_for(lambda: result.is_file() and page.is_file(), f"The page of {student}")
    waited = time.perf_counter() - began
    found = Result.from_json(result.read_bytes())
    if found.status != "graded" or found.execution is None:
        raise ours.Failed(f"{student} should have been graded, but is {found.status}: {found.message}")
    return Arrival(waited=waited, cells=sum(cell.seconds for cell in found.execution.cells))


def measure(bench: Bench) -> list[Arrival]:
    """Return what each hand-in but the first took."""
    output, uploads = bench.folder / "output", bench.folder / "uploads"
    uploads.mkdir()
    notebooks = sorted(bench.handed_in.glob("*/*/*.ipynb"))
    with watching(bench, output, uploads):
        wait_for((output / "status.json").is_file, "The status of `watch`")
        return [arrive(output, uploads, notebook) for notebook in notebooks][1:]


def table(found: Sequence[Arrival]) -> Table:
    """Return the median and the longest wait."""
    middle, longest = median(one.beyond for one in found), max(one.beyond for one in found)
    cells = f"{median(one.cells for one in found):.2f}"
    rows = [(name, cells if name == "median" else "", f"{seconds:.2f}", f"≤ {REQUIRED}",
             "met" if seconds <= REQUIRED else "NOT MET")
            for name, seconds in (("median", middle), ("longest", longest))]
    return Table(title=f"An idle `watch`, {len(found)} hand-ins one by one",
                 columns=("", "the student's cells, s", "until the page, beyond these, s", "required", ""),
                 rows=tuple(rows))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=6, help="hand-ins that count")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="arrivals-") as name:
        print(markdown(table(measure(prepare(Path(name).resolve(), given.count + 1)))))


if __name__ == "__main__":
    main()
