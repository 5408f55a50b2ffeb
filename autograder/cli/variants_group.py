"""`autograder variants`: a variant of an assignment for each student."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from typing import Unpack

import click
from rich.markup import escape

from autograder.cli.main import settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option
from autograder.workspace.layout import open_workspace

STUDENT = click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")


@click.group()
def variants() -> None:
    """Give each student other numbers in an assignment: units, epochs, a part of the data.

    `variants:` in course.yml says which, and from which ranges. The numbers follow from the student's id and a secret
    of the course, so they are stored nowhere and cannot be guessed.
    """


@variants.command()
@click.option("--json", "as_json", is_flag=True, help="Print the path of the secret as one JSON object.")
@click.pass_context
def init(ctx: click.Context, as_json: bool) -> None:
    """Make the course's secret, once, before the first release with variants.

    Keep a copy of the file .variants-secret in a safe place outside the repository: without it nothing can be graded.
    """
    from autograder.workspace.variant_secret import create_secret

    chosen = settings(ctx)
    path = create_secret(open_workspace(chosen.course, chosen.output))
    chosen.reporter.note(f"wrote {path.name}: keep a copy of it outside the repository, and show it to nobody")
    if as_json:
        click.echo(json.dumps({"path": str(path)}))


@variants.command("list")
@click.argument("assignment")
@STUDENT
@click.option("--csv", "as_csv", is_flag=True, help="Changes nothing: the list is CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead.")
@click.pass_context
def list_numbers(
    ctx: click.Context, assignment: str, students: tuple[str, ...], as_csv: bool, as_json: bool
) -> None:
    """Print the numbers of each student in ASSIGNMENT, for staff."""
    from autograder.pipeline.release.student_copies import columns, list_variants

    chosen = settings(ctx)
    found = list_variants(open_workspace(chosen.course, chosen.output), assignment, students)
    if as_json and not as_csv:
        click.echo(json.dumps([{"student": one.student, "code": one.code, "numbers": one.numbers} for one in found],
                              indent=2))
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows(columns(found))


@variants.command()
@click.argument("assignment")
@STUDENT
@click.option("--json", "as_json", is_flag=True, help="Print the paths of the copies as one JSON array.")
@click.pass_context
def write(ctx: click.Context, assignment: str, students: tuple[str, ...], as_json: bool) -> None:
    """Write each student's copy of the current release of ASSIGNMENT into variants/.

    `autograder release` does it for the whole class; this command does it again, after students have joined.
    """
    from autograder.pipeline.release.student_copies import write_student_copies

    chosen = settings(ctx)
    paths = write_student_copies(open_workspace(chosen.course, chosen.output), assignment, students)
    chosen.reporter.note(f"{assignment}: {len(paths)} copies in variants/{assignment}/")
    if as_json:
        click.echo(json.dumps([str(path) for path in paths], indent=2))


@variants.command()
@click.argument("assignment")
@click.option("--count", type=click.IntRange(min=1, max=500), default=20, show_default=True,
              help="Number of drawn variants whose solution has to earn all points.")
@click.option("--wrong", is_flag=True, help="Also hand in each wrong variant with drawn numbers: it has to lose the "
                                            "same points.")
@workers_option("Notebooks")
@click.option("--stand-in", is_flag=True, help="Use the embedded digits instead of real data.")
@click.option("--unsafe", is_flag=True, help="Run without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print each notebook and what it lost as one JSON array.")
@click.pass_context
def prove(
    ctx: click.Context, assignment: str, count: int, wrong: bool, as_json: bool, **given: Unpack[RunGiven],
) -> None:
    """Grade solutions of ASSIGNMENT with drawn numbers: each has to earn all points.

    The exit code is 6 where one does not.
    """
    from autograder.pipeline.prove_variants import prove_variants

    chosen = settings(ctx)
    options = run_options(given)
    options = replace(options, force_stand_in=options.allow_stand_in)
    rows = prove_variants(open_workspace(chosen.course, chosen.output), assignment, options, chosen.reporter,
                          count=count, wrong=wrong)
    for row in rows:
        if not row.as_declared:
            chosen.reporter.note(f"[red]{escape(row.name)}[/] ({escape(row.numbers)}): {escape(row.said)}")
    good = sum(row.as_declared for row in rows)
    chosen.reporter.note(f"{assignment}: {good} of {len(rows)} notebooks scored as declared")
    if as_json:
        click.echo(json.dumps([{"name": row.name, "numbers": row.numbers, "lost": list(row.lost), "seeds": row.seeds,
                                "as_declared": row.as_declared} for row in rows], indent=2))
    if good < len(rows):
        ctx.exit(6)
