"""`autograder audit`."""

from __future__ import annotations

import json
import shutil
from typing import TypedDict, Unpack

import click

from autograder.cli.main import settings
from autograder.cli.workers_option import workers_option

NOT_CLEAN = 6
"""Exit code of an audit that found something to fix."""


class AuditGiven(TypedDict):
    """What a person gave: the names are those of `AuditOptions`."""

    short: bool
    seeds: int
    only: tuple[str, ...]
    stand_in: bool
    workers: int | None
    unsafe: bool


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--short", is_flag=True,
              help="Structure only: embedded digits, the sizes of the profile `short`; nothing that depends on "
                   "training.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True,
              help="Seeds for variants whose outcome depends on training; all others are run once.")
@click.option("--only", multiple=True, help="Only this variant (or solution, blank); may be given several times.")
@click.option("--stand-in", is_flag=True, help="The full form on the embedded digits instead of real data.")
@workers_option("Runs", default="one more than cores")
@click.option("--unsafe", is_flag=True, help="Run without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print all matrices as one JSON array.")
@click.pass_context
def audit(ctx: click.Context, assignments: tuple[str, ...], as_json: bool, **given: Unpack[AuditGiven]) -> int:
    """Run solution, blank release and every variant of ASSIGNMENTS (default: all): which check catches which mistake?

    Ends with code 6 when a row is not as its variant declares, or a check catches nothing. What was run before and has
    not changed is not run again; after Ctrl-C the same command continues.
    """
    from autograder.cli.audit_text import render
    from autograder.pipeline.audit.audit import AuditOptions, audit_assignments
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    found = []
    for matrix in audit_assignments(workspace, assignments, AuditOptions(**given), chosen.reporter):
        found.append(matrix)
        if not as_json:
            click.echo(render(matrix, min(shutil.get_terminal_size((100, 24)).columns, 120)))
    if as_json:
        click.echo(json.dumps([matrix.report() for matrix in found], indent=2))
    return 0 if all(matrix.clean for matrix in found) else NOT_CLEAN
