"""`autograder solutions`."""

from __future__ import annotations

import json

import click

from autograder.cli.main import settings


@click.command()
@click.argument("assignment")
@click.option("--early", is_flag=True, help="Write them for staff although somebody can still hand in; no page links "
                                            "to them before.")
@click.option("--json", "as_json", is_flag=True, help="Print the notebook's path as one JSON object.")
@click.pass_context
def solutions(ctx: click.Context, assignment: str, early: bool, as_json: bool) -> None:
    """Write the model answers of ASSIGNMENT as a notebook, once nobody can hand in any more.

    That is after every extension and the last day of late work. From then on `autograder feedback ASSIGNMENT` puts the
    notebook next to each page and links to it.
    """
    from autograder.pipeline.solutions import write_solution
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    path = write_solution(workspace, assignment, early=early)
    if as_json:
        click.echo(json.dumps({"path": str(path)}))
        return
    click.echo(f"wrote {path}")
    if not early:
        click.echo(f"To hand it out with the pages, run `autograder feedback {assignment}`.")
