"""What a name says about a hand-in: read from the platform's part of a path alone, never from what lies below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from autograder.model import TimeSource
from autograder.pipeline.collect.entries import visible


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Whose a file is, and when it was handed in, in the words of one platform.

    Args:
        keys: how the platform names the person. Several only where one name can be read in more than one way; all that
            are known must then be the same person.
        time: as written, empty where there is none.
        zone: of a ``time`` that names none; None: the zone of the due date.
        attempt: a number in the name, by which files of one time are sorted.
        numbers_hand_ins: that number is of the whole hand-in. Canvas numbers files, whose names students choose.
        problem: a sentence, where the layout is clear but the person cannot be read.
    """

    layout: str
    system: str
    keys: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    assignment: str | None = None
    time: str = ""
    zone: tzinfo | None = None
    time_source: TimeSource = TimeSource.NAME
    marked_late: bool = False
    attempt: int = 0
    numbers_hand_ins: bool = False
    problem: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The claim for a receipt, such as ``Canvas: 1234``."""
        return visible(f"{self.layout}: {self.keys[0] if self.keys else self.name or '?'}")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The platform's path of one file, without folders around the class."""

    parts: tuple[str, ...]
    assignment: str | None = None
    context: Context


@dataclass(frozen=True, kw_only=True)
class Context:
    """What recognizers know about the course and the whole source.

    ``titles`` maps every spelling of an assignment to its id; ``common`` is what all of Blackboard's names begin with
    where there are at least two; ``submissions`` is Gradescope's list, None where the source has none.
    """

    titles: dict[str, str] = field(default_factory=dict)
    common: str | None = None
    submissions: dict[str, tuple[Claim, ...]] | None = None
    class_list: bool = False


EXCHANGE_ZONE = UTC
"""nbgrader writes its time stamps in UTC unless told otherwise."""
