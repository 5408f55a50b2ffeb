"""Four workers of a cluster on this machine compared with `--workers 2`, side by side in one run.

``python -m benchmarks.cluster [--count 12]`` prints seconds per submission of both and their ratio: what a
cluster costs where it gains nothing, since both use the same processors. A ratio of 1.00 means that it costs nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Result
from autograder.remote.local_cluster import start_local
from benchmarks import course, ours
from benchmarks.run import Bench, prepare

ON_CLUSTER = 4
ALONE = 2
"""Workers of the cluster, and of `autograder grade` without one; both use the same processors."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Wall seconds per submission beyond the start of the command."""

    alone: float
    cluster: float
    count: int

    @property
    def ratio(self) -> float:
        """How many times as fast the cluster is."""
        return self.alone / self.cluster

    def lines(self) -> list[str]:
        """Return what is printed."""
        return [f"{self.count} submissions of the short {course.ASSIGNMENT}, seconds per submission:",
                f"  --workers {ALONE}, this machine alone      {self.alone:6.2f}",
                f"  --scheduler, {ON_CLUSTER} workers on it        {self.cluster:6.2f}",
                f"  ratio                               {self.ratio:6.2f}"]


def measure(bench: Bench) -> Compared:
    """Grade the same class twice, and check that both give the same scores.

    Raises:
        ours.Failed: a command failed, or the scores differ.
    """
    alone = ours.grade(bench.course, bench.folder / "alone", bench.handed_in, workers=ALONE,
                       stand_in=not bench.true_data)
    with start_local(ON_CLUSTER) as address:
        found = on_cluster(bench, bench.folder / "cluster", address)
    scores = [[(result.student, result.score) for result in results] for results in (alone.results, found[1])]
    if scores[0] != scores[1]:
        raise ours.Failed("The cluster should give the scores of this machine alone, but does not.")
    return Compared(alone=alone.above_startup, cluster=found[0], count=len(alone.results))


def on_cluster(bench: Bench, output: Path, address: str) -> tuple[float, Sequence[Result]]:
    """Return seconds per submission beyond the start, and the results."""
    ours.autograder(bench.course, output, "collect", str(bench.handed_in), "--assignment", course.ASSIGNMENT)
    command = ("grade", course.ASSIGNMENT, "--scheduler", address, *(() if bench.true_data else ("--stand-in",)))
    wall = ours.autograder(bench.course, output, *command)
    results = ours.read_results(output)
    startup = ours.autograder(bench.course, output, *command, "--no-gradebook")
    return (wall - startup) / len(results), results


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=12, help="submissions")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as name:
        print("\n".join(measure(prepare(Path(name), chosen.count)).lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
