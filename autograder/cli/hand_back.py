"""What a class gets back: `autograder export` and `autograder return`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, get_args

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings
from autograder.workspace.layout import open_workspace

if TYPE_CHECKING:
    from autograder.lms import Filled

Target = Literal["csv", "canvas", "moodle", "json"]
Platform = Literal["moodle", "canvas", "folder"]


class Worksheet(TypedDict):
    """The teacher's own table, and how it is filled in."""

    worksheet: Path | None
    grade_column: str | None
    scale: bool


FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--to", type=click.Choice(get_args(Target)), default="csv", show_default=True,
              help="A table for people, one that Canvas or Moodle imports, or everything that is known of each grade.")
@click.option("--worksheet", type=FILE, default=None,
              help="The teacher's own download: Moodle's offline grading worksheet (needed), or Canvas's gradebook.")
@click.option("--grade-column", default=None, help="Name of the worksheet's column for the grade, where it is not "
                                                   "recognized.")
@click.option("--scale", is_flag=True, help="Convert points where the platform has another highest grade.")
@click.option("--out", type=FILE, default=None, show_default="standard output",
              help="Write a file, which Excel reads with all its letters.")
@click.option("--json", "as_json", is_flag=True, help="The same as --to json.")
@click.pass_context
def export(
    ctx: click.Context, assignments: tuple[str, ...], to: Target, out: Path | None, as_json: bool,
    **given: Unpack[Worksheet],
) -> None:
    """Print the grades of everybody; a score is empty while any of its points are withheld or unread.

    Nothing that waits becomes a zero, neither here nor on the platform that imports the table.
    """
    from autograder.pipeline.exports import export_grades

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    target: Target = "json" if as_json else to
    with chosen.console.status("reading grades …"):
        filled = export_grades(workspace, assignments, target, chosen.reporter, **given)
    for note in filled.notes:
        chosen.reporter.note(escape(note))
    if not filled.text:
        chosen.reporter.note(escape(f"Nothing to export: there is no work in {workspace.submitted_root} and no "
                                    f"grade in {workspace.gradebook}."))
        if target == "json" and out is None:
            click.echo("[]")
        return
    if out is None:
        click.echo(filled.text, nl=False)
    else:
        _write(chosen, filled, out, target)


def _write(chosen: Settings, filled: Filled, out: Path, to: Target) -> None:
    from autograder.lms.sheet import BOM
    from autograder.workspace.storage import write_atomically

    write_atomically(out.resolve(), filled.text if to == "json" else BOM + filled.text)
    entered = f" with {len(filled.students)} scores" if to in ("canvas", "moodle") else ""
    chosen.reporter.note(escape(f"wrote {out}{entered}"))


@click.command("return")
@click.argument("assignment")
@click.option("--to", type=click.Choice(get_args(Platform)), required=True,
              help="Whose names the files get: Moodle's 'multiple feedback files', Canvas's 'upload submissions', or "
                   "one folder per student.")
@click.option("--worksheet", type=FILE, default=None,
              help="Moodle's offline grading worksheet, for students whose number is not known from their uploads.")
@click.option("--out", type=FILE, default=None, show_default="feedback/ASSIGNMENT-PLATFORM.zip", help="The zip.")
@click.option("--json", "as_json", is_flag=True, help="Print the zip's path and the names in it as one JSON object.")
@click.pass_context
def give_back(
    ctx: click.Context, assignment: str, to: Platform, worksheet: Path | None, out: Path | None, as_json: bool,
) -> None:
    """Pack the feedback pages of ASSIGNMENT, as they are now, into one zip that a platform takes back."""
    from autograder.pipeline.hand_back import hand_back

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    name = workspace.course.assignment(assignment).id
    packed = hand_back(workspace, name, to, chosen.reporter, worksheet=worksheet, target=out)
    for note in packed.notes:
        chosen.reporter.note(escape(note))
    if packed.names:
        chosen.reporter.note(escape(f"wrote {packed.path} with the pages of {len(packed.names)} students"))
    else:
        chosen.reporter.note(escape(f"{name}: no page to return; {workspace.results_root} has no result of it that "
                                    "can be packed."))
    if as_json:
        click.echo(json.dumps({"path": str(packed.path) if packed.names else None,
                               "names": {student: list(names) for student, names in packed.names.items()},
                               "notes": list(packed.notes)}, indent=2))
