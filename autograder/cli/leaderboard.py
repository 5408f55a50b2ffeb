"""`autograder leaderboard`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autograder.cli.main import settings


@click.command()
@click.argument("assignment")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Write the board as one HTML file for the class.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--early", is_flag=True, help="Show it before the deadline.")
@click.option("--json", "as_json", is_flag=True, help="Print the board as one JSON array.")
@click.pass_context
def leaderboard(
    ctx: click.Context, assignment: str, page: Path | None, stand_in: bool, early: bool, as_json: bool,
) -> None:
    """Show the leaderboard of ASSIGNMENT: nicknames that students chose, accuracy, size of the network.

    It ranks by the mean of the repeated trainings: run `autograder refit ASSIGNMENT` first. Students who left the
    nickname empty are not listed, and it never shows an id; only staff see which networks could not be trained again.
    """
    from rich.console import Console

    from autograder.feedback.board import board_table, render_leaderboard
    from autograder.pipeline.leaderboard import leaderboard as run
    from autograder.workspace.layout import open_workspace
    from autograder.workspace.storage import write_atomically

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    board = run(workspace, assignment, stand_in=stand_in, reporter=chosen.reporter, early=early)
    if as_json:
        click.echo(json.dumps([place.model_dump(mode="json") for place in board], indent=2))
    else:
        Console().print(board_table(board))
    if not board:
        chosen.reporter.note(f"{assignment}: nobody is on the board; {workspace.results_root} has no work with a "
                             "nickname and a repeated training.")
    if page is not None:
        write_atomically(page.resolve(), render_leaderboard(board, workspace.course.assignment(assignment).title))
        chosen.reporter.note(f"wrote the board with {len(board)} nicknames")
