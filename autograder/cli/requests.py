"""`autograder requests`: what students ask to be regraded, and what was answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click
from rich.markup import escape

from autograder.cli.main import settings
from autograder.workspace.layout import Workspace, open_workspace

JSON = click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")


def _workspace(ctx: click.Context) -> Workspace:
    chosen = settings(ctx)
    return open_workspace(chosen.course, chosen.output)


@click.group()
def requests() -> None:
    """Requests of students for a regrade: print the form, take them in, list and answer them.

    A request changes no points: a person gives points in formgrader, or corrects a check and regrades.
    """


@requests.command("list")
@click.argument("assignments", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also those that were answered.")
@JSON
@click.pass_context
def list_requests(ctx: click.Context, assignments: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """List the requests for ASSIGNMENTS (default: all) that nobody has answered, oldest first."""
    from autograder.pipeline.requests import cases, open_cases, sentences

    workspace, reporter = _workspace(ctx), settings(ctx).reporter
    found = (cases if everything else open_cases)(workspace, assignments)
    if as_json:
        click.echo(json.dumps([case.model_dump(mode="json") for case in found], indent=2))
    else:
        for line in sentences(found):
            click.echo(line)
    if not found:
        reporter.note(escape(f"No request is open in {workspace.results_root}." if not everything else
                             f"There is no request in {workspace.results_root}."))


@requests.command("take")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@JSON
@click.pass_context
def take(ctx: click.Context, source: Path, as_json: bool) -> None:
    """Take in the requests in SOURCE: a text file, a saved mail (.eml), or a folder of them."""
    from autograder.pipeline.requests import take_in

    reporter = settings(ctx).reporter
    taken = take_in(_workspace(ctx), source)
    for name, why in taken.refused:
        reporter.note(f"[yellow]not taken[/] {escape(f'{name}: {why}')}")
    for request in taken.requests:
        doubt = f" ({request.doubt})" if request.doubt else ""
        reporter.note(escape(f"taken {request.id} of {request.student} for {request.assignment}{doubt}"))
    if not taken.requests and not taken.refused:
        reporter.note(escape(f"No request was taken: {source} has no .txt, .md or .eml file."))
    if as_json:
        click.echo(json.dumps({"taken": [request.model_dump(mode="json") for request in taken.requests],
                               "refused": [{"file": name, "reason": why} for name, why in taken.refused]}, indent=2))


class Answered(TypedDict):
    """What a person answers, and to which request."""

    text: str
    decision: Literal["granted", "declined"]
    request_id: str | None
    by: str | None


@requests.command("answer")
@click.argument("student")
@click.argument("assignment")
@click.option("--text", required=True, help="What the student is answered.")
@click.option("--decision", type=click.Choice(["granted", "declined"]), required=True, help="What was decided.")
@click.option("--request", "request_id", default=None, show_default="the only open one", help="The request's id.")
@click.option("--by", default=None, show_default="this account", help="Who answers.")
@JSON
@click.pass_context
def answer_request(
    ctx: click.Context, student: str, assignment: str, as_json: bool, **given: Unpack[Answered],
) -> None:
    """Answer a request of STUDENT for ASSIGNMENT. No points change: give them in formgrader, or regrade."""
    from autograder.grades.requests import Decision
    from autograder.pipeline.requests import answer, sentences

    case = answer(_workspace(ctx), student, assignment, decision=Decision(given["decision"]), text=given["text"],
                  request=given["request_id"], by=given["by"])
    if as_json:
        click.echo(case.to_json())
    for line in sentences([case]):
        settings(ctx).reporter.note(escape(line))


@requests.command("form")
@click.argument("student")
@click.argument("assignment")
@JSON
@click.pass_context
def print_form(ctx: click.Context, student: str, assignment: str, as_json: bool) -> None:
    """Print the text that STUDENT fills in and mails to ask for a regrade of ASSIGNMENT."""
    from autograder.pipeline.requests import form

    text = form(_workspace(ctx), student, assignment)
    click.echo(json.dumps({"text": text}) if as_json else text, nl=as_json)
