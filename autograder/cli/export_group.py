"""`autograder export`: grades, and assignments for other platforms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click
from rich.markup import escape

from autograder.cli.hand_back import export as grades
from autograder.cli.main import Settings, settings
from autograder.workspace.layout import open_workspace

GRADES = "grades"
INTO = click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=None,
                    show_default="export/PLATFORM/ASSIGNMENT in the course",
                    help="Folder for the export; an earlier export there is replaced.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the export's path and the notes as one JSON object.")
STAND_IN = click.option("--stand-in", is_flag=True, help="Allow the embedded digits where the course has no real data.")


class OtterGiven(TypedDict):
    """The switches of `autograder export otter`."""

    stand_in: bool
    no_proof: bool
    as_json: bool


class Export(click.Group):
    """A group whose first command is meant where none is named: `autograder export mlp-digits` exports grades."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the first command before arguments that name none."""
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = [GRADES, *args]
        return super().parse_args(ctx, args)


@click.group(cls=Export)
def export() -> None:
    """Export grades, or an assignment for another platform.

    Without the name of a platform it exports grades: `autograder export mlp-digits` is short for
    `autograder export grades mlp-digits`.
    """


export.add_command(grades, GRADES)


@export.command()
@click.argument("assignment")
@INTO
@click.option("--config", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None,
              help="YAML file of settings: runs_on, tests_url_prefix, points_possible, score_threshold, show_stdout.")
@click.option("--runs-on", type=click.Choice(["default", "colab", "jupyterlite"]), default=None,
              show_default="that of the file, else default", help="Where students work.")
@STAND_IN
@click.option("--no-proof", is_flag=True, help="Do not let Otter grade the solution before the export is written.")
@JSON
@click.pass_context
def otter(ctx: click.Context, assignment: str, into: Path | None, file: Path | None, runs_on: str | None,
          **given: Unpack[OtterGiven]) -> None:
    """Write ASSIGNMENT for Otter: student/, autograder/ and autograder.zip, by `otter assign`.

    The zip grades by the plugin autograder.otter.Plugin, so that no student code enters Otter's kernel. It contains the
    hidden checks and the reference: keep it away from students.
    """
    from autograder.platforms.otter_export import export_otter, otter_settings, read_settings

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    wanted = read_settings(file) | ({"runs_on": runs_on} if runs_on else {})
    goal = into or workspace.root / "export" / "otter" / workspace.course.assignment(assignment).id
    exported = export_otter(workspace, assignment, goal, otter_settings(wanted), stand_in=given["stand_in"],
                            prove=not given["no_proof"])
    _say(chosen, assignment, exported.folder, exported.notes, as_json=given["as_json"])


@export.command()
@click.argument("assignment")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), default=None,
              show_default="export/gradescope/ASSIGNMENT.zip in the course", help="File for the zip.")
@click.option("--minutes", type=click.IntRange(2, 40), default=10, show_default=True,
              help="The time limit that you set for the assignment on Gradescope.")
@STAND_IN
@JSON
@click.pass_context
def gradescope(ctx: click.Context, assignment: str, into: Path | None, minutes: int, stand_in: bool,
               as_json: bool) -> None:
    """Write the zip of an autograder for Gradescope that grades ASSIGNMENT.

    It contains hidden checks, reference and solution: upload it as the autograder, and give it to nobody. It says what
    the assignment needs where Gradescope's default container is too small.
    """
    from autograder.platforms.gradescope_zip import export_gradescope

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    goal = into or workspace.root / "export" / "gradescope" / f"{workspace.course.assignment(assignment).id}.zip"
    exported = export_gradescope(workspace, assignment, goal, stand_in=stand_in, minutes=minutes)
    _say(chosen, assignment, exported.path, exported.notes, as_json=as_json)


@export.command()
@click.argument("assignment")
@INTO
@STAND_IN
@JSON
@click.pass_context
def action(ctx: click.Context, assignment: str, into: Path | None, stand_in: bool, as_json: bool) -> None:
    """Write ASSIGNMENT for GitHub Actions, Classroom 50 and any CI: student/ and teacher/.

    student/ is the template of students' repositories and contains nothing hidden. teacher/ is a private repository
    that fetches hand-ins and grades them; its autograder.py writes a result.json in any CI.
    """
    from autograder.platforms.action_export import export_action

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    goal = into or workspace.root / "export" / "action" / workspace.course.assignment(assignment).id
    exported = export_action(workspace, assignment, goal, stand_in=stand_in)
    _say(chosen, assignment, exported.folder, exported.notes, as_json=as_json)


def _say(chosen: Settings, assignment: str, path: Path, notes: Sequence[str], *, as_json: bool) -> None:
    for note in notes:
        chosen.reporter.note(escape(f"{assignment}: {note}"))
    click.echo(json.dumps({"path": str(path), "notes": list(notes)}, indent=2) if as_json else str(path))
