"""`autograder import`: assignments of other systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import settings
from autograder.workspace.layout import open_workspace

if TYPE_CHECKING:
    from autograder.platforms.importing.convert import System
    from autograder.platforms.importing.import_notebook import Imported

PATH = click.argument("path", type=click.Path(path_type=Path, exists=True))
NAME = click.option("--name", default=None, show_default="made from the file's name",
                    help="The id of the assignment in the course.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print what was written and all findings as one JSON "
                                                           "object.")


@click.group("import")
def import_group() -> None:
    """Import an assignment of another system.

    It becomes a source notebook, drafts of its hidden checks and an entry in course.yml. Nothing in the
    notebook is run, and nothing that the course has is replaced.
    """


@import_group.command()
@PATH
@NAME
@JSON
@click.pass_context
def nbgrader(ctx: click.Context, path: Path, name: str | None, as_json: bool) -> None:
    """Import PATH, a source or a release of nbgrader, or a notebook of no system.

    PATH is a notebook or a folder with exactly one. Where no cell has nbgrader's metadata, cells with `# YOUR CODE
    HERE`, with `...` or with nothing in them are where students write.
    """
    _import(ctx, path, "nbgrader", name, as_json=as_json)


@import_group.command()
@PATH
@NAME
@JSON
@click.pass_context
def otter(ctx: click.Context, path: Path, name: str | None, as_json: bool) -> None:
    """Import PATH, a source of `otter assign`, of version 1 to 7 or older.

    PATH is a notebook or a folder with exactly one.
    """
    _import(ctx, path, "otter", name, as_json=as_json)


def _import(ctx: click.Context, path: Path, system: System, name: str | None, *, as_json: bool) -> None:
    from autograder.platforms.importing.import_notebook import import_notebook

    chosen = settings(ctx)
    imported = import_notebook(open_workspace(chosen.course, chosen.output), path, system, name)
    click.echo(json.dumps(_as_json(imported), indent=2, ensure_ascii=False) if as_json else _as_text(imported))


def _groups(imported: Imported) -> dict[str, list[str]]:
    found = imported.converted.found
    return {"done": found.done, "look": found.look, "impossible": found.impossible}


def _as_json(imported: Imported) -> dict[str, object]:
    return {"assignment": imported.assignment, "kind": imported.converted.kind, "points": imported.converted.points,
            "written": list(imported.written), **_groups(imported)}


def _as_text(imported: Imported) -> str:
    """Return all findings, in three groups."""
    from autograder.platforms.importing.parts import counted, points_text

    lines = [f"Imported {imported.assignment}: {points_text(imported.converted.points)}, "
             f"{counted(len(imported.converted.drafts), 'drafted check')}.",
             *(f"  {name}" for name in imported.written)]
    titles = {"done": "Done", "look": "To look at", "impossible": "Not possible"}
    for key, sentences in _groups(imported).items():
        lines += ["", f"{titles[key]} ({len(sentences)})", *(f"  - {sentence}" for sentence in sentences)]
    return "\n".join([*lines, "", f"Then run `autograder release {imported.assignment}`: it proves that the solution "
                                  "earns all points and the blank notebook none."])
