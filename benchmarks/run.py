"""Run all benchmarks, print their tables, and with ``--write`` keep them in docs/operating/performance.md.

    python -m benchmarks.run [--submissions N] [--only ours bare nbgrader otter micro] [--write]

``AUTOGRADER_DATA`` names the folder with true MNIST; without it the embedded stand-in is used, and said.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from autograder import data
from autograder.pipeline.session.source_notebook import read_source
from benchmarks import bare, course, micro, otter_rival, ours, report, rival

PARTS = ("ours", "bare", "nbgrader", "otter", "micro")
PAGE = course.ROOT / "docs" / "operating" / "performance.md"
PACKAGES = ("keras", "tensorflow-cpu", "tensorflow", "numpy", "nbgrader", "otter-grader", "ipykernel")
console = Console()
console.width = max(console.width, 110)  # narrower, the tables cut their figures


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A released short course in a temporary folder, and the class that was made for it."""

    folder: Path
    count: int
    npz: Path
    true_data: bool

    @property
    def course(self) -> Path:
        """The short course."""
        return self.folder / "course"

    @property
    def handed_in(self) -> Path:
        """What the class uploads."""
        return self.folder / "handed-in"

    @property
    def source(self) -> Path:
        """The short source notebook."""
        return self.course / "assignments" / course.ASSIGNMENT / f"{course.ASSIGNMENT}.ipynb"


def prepare(folder: Path, count: int) -> Bench:
    """Derive, release (with proof) and hand in; this also warms the prepared data in the course's cache."""
    said("making the short course")
    bench_course = folder / "course"
    course.write_course(bench_course)
    named = os.environ.get("AUTOGRADER_DATA")
    found = data.resolve(Path(named) if named else None, cache=bench_course / ".cache", allow_stand_in=True)
    npz = data.prepare(found, bench_course / ".cache").student
    ours.autograder(bench_course, folder / "proof", "release", course.ASSIGNMENT)
    bench = Bench(folder=folder, count=count, npz=npz, true_data=found.name == "mnist")
    release = json.loads((bench_course / "release" / course.ASSIGNMENT / f"{course.ASSIGNMENT}.ipynb").read_bytes())
    made = course.submissions(read_source(bench.source), release, count, course.right_variants())
    course.write_submissions(made, bench.handed_in)
    return bench


def measure_ours(bench: Bench, workers: int, name: str) -> ours.Graded:
    """Grade the class into a new folder of that name."""
    said(f"autograder grade, {workers} worker(s), {bench.count} submissions")
    return ours.grade(bench.course, bench.folder / name, bench.handed_in, workers=workers, stand_in=not bench.true_data)


def measure_bare(bench: Bench) -> bare.Bare:
    """Run the same notebooks' code in one warm process."""
    said(f"bare training, {bench.count} submissions")
    return bare.measure(bench.npz, sorted(bench.handed_in.glob("*/*/*.ipynb")))


def measure_limit(bench: Bench) -> float:
    """Run the same notebooks' code in two warm processes."""
    said(f"bare training in two processes, {bench.count} submissions")
    return bare.measure_both(bench.npz, sorted(bench.handed_in.glob("*/*/*.ipynb")))


def measure_throughput(bench: Bench, only: Sequence[str]) -> list[ours.Graded | rival.Rival]:
    """Let each other grader grade the class with one and with two processes, between runs of ours with two workers."""
    found: list[ours.Graded | rival.Rival] = [measure_ours(bench, 2, "output-2")] if "ours" in only else []
    for tool, grade in (("nbgrader", _nbgrader(bench)), ("otter", _otter(bench))):
        for processes in (1, 2) if tool in only else ():
            said(f"{tool}, {processes} process(es), {bench.count} submissions")
            found.append(grade(processes))
            if "ours" in only:
                found.append(measure_ours(bench, 2, f"output-2-{tool}-{processes}"))
    return found


def _nbgrader(bench: Bench) -> Callable[[int], rival.Rival]:
    folder = bench.folder / "nbgrader"

    @cache
    def made() -> tuple[dict[str, str], dict[str, course.Notebook]]:
        env = rival.environment(folder / "home", bench.npz)
        release = rival.write_course(folder / "base", bench.source, env)
        return env, rival.hand_ins(bench.source, release, bench.count, course.right_variants())

    return lambda processes: rival.grade(folder / "base", folder / f"run-{processes}", *made(), processes=processes)


def _otter(bench: Bench) -> Callable[[int], rival.Rival]:
    folder = bench.folder / "otter"
    notebooks = sorted(bench.handed_in.glob("*/*/*.ipynb"))
    return lambda processes: otter_rival.grade(
        folder / f"run-{processes}", rival.environment(folder / f"home-{processes}", bench.npz), notebooks,
        processes=processes)


def measure(bench: Bench, only: Sequence[str]) -> report.Measured:
    """Measure the parts that are asked for; what is compared runs next to each other."""
    alone = measure_ours(bench, 1, "output-1") if "ours" in only else None
    bare_training = measure_bare(bench) if "bare" in only else None
    recorded = ours.gradebook_seconds(bench.course, bench.folder / "output-1", alone.results) if alone else 0.0
    throughput = measure_throughput(bench, only)
    limit = measure_limit(bench) if "bare" in only else None
    if alone:
        said("feedback, regrade, and the same hand-ins again")
    return report.Measured(
        runs=(*((alone,) if alone else ()), *throughput), bare=bare_training, limit=limit,
        without_runs=ours.without_runs(bench.course, bench.folder / "output-2", bench.handed_in,
                                       stand_in=not bench.true_data) if alone else {},
        stages=ours.stages(alone, recorded) if alone else None, micro=micro.measure() if "micro" in only else None)


def machine(bench: Bench) -> str:
    """Say in one line what was measured on: no date, no name of a machine."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    versions = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    used = "true MNIST" if bench.true_data else "the embedded stand-in, because there is no true MNIST here"
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({model}), {used}; {', '.join(versions)}."


def show(tables: Sequence[report.Table]) -> None:
    """Print tables on the terminal."""
    for table in tables:
        shown = RichTable(title=table.title, title_justify="left")
        for number, column in enumerate(table.columns):
            shown.add_column(column, justify="right" if number else "left")
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)


def said(what: str) -> None:
    """Say what is being measured now."""
    console.print(f"[dim]… {what}[/]")


def main() -> None:
    """Measure what was asked for and report it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=30, help="size of the class (default 30)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="leave the other parts out")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/operating/performance.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        bench = prepare(Path(temporary).resolve(), chosen.submissions)
        found = measure(bench, chosen.only)
        about = machine(bench)
    tables = report.tables(found)
    console.print(about)
    show(tables)
    if chosen.write:
        content = "\n".join([about + "\n", *map(report.markdown, tables)])
        PAGE.write_text(report.put_between(PAGE.read_text(encoding="utf-8"), content), encoding="utf-8")


if __name__ == "__main__":
    main()
