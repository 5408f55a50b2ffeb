"""`autograder doctor`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from autograder.cli.main import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    """Say what this machine offers for grading, what is missing, and what mends it."""
    from autograder.pipeline.doctor import diagnose

    diagnosis = diagnose(_course_data(settings(ctx).course))
    if as_json:
        click.echo(diagnosis.to_json())
    else:
        for finding in diagnosis.findings:
            click.echo(f"{'ok     ' if finding.ok else 'missing'}  {finding.name}: {finding.detail}")
        mode = diagnosis.isolation or "none: `grade` refuses to run student code without --unsafe"
        click.echo(f"\nIsolation of student code on this machine: {mode}")
    return 0 if diagnosis.can_grade else 3


def _course_data(course: Path) -> Path | None:
    """Return the data folder of the course, if there is a course here at all: doctor works anywhere."""
    from autograder.errors import CourseError
    from autograder.pipeline.workspace import open_workspace

    try:
        return open_workspace(course).data_folder
    except CourseError:
        named = os.environ.get("AUTOGRADER_DATA")
        return Path(named) if named else None
