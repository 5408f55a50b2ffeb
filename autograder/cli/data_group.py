"""`autograder data`: brings data sets of Keras to the data folder."""

from __future__ import annotations

import json

import click

from autograder.cli.main import settings


@click.group()
def data() -> None:
    """Bring data sets to the data folder, and see which ones are there."""


@data.command()
@click.argument("names", nargs=-1)
@click.option("--from", "source", metavar="FILE|URL", default=None,
              help="Copy one data set from a file that was fetched elsewhere, or from its address.")
@click.option("--json", "as_json", is_flag=True, help="Print what was fetched as one JSON array.")
@click.pass_context
def fetch(ctx: click.Context, names: tuple[str, ...], source: str | None, as_json: bool) -> None:
    """Download the data sets NAMES of course.yml (default: all that Keras has) into the data folder.

    This needs internet, once; grading never does. A data set that is there already is fetched again only by name.
    """
    from autograder.pipeline.fetch_data import fetch_data
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    found = fetch_data(open_workspace(chosen.course, chosen.output), names, chosen.reporter, source=source)
    if as_json:
        click.echo(json.dumps([{"dataset": name, "path": str(path)} for name, path in found.items()], indent=2))


@data.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the data sets as one JSON array.")
@click.pass_context
def list_data(ctx: click.Context, as_json: bool) -> None:
    """Print the data sets of course.yml: which assignments use each one, and whether it is in the data folder."""
    from autograder.pipeline.fetch_data import list_data_sets
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    found = list_data_sets(open_workspace(chosen.course, chosen.output))
    if as_json:
        click.echo(json.dumps([one.model_dump() for one in found], indent=2))
        return
    for one in found:
        used = ", ".join(one.assignments) or "no assignment"
        click.echo(f"{one.name}: {one.source}, used by {used}: {'here' if one.here else 'not here, ' + one.fix}")
