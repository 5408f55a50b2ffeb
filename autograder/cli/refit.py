"""`autograder refit`."""

from __future__ import annotations

import json
from typing import Unpack

import click
from rich.markup import escape

from autograder.cli.main import settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option


@click.command()
@click.argument("assignment")
@click.option("--student", "--students", "students", multiple=True,
              help="Only this student; may be given several times.")
@click.option("--all", "everything", is_flag=True,
              help="Every model that can be trained again, not only those with a reason.")
@workers_option("Trainings")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--unsafe", is_flag=True, help="Train WITHOUT isolation where the machine offers none.")
@click.option("--no-gradebook", is_flag=True, help="Write results only.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON array.")
@click.pass_context
def refit(
    ctx: click.Context, assignment: str, everything: bool, as_json: bool, **given: Unpack[RunGiven],
) -> None:
    """Repeat recorded trainings of ASSIGNMENT and compare them with the models that were handed in.

    It repeats those that are above correct runs or contradict themselves, the leaderboard's entries and a random
    share. No measured points change; staff see what was found.
    """
    from autograder.pipeline.refit_stored import list_refits, refit_class
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    found = list_refits(refit_class(open_workspace(chosen.course, chosen.output), assignment, run_options(given),
                                    chosen.reporter, everything=everything))
    if as_json:
        click.echo(json.dumps([{"student": student, **entry.model_dump(mode="json"), "mean": entry.mean,
                                "deviation": entry.deviation, "sentence": entry.sentence}
                               for student, entry in found], indent=2))
        return
    for student, entry in found:
        mark = "[yellow]look[/] " if entry.contradicts else ""
        chosen.reporter.note(f"{mark}{escape(student)}: {escape(entry.sentence)}")
    chosen.reporter.note(f"{len(found)} trainings repeated, {sum(entry.contradicts for _, entry in found)} to look at")
