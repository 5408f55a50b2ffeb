"""`autograder watch`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, get_args

import click
from rich.markup import escape

from autograder.cli.grading import KINDS, Kind, TimesFrom
from autograder.cli.main import FOLDER, settings
from autograder.cli.progress_bars import EscapedReporter
from autograder.cli.run_given import run_options
from autograder.cli.signals import first_interrupt
from autograder.cli.watching_options import Watching, watching_options
from autograder.workspace.layout import open_workspace

if TYPE_CHECKING:
    from autograder.watch import WatchOptions


class _Given(Watching):
    """The options of the command."""

    downloads: tuple[Path, ...]
    assignment: str | None
    kind: Kind
    pattern: str | None
    times_from: TimesFrom
    quiet: float
    once: bool


@click.command()
@click.argument("sources", nargs=-1, type=FOLDER)
@click.option("--downloads", multiple=True, type=FOLDER,
              help="Also watch this folder, in which each zip or folder is a platform's download of a whole class; may "
                   "be given several times.")
@click.option("--assignment", default=None, help="The assignment of the files, where neither name nor metadata says "
                                                 "it.")
@click.option("--kind", type=click.Choice(KINDS), default="auto", show_default=True,
              help="How the folders are laid out: a platform's name, or 'lms' for any platform.")
@click.option("--pattern", default=None, help="Regular expression with the groups student, assignment and timestamp.")
@click.option("--times-from", type=click.Choice(get_args(TimesFrom)), default="auto", show_default=True,
              help="The source of the submission time where no platform wrote one; see `autograder collect`.")
@click.option("--quiet", type=click.FloatRange(min=0, max=3600), default=0.3, show_default=True,
              help="Seconds for which size and time of a file must not have changed; more where uploads pause.")
@click.option("--once", is_flag=True, help="End as soon as nothing can be graded.")
@watching_options
@click.pass_context
def watch(ctx: click.Context, sources: tuple[Path, ...], **given: Unpack[_Given]) -> int:
    """Grade submissions as they arrive in the folders SOURCES and in submitted/, until Ctrl-C.

    A source is a folder of uploads, or the inbound folder of nbgrader's exchange, as `autograder collect` reads it.
    Each result is in the gradebook and on its page as soon as it is known; status.html shows the queue. The first
    Ctrl-C ends after the submissions that are being graded, the second one at once; the same command continues.
    """
    from autograder.watch import Ending
    from autograder.watch import watch as run

    chosen, ending = settings(ctx), Ending()
    workspace = open_workspace(chosen.course, chosen.output)
    if given["assignment"] is not None:
        workspace.course.assignment(given["assignment"])

    def request() -> None:
        ending.requested = True
        os.write(2, b"Ending after the submissions that are being graded; Ctrl-C again ends at once.\n")

    chosen.reporter.note(escape(f"Watching; the queue is in {workspace.output / 'status.html'}"))
    with first_interrupt(request):
        return run(workspace, _options(sources, given), EscapedReporter(chosen.reporter), ending)


def _options(sources: tuple[Path, ...], given: _Given) -> WatchOptions:
    from autograder.pipeline.collect import CollectOptions
    from autograder.watch import Source, WatchOptions

    folders = [Source(folder=folder) for folder in sources]
    folders += [Source(folder=folder, whole=True) for folder in given["downloads"]]
    return WatchOptions(
        sources=tuple(folders), quiet=given["quiet"], once=given["once"],
        collect=CollectOptions(assignment=given["assignment"], kind=given["kind"], pattern=given["pattern"],
                               times_from=given["times_from"]),
        run=run_options({"workers": given["workers"], "stand_in": given["stand_in"], "unsafe": given["unsafe"],
                         "isolation": given["isolation"], "no_gradebook": given["no_gradebook"]}))
