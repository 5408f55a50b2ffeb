"""What questions call tasks and networks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

GRADED = "In the run of your notebook that was graded"


class Named(Protocol):
    """A fact about something that a variable holds after a task."""

    @property
    def task(self) -> str:
        """The task's id."""

    @property
    def name(self) -> str:
        """The variable."""


@dataclass(frozen=True)
class Names:
    """The names of an assignment's tasks, by id, as students read them."""

    tasks: Mapping[str, str]

    def task(self, task: str) -> str:
        """Return what people call a task."""
        return self.tasks.get(task, task)

    def network(self, fact: Named) -> str:
        """Return what people call a network: its variable, and the task after which it is meant."""
        return f"`{fact.name}` ({self.task(fact.task)})"


def ordinal(place: int) -> str:
    """Return 1st, 2nd, 3rd, 4th …, in words up to ten."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[place - 1] if 1 <= place <= len(words) else f"{place}th"
