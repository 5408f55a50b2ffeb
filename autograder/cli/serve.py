"""`autograder serve`."""

from __future__ import annotations

import importlib.util
import os
from typing import Unpack

import click
from rich.markup import escape

from autograder.cli.main import settings
from autograder.cli.progress_bars import EscapedReporter
from autograder.cli.run_given import run_options
from autograder.cli.signals import first_interrupt
from autograder.cli.watching_options import Watching, watching_options
from autograder.errors import HubError
from autograder.workspace.layout import open_workspace

NEEDED = ("starlette", "uvicorn", "python_multipart", "jupyterhub")


class _Given(Watching):
    """The options of the command."""

    host: str | None
    port: int | None


@click.command()
@click.option("--host", default=None, show_default="the loopback interface",
              help="Listen on this address, which other machines may reach without encryption.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, show_default="that of the service's url, or 8788",
              help="Listen on this port.")
@watching_options
@click.pass_context
def serve(ctx: click.Context, **given: Unpack[_Given]) -> int:
    """Run as a service of a JupyterHub: students hand in and see results, staff see the class.

    The hub starts this command, or gives its address and a token in the environment; it says who somebody is. What is
    handed in is graded at once, as `autograder watch` does. The first Ctrl-C ends after the submissions that are being
    graded, the second one at once; the same command continues.
    """
    require_extra()
    from autograder.service.hub_environment import forget_secrets, read_environment
    from autograder.service.listening import serve as run
    from autograder.watch import Ending, WatchOptions

    chosen, ending = settings(ctx), Ending()
    environment = read_environment(os.environ, host=given["host"], port=given["port"])
    forget_secrets(os.environ)
    workspace = open_workspace(chosen.course, chosen.output)

    def request() -> None:
        ending.requested = True
        os.write(2, b"Ending after the submissions that are being graded; Ctrl-C again ends at once.\n")

    chosen.reporter.note(escape(f"The queue is in {workspace.output / 'status.html'}"))
    options = WatchOptions(quiet=0.0, run=run_options({
        "workers": given["workers"], "stand_in": given["stand_in"], "unsafe": given["unsafe"],
        "isolation": given["isolation"], "no_gradebook": given["no_gradebook"]}))
    with first_interrupt(request):
        return run(workspace, environment, options, EscapedReporter(chosen.reporter), ending)


def require_extra() -> None:
    """Refuse to run without the packages of the extra.

    Raises:
        HubError: one is missing.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise HubError(f"Serving a JupyterHub needs packages that are not installed ({', '.join(missing)}): install "
                       "keras-autograder[serve].")
