"""What a person gave to a command that runs notebooks, as one object, and the options that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from autograder.pipeline.session.options import RunOptions


class RunGiven(TypedDict, total=False):
    """The options that such commands share; a command has some of them."""

    students: tuple[str, ...]
    workers: int | None
    force: bool
    stand_in: bool
    unsafe: bool
    isolation: str | None
    no_gradebook: bool


def run_options(given: RunGiven) -> RunOptions:
    """Return the options of the run; what a command does not offer has its default."""
    from autograder.model import Isolation
    from autograder.pipeline.session.options import RunOptions

    isolation = given.get("isolation")
    return RunOptions(
        students=given.get("students", ()), workers=given.get("workers"), force=given.get("force", False),
        allow_stand_in=given.get("stand_in", False), unsafe=given.get("unsafe", False),
        gradebook=not given.get("no_gradebook", False), isolation=Isolation(isolation) if isolation else None)
