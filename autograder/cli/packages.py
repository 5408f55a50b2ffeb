"""`autograder packages`."""

from __future__ import annotations

import json

import click

from autograder.cli.main import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: name → version.")
@click.pass_context
def packages(ctx: click.Context, as_json: bool) -> None:
    """List the packages that notebooks can import on this grader, with their versions.

    The list is read from the installation; in the container that is the image. In a course's folder it has the packages
    that course.yml requires too, if `autograder build` has installed them here.
    """
    from autograder.course import package_name
    from autograder.installed import installed
    from autograder.workspace.file_names import COURSE_FILE
    from autograder.workspace.layout import open_workspace

    folder = settings(ctx).course
    asked = open_workspace(folder).course.requirements if (folder / COURSE_FILE).is_file() else ()
    found = installed(map(package_name, asked))
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, version in found.items():
        click.echo(f"{name:14} {version}")
