"""`autograder push`: scores to a learning platform."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings
from autograder.workspace.layout import open_workspace

if TYPE_CHECKING:
    from autograder.pipeline.push import Delivery, Pushed

NOT_ALL_SENT = 10


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--lti", is_flag=True, required=True, expose_value=False,
              help="By LTI 1.3 (Assignment and Grade Services), to the platform in the section lti of course.yml.")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--create", is_flag=True, help="Create the column of an assignment where the platform has none.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each score as one JSON object.")
@click.pass_context
def push(ctx: click.Context, assignments: tuple[str, ...], students: tuple[str, ...], create: bool, dry_run: bool,
         as_json: bool) -> int:
    """Send the scores and comments of ASSIGNMENTS (default: all) to a learning platform.

    Only what has changed since the last time is sent. Points that wait for a person are never sent as a zero.
    """
    from autograder.pipeline.push import PushOptions, push_scores

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    options = PushOptions(students=students, create=create, dry_run=dry_run)
    pushed = push_scores(workspace, assignments, options, chosen.reporter)
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "complete": pushed.complete, "notes": pushed.notes,
                               "failures": pushed.failures, "scores": [asdict(one) for one in pushed.deliveries]},
                              indent=2))
    _say(chosen, pushed, dry_run=dry_run, shown=not as_json)
    return 0 if pushed.complete else NOT_ALL_SENT


def _say(chosen: Settings, pushed: Pushed, *, dry_run: bool, shown: bool) -> None:
    for note in pushed.notes:
        chosen.reporter.note(escape(note))
    for failure in pushed.failures:
        chosen.reporter.note("[red]failed[/] " + escape(failure))
    for one in pushed.deliveries:
        if one.outcome == "failed":
            chosen.reporter.note("[red]failed[/] " + escape(f"{one.student} {one.assignment}: {one.reason}"))
        elif one.outcome == "planned" and shown:
            click.echo(_line(one))
    counts = {kind: sum(one.outcome == kind for one in pushed.deliveries) for kind in ("sent", "unchanged", "failed")}
    planned = sum(one.outcome == "planned" for one in pushed.deliveries)
    chosen.reporter.note(f"{planned} would be sent, {counts['unchanged']} unchanged; nothing was sent" if dry_run else
                         ", ".join(f"{count} {kind}" for kind, count in counts.items()))


def _line(one: Delivery) -> str:
    score = "no score yet" if one.score is None else f"{one.score:g} of {one.most:g}"
    comment = " · ".join(one.comment.splitlines()[1:])
    return f"{one.student} {one.assignment}: {score} ({one.progress}){f': {comment}' if comment else ''}"
