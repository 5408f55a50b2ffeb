"""Break the grading of a class in every way that happens, run the same command again, and print what became of it.

    python -m benchmarks.faults [--submissions 40] [--only zygote child …] [--write]

The class hands in the small course of ``tests/samples/mini``; two students were graded before, and a person has
changed their grades. Needs Linux; without root the faults that need a disk or a clock of their own are left out.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from autograder.sandbox.isolation import syscalls
from benchmarks.faults_class import REVIEWED, ROOT, Batch, Said, again_graded, differences
from benchmarks.faults_course import make_batch, make_course
from benchmarks.faults_inject import FAULTS, Fault, First, output_for
from benchmarks.report import Table, markdown, put_between

PAGE = ROOT / "docs" / "operating" / "faults.md"
TITLE = "What became of a batch of {count}"
COLUMNS = ("fault", "exit", "the broken command said", "the same command again", "results", "graded twice",
           "manual grades kept", "s + s")
console = Console()
console.width = max(console.width, 160)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one fault."""

    fault: Fault
    count: int
    first: First
    second: Said
    results: int
    twice: tuple[str, ...]
    kept: int
    problems: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        said = self.first.said
        words = "; ".join(filter(None, (said.sentence if said.code else "", self.first.also)))
        again = f"exit {self.second.code}" + "".join(f"; {problem.splitlines()[0]}" for problem in self.problems)
        return (self.fault.what, str(said.code), words, again, f"{self.results} of {self.count}", str(len(self.twice)),
                f"{self.kept} of {REVIEWED}", f"{said.seconds:.0f} + {self.second.seconds:.0f}")


def play(fault: Fault, class_: Batch, folder: Path, *, always_again: bool = True) -> Row:
    """Break one batch in the new folder ``folder``, run the same command again, and look at everything.

    Without ``always_again`` a batch that went on by itself has to be complete without the second command.
    """
    with output_for(fault, class_, folder) as batch:
        first = without_places(fault.inject(batch), batch)
        second = batch.whole() if always_again or first.said.code else first.said
        problems = [*blemishes(fault, first, second), *differences(batch, first.graded)]
        return Row(fault=fault, count=batch.count, first=first, second=second, results=len(batch.results()),
                   twice=tuple(again_graded(batch, first.graded)), kept=batch.kept(), problems=tuple(problems))


def without_places(first: First, batch: Batch) -> First:
    """Return the same words with names for the folders of this machine."""
    def named(text: str) -> str:
        return text.replace(str(batch.output), "OUTPUT").replace(str(batch.course), "COURSE")

    return replace(first, said=replace(first.said, text=named(first.said.text)), also=named(first.also))


def blemishes(fault: Fault, first: First, second: Said) -> list[str]:
    """Return what the commands should not have said, or should have said otherwise."""
    said = first.said
    found = [f"exit {said.code} instead of {fault.code}: {said.text[-2000:]}"] if said.code != fault.code else []
    found += [f"the second command ended with {second.code}: {second.text[-2000:]}"] if second.code else []
    found += [f"a traceback: {one.text[-2000:]}" for one in (said, second) if "Traceback" in one.text]
    if said.code > 0 and said.text and not said.sentence.startswith(("autograder: ", "Ended by ")):
        found.append(f"no sentence: {said.text[-500:]}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the faults; the exit code is 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--only", nargs="+", choices=[fault.name for fault in FAULTS])
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    syscalls.become_subreaper()
    faults = [fault for fault in FAULTS if not chosen.only or fault.name in chosen.only]
    rows, left_out = [], []
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        console.print("making the class", highlight=False)
        class_ = make_batch(make_course(folder), folder / "class", home, chosen.submissions)
        for fault in faults:
            if reason := fault.missing():
                left_out.append(f"{fault.what} was left out: {reason}.")
                continue
            row = play(fault, class_, folder / fault.name)
            console.print(*row.cells(), *row.problems, sep=" | ", markup=False, highlight=False)
            rows.append(row)
    table = Table(title=TITLE.format(count=chosen.submissions), columns=COLUMNS,
                  rows=tuple(row.cells() for row in rows))
    show(table, left_out)
    if chosen.write:
        where = f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, " \
                f"{time.strftime('%Y-%m-%d')}."
        page = put_between(PAGE.read_text(encoding="utf-8"), "\n\n".join([where, markdown(table), *left_out]))
        PAGE.write_text(page, encoding="utf-8")
    return 1 if any(row.problems for row in rows) else 0


def show(table: Table, left_out: Sequence[str]) -> None:
    """Print the table on the terminal."""
    drawn = RichTable(title=table.title)
    for column in table.columns:
        drawn.add_column(column, overflow="fold")
    for row in table.rows:
        drawn.add_row(*row)
    console.print(drawn)
    for sentence in left_out:
        console.print(sentence)


if __name__ == "__main__":
    sys.exit(main())
