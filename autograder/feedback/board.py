"""The leaderboard of an open task: nicknames that students chose, made harmless, and ranks. Pure.

A nickname is untrusted text. It is shown only after removing everything invisible, and never when it could be
somebody's id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence

from rich.table import Table
from rich.text import Text

from autograder.feedback.page import encodable, environment
from autograder.model import Value

LONGEST_NAME = 30
ANONYMOUS = "(a name that is not shown)"
SHORTEST_ID = 3
"""Shorter ids are compared only with whole names: they occur in many words by chance."""
_MARKS_IN_A_ROW = 2
_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\u034f"
"""Characters that count as printable although they are invisible."""


class Score(Value):
    """What counts for the board: the student's nickname, and the grader's measurements."""

    nickname: str
    accuracy: float
    parameters: int


class Place(Value):
    """One line of the board."""

    rank: int
    name: str
    accuracy: float
    parameters: int


def shown_name(text: str, ids: Collection[str] = ()) -> str:
    """Return a nickname in the form to show, at most 30 characters on one line; empty: nothing is shown.

    Invisible characters, characters that change the direction of writing, and stacked accents are left out.

    Args:
        ids: student ids, none of which may appear on the board.
    """
    composed = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if sign.isspace() else sign for sign in composed
                      if sign.isspace() or (sign.isprintable() and sign not in _BLANK))
    name = _without_towers(" ".join(visible.split()))[:LONGEST_NAME].strip()
    plain = name.casefold()
    if any(plain == one.casefold() or (len(one) >= SHORTEST_ID and one.casefold() in plain) for one in ids):
        return ANONYMOUS
    return name


def places(scores: Iterable[Score], ids: Collection[str] = ()) -> tuple[Place, ...]:
    """Return the board: the highest accuracy first, then the fewest parameters; ties share a rank.

    Equal names are distinguished by a number. Students without a nickname are not on the board.
    """
    named = [(name, score) for score in scores if (name := shown_name(score.nickname, ids))]
    named.sort(key=lambda item: (-item[1].accuracy, item[1].parameters, item[0]))
    found: list[Place] = []
    seen: dict[str, int] = {}
    for number, (name, score) in enumerate(named, start=1):
        before = found[-1] if found else None
        tie = before is not None and (before.accuracy, before.parameters) == (score.accuracy, score.parameters)
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        found.append(Place(rank=before.rank if tie and before else number, accuracy=score.accuracy,
                           parameters=score.parameters, name=name if count == 1 else f"{name} ({count})"))
    return tuple(found)


def _without_towers(text: str) -> str:
    """Return text in which no character has more than two combining marks: more would cover other lines."""
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def board_table(board: Sequence[Place]) -> Table:
    """Return the board for a terminal; names are not interpreted as markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("rank", justify="right", no_wrap=True)
    table.add_column("name", overflow="fold")
    table.add_column("accuracy", justify="right", no_wrap=True)
    table.add_column("parameters", justify="right", no_wrap=True)
    for place in board:
        table.add_row(str(place.rank), Text(place.name), f"{place.accuracy:.4f}", f"{place.parameters:,}")
    return table


def render_leaderboard(board: Sequence[Place], title: str) -> str:
    """Return the board as one HTML file that needs neither network nor JavaScript; every name is escaped."""
    return encodable(environment().get_template("leaderboard.html.j2").render(board=board, title=title))
