"""`autograder regrade`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option

if TYPE_CHECKING:
    from autograder.grades import Change

_COLOURS = {"raised": "green", "held": "yellow", "lowered": "red", "undecided": "yellow"}


@click.command()
@click.argument("assignment")
@click.option("--check", "checks", multiple=True,
              help="Only work for which this hidden check's outcome changes; may be given several times.")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Say whose grade would change and why, and write nothing.")
@click.option("--yes", is_flag=True, help="Write the changes without a question on the terminal.")
@workers_option("Submissions")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--unsafe", is_flag=True, help="Run WITHOUT isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print all changes as one JSON object.")
@click.pass_context
def regrade(
    ctx: click.Context, assignment: str, checks: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool,
    **given: Unpack[RunGiven],
) -> int:
    """Judge the stored work of ASSIGNMENT again, e.g. after a check was corrected, and say whose grade changes and why.

    Nothing is run that is stored already, and nothing is written before the changes were shown. A grade that would
    sink is held until a person has decided; each change is a line of the student's history.jsonl.
    """
    from autograder.pipeline.regrade import regrade_assignment
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    name = workspace.course.assignment(assignment).id

    def confirm(changes: Sequence[Change]) -> bool:
        _show(chosen, changes)
        return not dry_run and (yes or as_json or _agreed())

    done = regrade_assignment(workspace, name, run_options(given), chosen.reporter, checks=checks, confirm=confirm)
    if done.changes:
        chosen.reporter.note(escape(_last_line(done.changes, written=done.written, dry_run=dry_run,
                                               place=str(workspace.results_root))))
    if as_json:
        click.echo(json.dumps({"assignment": name, "written": done.written,
                               "changes": [change.report() for change in done.changes]}, indent=2))
    return done.exit_code


def _agreed() -> bool:
    """Ask on a terminal; a script that calls this command has shown nobody anything, and is not asked."""
    return not sys.stdin.isatty() or click.confirm("Write these changes?", default=True, err=True)


def _show(chosen: Settings, changes: Sequence[Change]) -> None:
    for change in changes:
        effect = change.effect.value
        if change.failed is not None:
            chosen.reporter.note(f"[red]not judged[/] {escape(f'{change.student}: {change.failed}')}")
        elif effect != "same" or change.checks:
            mark = f"[{_COLOURS[effect]}]{effect}[/]" if effect in _COLOURS else effect
            why = "; ".join(check.sentence for check in change.checks) or "a person's decision or another attempt"
            chosen.reporter.note(f"{mark} {escape(f'{change.student}: {change.sentence} [{why}]')}")


def _last_line(changes: Sequence[Change], *, written: bool, dry_run: bool, place: str) -> str:
    from autograder.pipeline.regrade.regrade import announced

    counts = ", ".join(f"{count} {effect.value}" for effect, count in announced(changes).items())
    if written:
        return f"{counts}; written to {place}"
    if not any(change.checks or change.effect.value != "same" for change in changes):
        return f"Nothing changes: {len(changes)} results in {place} are as these checks judge them."
    return f"{counts}; nothing was written{' (--dry-run)' if dry_run else ''}"
