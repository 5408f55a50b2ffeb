"""What a name says about a hand-in: read only from the part of a path that the platform made, never from the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from autograder.model import TimeSource
from autograder.pipeline.collect.entries import visible


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Whose a file is, and when it was handed in, in the words of one platform.

    Args:
        keys: how the platform names the person. There are several only if a name has more than one reading; all known
            ones must then be the same person.
        time: as written, empty if there is none.
        zone: of a ``time`` that names none; None: the zone of the due date.
        attempt: a number in the name, by which files with the same time are sorted.
        numbers_hand_ins: whether that number is of the whole hand-in.
        grows: whether the platform gave that number to the file, so that later uploads get higher ones.
        problem: a sentence, if the layout is clear but the person is not.
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
    grows: bool = False
    problem: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """All that the platform says about the person, if two people's hand-ins could have the same key.

        On Gradescope people type their own student numbers.
        """
        return " ".join((*self.keys, self.name)) if self.system in ("gradescope", "moodle") else ""

    @property
    def text(self) -> str:
        """The claim for a receipt, such as ``Canvas: 1234``."""
        return visible(f"{self.layout}: {self.keys[0] if self.keys else self.name or '?'}")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The platform's path of one file, without the folders around the class.

    ``in_repositories``: the folder that names ``assignment`` is one that GitHub Classroom makes for its repositories.
    """

    parts: tuple[str, ...]
    assignment: str | None = None
    in_repositories: bool = False
    context: Context


@dataclass(frozen=True, kw_only=True)
class Repositories:
    """What GitHub Classroom's repositories in one source have in common.

    Args:
        titles: the spellings of assignments' names with which all of them begin, longest first.
        have_branches: all of them end with a branch's name, as in the zip that GitHub makes of a repository.
    """

    titles: tuple[str, ...] = ()
    have_branches: bool = False


@dataclass(frozen=True, kw_only=True)
class Context:
    """What recognizers know about the course and the whole source.

    ``titles`` maps every spelling of an assignment to its id; ``submissions`` is Gradescope's list, None if the source
    has none; ``canvas_digits`` is the fewest and most digits of Canvas's file numbers. ``common`` is the prefix of all
    of Blackboard's ``<assignment>_<user>`` if there are at least two, ``blackboard_names`` how many there are, and
    ``blackboard_users`` the users that its text files name. ``repositories`` is what GitHub's have in common.
    """

    titles: dict[str, str] = field(default_factory=dict)
    canvas_digits: tuple[int, int] | None = None
    common: str | None = None
    blackboard_names: int = 0
    blackboard_users: dict[str, str] = field(default_factory=dict)
    repositories: Repositories = field(default_factory=Repositories)
    submissions: dict[str, tuple[Claim, ...]] | None = None
    class_list: bool = False


EXCHANGE_ZONE = UTC
"""nbgrader writes its time stamps in UTC unless it is configured otherwise."""
