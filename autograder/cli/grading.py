"""Verbs after the class has handed in: collect, grade, feedback, export."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Literal

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings
from autograder.pipeline.workspace import Workspace, open_workspace

Kind = Literal["auto", "folder", "zip", "exchange", "lms"]
KINDS: tuple[Kind, ...] = ("auto", "folder", "zip", "exchange", "lms")


def _workspace(chosen: Settings) -> Workspace:
    return open_workspace(chosen.course, chosen.output)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--assignment", default=None, help="What the files answer, where neither name nor metadata says it.")
@click.option("--kind", type=click.Choice(KINDS), default="auto", show_default=True, help="How the source is laid out.")
@click.option("--pattern", default=None, help="Regular expression with the groups student, assignment and timestamp.")
@click.pass_context
def collect(ctx: click.Context, source: Path, assignment: str | None, kind: Kind, pattern: str | None) -> None:
    """Take submissions from SOURCE (folder, zip, nbgrader exchange, LMS download) into submitted/."""
    from autograder.pipeline.collect import collect as run

    chosen = settings(ctx)
    with chosen.console.status("collecting …") as shown:
        receipts = run(_workspace(chosen), source, assignment=assignment, kind=kind, pattern=pattern,
                       on_receipt=lambda receipt: shown.update(f"collecting … {escape(receipt.student)}"))
    refused = [receipt for receipt in receipts if not receipt.accepted]
    for receipt in refused:
        chosen.reporter.note("[yellow]refused[/] "
                             + escape(f"{receipt.student} {receipt.assignment}: {receipt.reason}"))
    chosen.reporter.note(f"{len(receipts) - len(refused)} collected, {len(refused)} refused")


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--lanes", type=click.IntRange(min=1), default=None, show_default="one per core",
              help="Submissions side by side.")
@click.option("--force", is_flag=True, help="Run again even where nothing has changed.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where true data is missing.")
@click.option("--unsafe", is_flag=True, help="Run student code WITHOUT isolation where the machine offers none.")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.option("--no-gradebook", is_flag=True, help="Write results only.")
@click.option("--json", "as_json", is_flag=True, help="Print all results as one JSON array.")
@click.pass_context
def grade(
    ctx: click.Context, assignments: tuple[str, ...], students: tuple[str, ...], lanes: int | None, force: bool,
    stand_in: bool, unsafe: bool, isolation: str | None, no_gradebook: bool, as_json: bool,
) -> int:
    """Grade what was collected for ASSIGNMENTS (default: all) and record it in the gradebook.

    What is already graded and has not changed is left alone, so an interrupted batch goes on where it stopped.
    """
    from autograder.model import Isolation
    from autograder.pipeline.grade import GradeOptions, grade_class

    chosen = settings(ctx)
    options = GradeOptions(
        lanes=lanes, force=force, allow_stand_in=stand_in, unsafe=unsafe, gradebook=not no_gradebook,
        isolation=Isolation(isolation) if isolation else None, students=students,
    )
    results = grade_class(_workspace(chosen), assignments, options, chosen.reporter)
    if as_json:
        click.echo(json.dumps([result.model_dump(mode="json") for result in results], indent=2))
    else:
        from autograder.feedback.terminal import summary_table

        chosen.console.print(summary_table(results))
    statuses = {result.status for result in results}
    return 5 if "failed" in statuses else 8 if "queued" in statuses else 0


@click.command()
@click.argument("assignments", nargs=-1)
@click.pass_context
def feedback(ctx: click.Context, assignments: tuple[str, ...]) -> None:
    """Write one HTML page per graded submission, and the overview for staff."""
    from autograder.pipeline.feedback import write_class

    chosen = settings(ctx)
    pages = write_class(_workspace(chosen), assignments, chosen.reporter)
    chosen.reporter.note(f"{len(pages)} pages written")


@click.command()
@click.argument("assignments", nargs=-1)
@click.pass_context
def export(ctx: click.Context, assignments: tuple[str, ...]) -> None:
    """Print the gradebook as CSV; a column says where points are still withheld."""
    from autograder.gradebook import export as rows

    table = list(rows(_workspace(settings(ctx)), assignments))
    if table:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
