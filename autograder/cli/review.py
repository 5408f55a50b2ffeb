"""`autograder review`: the grading sheet."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings

if TYPE_CHECKING:
    from autograder.pipeline.review import Review, SheetServer

SOME_WAIT = 5
FILE = click.Path(path_type=Path, dir_okay=False)


class ReviewGiven(TypedDict):
    """The options of the command."""

    anonymous: bool
    into: Path | None
    from_file: Path | None
    port: int | None
    as_json: bool


@click.command()
@click.argument("assignment")
@click.argument("tasks", metavar="[TASK]...", nargs=-1)
@click.option("--anonymous", is_flag=True, help="Do not show whose an answer is, in the page and in the file.")
@click.option("--export", "into", type=FILE, default=None, help="Write the sheet as CSV instead of opening a page.")
@click.option("--import", "from_file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default=None,
              help="Read the marks from a sheet that was exported and filled in.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, show_default="8787, or any that is free",
              help="The port of the page on this machine; 0: any that is free.")
@click.option("--json", "as_json", is_flag=True, help="Print how many answers wait for each question, and end.")
@click.pass_context
def review(ctx: click.Context, assignment: str, tasks: tuple[str, ...], **given: Unpack[ReviewGiven]) -> int:
    """Mark the written answers to ASSIGNMENT, or only to TASK: all answers to one question under each other.

    It serves a page to a browser on this machine, until Ctrl-C. Each mark is in the gradebook as soon as it is saved,
    so the same command continues later with the answers that are still open.
    """
    from autograder.pipeline.review import open_review
    from autograder.workspace.layout import open_workspace

    into, from_file, as_json = given["into"], given["from_file"], given["as_json"]
    if into is not None and from_file is not None:
        raise click.UsageError("Give --export or --import, not both.")
    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    # The gradebook may be used by one thread only: the one that the page's requests use as well.
    with ThreadPoolExecutor(1, thread_name_prefix="review") as worker, ExitStack() as stack:
        opened = open_review(workspace, assignment, tasks, anonymous=given["anonymous"], reporter=chosen.reporter)
        sheet = worker.submit(opened.__enter__).result()
        stack.callback(lambda: worker.submit(opened.__exit__, None, None, None).result())
        if as_json and from_file is None and into is None:
            click.echo(json.dumps({"assignment": sheet.assignment, "questions": sheet.counts(),
                                   "not_graded": list(sheet.waiting), "unreadable": sheet.unreadable}, indent=2))
            return 0
        _remarks(chosen, sheet)
        if into is not None:
            return _export(chosen, sheet, into)
        if from_file is not None:
            return worker.submit(_import, chosen, sheet, from_file, as_json).result()
        return _serve(chosen, sheet, worker, given["port"])


def _remarks(chosen: Settings, sheet: Review) -> None:
    for count in sheet.counts():
        chosen.reporter.note(escape(f"{count['title']} ({count['task']}): {count['open']} of {count['answers']} "
                                    "answers are open"))
    if sheet.waiting:
        chosen.reporter.note(f"{len(sheet.waiting)} hand-ins are not graded yet and not in the sheet")
    for student, why in sheet.unreadable.items():
        who = "one student" if sheet.anonymous else student
        chosen.reporter.note(f"[yellow]look at[/] {escape(f'the answers of {who} in formgrader: {why}')}")


def _export(chosen: Settings, sheet: Review, into: Path) -> int:
    from autograder.pipeline.review import export_sheet

    count = export_sheet(sheet, into.resolve())
    chosen.reporter.note(escape(f"wrote {count} rows into {into}; fill in points, or lines of the rubric, and comment, "
                                "and read it back with --import"))
    return 0


def _import(chosen: Settings, sheet: Review, path: Path, as_json: bool) -> int:
    from autograder.pipeline.review import import_sheet

    found = import_sheet(sheet, path)
    for sentence in found.refused:
        chosen.reporter.note("[yellow]not taken over[/] " + escape(sentence))
    chosen.reporter.note(f"{found.marked} answers are marked, {len(found.refused)} rows were not taken over")
    if as_json:
        click.echo(json.dumps({"marked": found.marked, "refused": list(found.refused)}, indent=2))
    return SOME_WAIT if found.refused else 0


def _serve(chosen: Settings, sheet: Review, worker: ThreadPoolExecutor, port: int | None) -> int:
    with _server(sheet, worker, port) as server:
        chosen.reporter.note("Open this address in a browser on this machine, and keep it to yourself; Ctrl-C ends it:")
        click.echo(server.address)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            left = sum(count["open"] for count in worker.submit(sheet.counts).result())
            chosen.reporter.note(f"Ended; {left} answers are open, all marks are in the gradebook.")
    return 0


def _server(sheet: Review, worker: ThreadPoolExecutor, port: int | None) -> SheetServer:
    from autograder.pipeline.review import SheetServer
    from autograder.pipeline.review.sheet_server import PORT

    try:
        return SheetServer(sheet, worker, port=PORT if port is None else port)
    except OSError as error:
        if port is None:
            return SheetServer(sheet, worker, port=0)
        raise click.UsageError(f"Port {port} cannot be used ({error.strerror}); give another one.") from None
