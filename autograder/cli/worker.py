"""`autograder worker`."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

import click

from autograder.cli.cluster_options import UNENCRYPTED
from autograder.cli.main import settings
from autograder.cli.workers_option import workers_option


class WorkerGiven(TypedDict):
    """The options that are only passed on."""

    scheduler: str
    gpus: int
    workers: int | None
    patience: float
    unencrypted: bool


@click.command()
@click.option("--scheduler", required=True, metavar="ADDRESS", help="The scheduler to serve: tls://HOST:PORT or tcp://….")
@click.option("--gpu", "gpus", type=click.IntRange(min=0), default=0, show_default="none: on the CPU",
              help="How many GPUs notebooks train on.")
@click.option("--judge", is_flag=True,
              help="Evaluate models for the judge instead of running notebooks; needs the course (--course).")
@workers_option("Jobs", default="one per core, or per GPU")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.option("--patience", type=click.FloatRange(min=1), default=600.0, show_default=True,
              help="Seconds that the scheduler may be missing before the worker ends.")
@click.option("--requirements", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None,
              help="The course's reference/requirements.lock, where course.yml requires packages: the worker then says "
                   "which versions it has.")
@UNENCRYPTED
@click.pass_context
def worker(ctx: click.Context, judge: bool, isolation: str | None, requirements: Path | None,
           **given: Unpack[WorkerGiven]) -> None:
    """Run notebooks of students for everybody who grades with a scheduler, until the command is ended.

    A worker needs no course: hidden checks and labels stay where `autograder grade` runs. It ends by itself if this
    machine can run nothing more, for example because its disk is full; its jobs go to other workers.
    """
    from autograder.model import Isolation
    from autograder.remote import WorkerOptions, serve_worker
    from autograder.workspace.layout import open_workspace
    from autograder.workspace.locked_packages import read_lock_file

    chosen = settings(ctx)
    course = open_workspace(chosen.course, chosen.output) if judge else None
    lock = read_lock_file(requirements, requirements.name) if requirements else None
    options = WorkerOptions(**given, judge=course, isolation=Isolation(isolation) if isolation else None,
                            packages=tuple(lock.pins) if lock else ())
    serve_worker(options, chosen.reporter)
