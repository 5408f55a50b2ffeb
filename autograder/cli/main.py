"""The root command, its options and the one place that turns errors into sentences and exit codes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from autograder import __version__
from autograder.cli.progress_bars import TerminalReporter
from autograder.cli.signals import Ended, endings
from autograder.errors import AutograderError
from autograder.workspace.storage import disk_trouble

EXIT_CODES = {
    0: "done; every submission has its result",
    1: "a defect of the grader itself; run again with --debug and report it",
    2: "the command line, course.yml or the course folder is wrong",
    3: "this machine cannot isolate student code",
    4: "a process of the grader died and could not be restarted",
    5: "done, but some submissions could not be graded and wait (see their results)",
    6: "the audit found a row that is not as declared, or a check that catches nothing",
    7: "a disk is full or cannot be written; free some space and run the same command again",
    8: "a GPU is needed and none is available; run the same command on a machine with one to grade the queued "
       "submissions",
    9: "nothing could be collected: the source contains no notebook, or all of them were refused",
    10: "the learning platform refused some scores or could not be reached; the same command sends what is left",
    11: "no scheduler, or no worker that fits; the sentence says what to start, then the same command continues",
    129: "the terminal was closed; the same command continues from here",
    130: "interrupted; the same command continues from here",
    143: "ended by SIGTERM; the same command continues from here",
}


FOLDER = click.Path(path_type=Path, file_okay=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of the root options; passed to every command."""

    course: Path
    output: Path | None
    console: Console
    reporter: TerminalReporter


class Root(click.Group):
    """A group that finds its commands lazily: starting the CLI must stay quick."""

    commands_by_name: dict[str, Callable[[], click.Command]] = {}  # noqa: RUF012 - filled once, below

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(self.commands_by_name)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        loader = self.commands_by_name.get(cmd_name)
        return loader() if loader else None


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autograder")
@click.option("--course", type=FOLDER, default=Path(), show_default="this folder",
              help="The folder that contains course.yml.")
@click.option("--output", type=FOLDER, default=None, show_default="the course folder",
              help="The folder of submitted/, results/, feedback/ and gradebook.db.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, course: Path, output: Path | None, debug: bool) -> None:
    """Release, collect and grade neural-network assignments, with grades that cannot be forged.

    \b
    The order of a term: release → collect → grade → feedback.
    """
    ctx.ensure_object(dict)["debug"] = debug
    console = Console(stderr=True)
    ctx.obj["settings"] = Settings(course=course, output=output, console=console, reporter=TerminalReporter(console))


def _load(module: str, name: str) -> Callable[[], click.Command]:
    def load() -> click.Command:
        from importlib import import_module

        command = getattr(import_module(f"autograder.cli.{module}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong entry in the table below is our own slip
        return command

    return load


Root.commands_by_name = {
    "doctor": _load("doctor", "doctor"),
    "demo": _load("demo", "demo"),
    "new": _load("new", "new"),
    "status": _load("status", "status"),
    "schema": _load("course", "schema"),
    "data": _load("data_group", "data"),
    "import": _load("import_group", "import_group"),
    "release": _load("course", "release"),
    "variants": _load("variants_group", "variants"),
    "calibrate": _load("course", "calibrate"),
    "reproduce": _load("course", "reproduce"),
    "audit": _load("audit", "audit"),
    "preview": _load("preview", "preview"),
    "collect": _load("grading", "collect"),
    "build": _load("build_packages", "build"),
    "grade": _load("grading", "grade"),
    "watch": _load("watch", "watch"),
    "serve": _load("serve", "serve"),
    "submit": _load("submit", "submit"),
    "regrade": _load("regrade", "regrade"),
    "requests": _load("requests", "requests"),
    "feedback": _load("grading", "feedback"),
    "review": _load("review", "review"),
    "report": _load("report", "report"),
    "comment": _load("report", "comment"),
    "questions": _load("quiz", "questions"),
    "solutions": _load("solutions", "solutions"),
    "refit": _load("refit", "refit"),
    "leaderboard": _load("leaderboard", "leaderboard"),
    "export": _load("export_group", "export"),
    "return": _load("hand_back", "give_back"),
    "push": _load("push", "push"),
    "worker": _load("worker", "worker"),
    "packages": _load("packages", "packages"),
    "container": _load("container", "container"),
}


def settings(ctx: click.Context) -> Settings:
    """Return the root options of a command."""
    found = ctx.find_root().obj["settings"]
    assert isinstance(found, Settings)  # noqa: S101 - set by `cli` above, always
    return found


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end with a documented exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    context: dict[str, Any] = {"debug": False}
    with endings() as received:
        try:
            code = _command(arguments, context)
            return 128 + received[0] if received and code else code  # an error while the command ends is not a defect
        except Ended:
            with suppress(OSError):  # the terminal may be gone
                click.echo(f"Ended by {received[0].name}; the same command continues from here.", err=True)
            return 128 + received[0]


def _command(arguments: list[str] | None, context: dict[str, Any]) -> int:
    try:
        result = cli.main(args=arguments, prog_name="autograder", standalone_mode=False, obj=context)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; the same command continues from here.", err=True)
        return 130
    except AutograderError as error:
        if context["debug"]:
            traceback.print_exc()
        click.echo(f"autograder: {error}", err=True)
        return error.exit_code
    except Exception as error:
        if context["debug"]:
            traceback.print_exc()
        if isinstance(error, OSError) and (trouble := disk_trouble(error)):
            click.echo(f"autograder: {trouble}", err=True)
            return trouble.exit_code
        click.echo(f"autograder: a defect of the grader itself ({type(error).__name__}: {error}); "
                   "run the same command with --debug and report what it prints.", err=True)
        return 1
    return result if isinstance(result, int) else 0
