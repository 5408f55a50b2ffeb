"""`autograder preview`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, Unpack

import click

from autograder.cli.main import FOLDER, settings
from autograder.cli.workers_option import workers_option


class PreviewGiven(TypedDict):
    """What a person gave: the names are those of `PreviewOptions`."""

    only: tuple[str, ...]
    into: Path | None
    stand_in: bool
    workers: int | None
    unsafe: bool


@click.command()
@click.argument("assignment")
@click.option("--only", multiple=True, help="Only the page of this wrong variant; may be given several times.")
@click.option("--into", type=FOLDER, default=None, show_default="preview/ASSIGNMENT",
              help="The folder for the pages; an earlier preview in it is replaced.")
@click.option("--stand-in", is_flag=True, help="Run on the embedded digits instead of real data.")
@workers_option("Runs", default="one more than cores")
@click.option("--unsafe", is_flag=True, help="Run without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print the pages as one JSON array.")
@click.pass_context
def preview(ctx: click.Context, assignment: str, as_json: bool, **given: Unpack[PreviewGiven]) -> None:
    """Write ASSIGNMENT as students will see it: their notebook, and the feedback page for each wrong variant.

    Read them before the class does: is it clear what to do, and does a page help whoever made this mistake? Runs are
    shared with `autograder audit`, so nothing is run twice.
    """
    from autograder.pipeline.preview import PreviewOptions, preview_assignment
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    pages = preview_assignment(workspace, assignment, PreviewOptions(**given), chosen.reporter)
    if as_json:
        click.echo(json.dumps([{"name": page.name, "path": str(page.path), "score": page.score, "points": page.points}
                               for page in pages], indent=2))
        return
    for page in pages:
        click.echo(str(page.path))
