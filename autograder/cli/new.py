"""`autograder new`: a course, or an assignment in it, from templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from autograder.authoring.template_files import kinds
from autograder.cli.main import settings


@click.group()
def new() -> None:
    """Begin a course, or an assignment in it, from templates that work as they are.

    Nothing that exists is overwritten. Each command says what to do next.
    """


@new.command()
@click.argument("name")
@click.option("--title", default=None, show_default="NAME in words", help="The title that students see.")
@click.option("--json", "as_json", is_flag=True, help="Print the folder and the next commands as one JSON object.")
@click.pass_context
def course(ctx: click.Context, name: str, title: str | None, as_json: bool) -> None:
    """Make the folder NAME with everything that a course needs, without assignments.

    course.yml, nbgrader_config.py, .gitignore, a Makefile, requirements.txt, a workflow for continuous integration, a
    README for teaching assistants, and the folders of assignments, releases, hidden checks and references.
    """
    from autograder.authoring.new_course import create_course

    chosen = settings(ctx)
    folder = create_course(chosen.course, name, title=title)
    steps = (f"cd {_shown(folder)}", "autograder doctor", "autograder new assignment NAME --like images")
    _report(chosen.reporter.note, f"made the course {_shown(folder)}", steps)
    if as_json:
        click.echo(json.dumps({"course": name, "path": str(folder), "next": list(steps)}))


@new.command()
@click.argument("name")
@click.option("--like", type=click.Choice(kinds()), default=None, show_default="blank",
              help="The template to begin with.")
@click.option("--from", "other", metavar="ASSIGNMENT", default=None,
              help="Begin with a copy of this assignment of the course, without its deadline, releases and "
                   "calibration.")
@click.option("--title", default=None, show_default="NAME in words", help="The title that students see.")
@click.option("--json", "as_json", is_flag=True, help="Print the folders and the next commands as one JSON object.")
@click.pass_context
def assignment(
    ctx: click.Context, name: str, like: str | None, other: str | None, title: str | None, as_json: bool,
) -> None:
    """Add the assignment NAME to the course: a source notebook that can be released, hidden checks, and variants.

    course.yml gets an entry and keeps everything else, comments included.
    """
    from autograder.authoring.new_assignment import Source, create_assignment
    from autograder.workspace.layout import open_workspace

    if like and other:
        raise click.UsageError("--like begins with a template, --from with an assignment of the course: give one of "
                               "them.")
    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    made = create_assignment(workspace, name, Source(like=like, assignment=other), title=title)
    places = [str(folder.relative_to(workspace.root)) for folder in made.folders]
    _report(chosen.reporter.note, f"made {', '.join(places)} and an entry in course.yml", made.next_steps)
    if as_json:
        click.echo(json.dumps({"assignment": name, "folders": places, "next": list(made.next_steps)}))


def _report(note: Callable[[str], None], done: str, steps: tuple[str, ...]) -> None:
    note(done)
    note("next: " + "\n      ".join(steps))


def _shown(folder: Path) -> str:
    """Return a folder as a person in the current one would type it."""
    here = Path.cwd().resolve()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
