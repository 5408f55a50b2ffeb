"""`autograder packages`."""

from __future__ import annotations

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: name → version.")
def packages(as_json: bool) -> None:
    """List the packages that notebooks can import on this grader, with their versions.

    The list is read from the installation; in the container that is the image.
    """
    from autograder.installed import installed

    found = installed()
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, version in found.items():
        click.echo(f"{name:14} {version}")
