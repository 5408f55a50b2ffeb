"""The options of commands that can run notebooks on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.main import Settings
from autograder.cli.progress_bars import EscapedReporter

if TYPE_CHECKING:
    from autograder.pipeline.session.options import RunOptions
    from autograder.workspace.layout import Workspace

UNENCRYPTED = click.option("--unencrypted", is_flag=True,
                           help="Accept tcp:// to another machine: whoever reaches it can forge results.")


def scheduler_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--scheduler`` and ``--unencrypted`` to a command."""
    scheduler = click.option("--scheduler", default=None, metavar="ADDRESS",
                             help="Run notebooks on the workers of this scheduler (tls://HOST:PORT, tcp://…), or of "
                                  "one that is started here: 'local'.")
    return scheduler(UNENCRYPTED(command))


@contextmanager
def on_workers(
    chosen: Settings, workspace: Workspace, options: RunOptions, scheduler: str | None, *, unencrypted: bool
) -> Iterator[RunOptions]:
    """Yield the options of a run on the workers of a scheduler; without one, on this machine.

    Raises:
        ClusterError: there is no such scheduler, or it has no workers of this version.
    """
    if scheduler is None:
        yield options
        return
    from autograder.remote import ClusterOptions, open_cluster
    from autograder.workspace.locked_packages import locked_packages

    requirements = workspace.requirements_lock if locked_packages(workspace).pins else None
    wanted = ClusterOptions(scheduler=scheduler, unencrypted=unencrypted, requirements=requirements)
    with open_cluster(wanted, EscapedReporter(chosen.reporter), workers=options.workers) as cluster:
        yield cluster.on_workers(workspace, options)
