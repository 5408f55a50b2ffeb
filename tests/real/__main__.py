"""`make fairness`: grade all notebooks of `tests.real` and print how far the grader and a person agree.

Usage: python -m tests.real [--whole] [ASSIGNMENT | ASSIGNMENT/NOTEBOOK …]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.real.agreement import Agreement, summary
from tests.real.grading import grade_some
from tests.real.work import BUILDERS


def main(arguments: list[str]) -> int:
    """Return 0 where there is no disagreement."""
    whole = "--whole" in arguments
    chosen = [one for one in arguments if not one.startswith("-")]
    found: dict[str, list[Agreement]] = {}
    for assignment, builders in BUILDERS.items():
        names = [name for name in builders if not chosen or {assignment, f"{assignment}/{name}"} & set(chosen)]
        if not names:
            continue
        with tempfile.TemporaryDirectory(prefix="fairness-") as folder:
            for agreement in grade_some(assignment, names, Path(folder), whole=whole):
                found.setdefault(assignment, []).append(agreement)
                word = "disagrees" if agreement.disagreements else "agrees"
                left = f", {agreement.asked} tasks left to a person" if agreement.asked else ""
                line = f"{assignment}/{agreement.name}: {word}{left}"
                print(line, *agreement.disagreements, sep="\n    ", flush=True)
    print(*summary(found), sep="\n")
    return int(any(one.disagreements for ones in found.values() for one in ones))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
