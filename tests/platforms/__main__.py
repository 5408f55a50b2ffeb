"""`python -m tests.platforms [ASSIGNMENT…]`: a table of points by platform; ends with 1 where two differ."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.attacks.attack import ROOT, load_corpus
from tests.attacks.classroom import make_classroom, stand_in_cache
from tests.container.conftest import unhurried
from tests.platforms.compared import Course, Points, attacked_course, by_grade, by_gradescope, by_otter, real_course

ASSIGNMENTS = ("first-network", "iris-classes", "mlp-digits")


def main() -> int:
    """Print a row per work and return the exit code."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("assignments", nargs="*", default=ASSIGNMENTS)
    given.add_argument("--wrong", type=int, default=10, help="wrong variants of each assignment")
    given.add_argument("--attacks", type=int, default=20, help="attacks on the small assignment; 0: none")
    asked = given.parse_args()
    different = 0
    print("| assignment | work | grade | otter run | Gradescope | |\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="platforms-") as name:
        for assignment in asked.assignments:
            (folder := Path(name) / assignment).mkdir()
            different += compare(real_course(ROOT, folder, assignment, asked.wrong))
        if asked.attacks:
            corpus = load_corpus()
            chosen = corpus[:: max(1, len(corpus) // asked.attacks)][: asked.attacks]
            cache = stand_in_cache(Path(name) / "stand-in")
            room = unhurried(make_classroom(Path(name) / "room", cache))
            (folder := Path(name) / "attacked").mkdir()
            different += compare(attacked_course(room, folder, chosen))
    print(f"{different} rows differ", flush=True)
    return bool(different)


def compare(course: Course) -> int:
    """Print the rows of one course and return how many differ."""
    columns = [platform(course) for platform in (by_grade, by_otter, by_gradescope)]
    different = 0
    for name in course.works:
        points = [column[name] for column in columns]
        same = all(one == points[0] for one in points)
        different += not same
        remark = "" if same else f"differs in {', '.join(differing(points))}"
        totals = " | ".join(f"{sum(one.values()):g}" for one in points)
        print(f"| {course.assignment} | {name} | {totals} | {remark} |", flush=True)
    return different


def differing(points: list[Points]) -> list[str]:
    """Return the tasks with different points."""
    return sorted(task for task in {task for one in points for task in one}
                  if len({one.get(task, 0) for one in points}) > 1)


if __name__ == "__main__":
    sys.exit(main())
