"""`autograder status`."""

from __future__ import annotations

import json

import click

from autograder.cli.main import settings


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print what is due as one JSON object: assignment → list.")
@click.pass_context
def status(ctx: click.Context, assignments: tuple[str, ...], as_json: bool) -> None:
    """Say what of ASSIGNMENTS (default: all) is out of date, and the command that fixes it.

    Source, hidden checks, calibration, release, variants, audit, submissions, feedback: in the order in which they are
    fixed. Nothing is run and nothing is written.
    """
    from rich.markup import escape
    from rich.table import Table

    from autograder.pipeline.status import find_due
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    names = workspace.chosen(assignments)
    found = list(find_due(workspace, names)) if names else []
    if as_json:
        click.echo(json.dumps({name: [due.model_dump(exclude={"assignment"}) for due in found if due.assignment == name]
                               for name in names}, indent=2))
        return
    if not found:
        click.echo("Nothing to do: everything is up to date." if names else
                   "The course has no assignments yet: autograder new assignment NAME --like images")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("assignment", "part", "state", "command"):
        table.add_column(column, overflow="fold", no_wrap=column in ("assignment", "part"))
    for due in found:
        table.add_row(*(escape(text) for text in (due.assignment, due.part, due.state, due.command)))
    chosen.console.print(table)
    current = [name for name in names if all(due.assignment != name for due in found)]
    if current:
        chosen.reporter.note(f"up to date: {', '.join(current)}")
