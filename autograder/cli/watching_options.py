"""The options that `watch` and `serve` share: how what arrives is graded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import click

from autograder.cli.workers_option import workers_option

_OPTIONS = (
    workers_option("Submissions"),
    click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing."),
    click.option("--unsafe", is_flag=True, help="Run student code WITHOUT isolation where the machine offers none."),
    click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
                 help="Use this mode instead of the best one."),
    click.option("--no-gradebook", is_flag=True, help="Write results and pages only."),
)


class Watching(TypedDict):
    """What a command gets of them."""

    workers: int | None
    stand_in: bool
    unsafe: bool
    isolation: str | None
    no_gradebook: bool


def watching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, in the order in which its help lists them."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command
