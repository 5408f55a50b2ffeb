"""The option `--workers` of every command that runs notebooks, and its former name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

RENAMED = "The option --lanes is now called --workers; please use the new name."
_NUMBER = click.IntRange(min=1)


def workers_option(what: str, *, default: str | None = "one per core") -> Callable[[Callable[..., Any]], Any]:
    """Return the decorator that adds ``--workers`` to a command, which gets it as ``workers``, None where not given.

    ``--lanes``, the former name, still works and is not listed; it prints one sentence to standard error.

    Args:
        what: what runs at the same time: "Submissions".
        default: how the help describes the default; None: not at all.
    """
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def called(*args: Any, lanes: int | None, workers: int | None, **others: Any) -> Any:
            if lanes is not None:
                click.echo(RENAMED, err=True)
            return command(*args, workers=lanes if workers is None else workers, **others)

        hidden = click.option("--lanes", type=_NUMBER, default=None, hidden=True, help="Use --workers.")(called)
        return click.option("--workers", type=_NUMBER, default=None, show_default=default,
                            help=f"{what} at the same time.")(hidden)

    return add
