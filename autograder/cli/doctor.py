"""`autograder doctor`."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import settings

if TYPE_CHECKING:
    from autograder.pipeline.doctor import Diagnosis, Finding

TITLES = {"isolation": "What separates student code from this machine", "machine": "Machine",
          "software": "Software", "data": "Data"}
WIDTH = 110
_COLUMN = 18  # where details begin, after the mark and the name


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    """Report what this machine offers for grading, what is missing, the consequences, and how to fix it.

    Ends with 3 where no isolation of student code can be built, else with 0.
    """
    from autograder.pipeline.doctor import diagnose, probe

    diagnosis = diagnose(probe(*_course_data(settings(ctx).course)))
    click.echo(diagnosis.to_json() if as_json else "\n".join(lines(diagnosis)))
    return 0 if diagnosis.can_grade else 3


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield a diagnosis as text for a terminal."""
    for group, title in TITLES.items():
        yield title
        for finding in diagnosis.findings:
            if finding.group == group:
                yield from _finding(finding)
        yield ""
    yield f"Isolation of student code here: {diagnosis.isolation or 'none'}"
    others = [mode for mode in diagnosis.modes if mode != diagnosis.isolation]
    if others:
        yield f"  `grade --isolation` may also be: {', '.join(others)}"
    yield from textwrap.wrap(f"It leaves open: {diagnosis.leaves_open}.", WIDTH, initial_indent="  ",
                             subsequent_indent="  ", break_on_hyphens=False)


def _finding(finding: Finding) -> Iterator[str]:
    mark = "ok" if finding.ok else "--" if finding.optional else "MISSING"
    indent = " " * (_COLUMN + 10)
    head = f"  {mark:<8}{finding.name:<{_COLUMN}}"
    yield from textwrap.wrap(finding.detail, WIDTH, initial_indent=head, subsequent_indent=indent,
                             break_on_hyphens=False, break_long_words=False)
    if finding.fix and not finding.ok:
        yield from textwrap.wrap(f"→ {finding.fix}", WIDTH, initial_indent=indent, subsequent_indent=indent + "  ",
                                 break_on_hyphens=False, break_long_words=False)


def _course_data(course: Path) -> tuple[Path, ...]:
    """Return the data folders of the course, if there is a course here: doctor works anywhere."""
    from autograder.errors import CourseError
    from autograder.workspace.layout import open_workspace

    try:
        return open_workspace(course).data_folders
    except CourseError:
        named = os.environ.get("AUTOGRADER_DATA")
        return (Path(named),) if named else ()
