"""Names in a download of Blackboard: ``<assignment>_<user>_attempt_<time>_<file>``, and the text file of each attempt.

Titles and users may both contain underscores. Where the title ends is known from the course's assignments, from the
text file ``<assignment>_<user>_attempt_<time>.txt`` that Blackboard adds, or from what all names have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from autograder.course import is_student_id
from autograder.errors import SubmissionError
from autograder.pipeline.collect.claims import Claim, Place
from autograder.pipeline.collect.entries import Entry

# Blackboard writes the word in the language of the installation.
_WORDS: Final = ("versuch|poging|intento|tentative|tentativa|tentativo|intent|forsøk|forsøg|försök|yritys|deneme|"
                 "pokus|próba|попытка|محاولة|尝试|嘗試|試行|시도")
_TIME: Final = r"[0-9]{4}(?:-[0-9]{2}){5}"
_NAME: Final = re.compile(
    rf"(?P<prefix>.+?)_(?:attempt_(?P<time>[0-9][0-9-]*[0-9])|(?:{_WORDS})_(?P<local>{_TIME}))(?P<rest>_.+|\.txt)",
    re.DOTALL | re.IGNORECASE)
_USER: Final = re.compile(r"\(([^()\s]+)\)\s*$")
_MAX_TEXT: Final = 2**20
_ENOUGH_NAMES: Final = 3
"""So many users' names rarely begin with the same letters, so their common prefix is the assignment's title."""


def blackboard_prefix(name: str) -> str | None:
    """Return Blackboard's ``<assignment>_<user>``, or None if the name is not one of Blackboard's."""
    match = _NAME.fullmatch(name)
    return match["prefix"] if match else None


def is_blackboards_text(name: str) -> bool:
    """Whether it is the file that Blackboard adds to each attempt. A student's file is always ``…_<time>_<file>``."""
    match = _NAME.fullmatch(name)
    return match is not None and match["rest"].lower() == ".txt"


def users_of_texts(texts: Iterable[tuple[str, Entry]]) -> dict[str, str]:
    """Return the user of each ``<assignment>_<user>``, which a text file's first line names: ``Name: … (user)``.

    Args:
        texts: names and files at the root of the download.
    """
    found = {}
    for name, entry in texts:
        match = _NAME.fullmatch(name)
        if match is None or not is_blackboards_text(name) or match["prefix"] in found:
            continue
        try:
            head = entry.load(_MAX_TEXT).decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
        except SubmissionError:
            continue
        user = _USER.search(head[:1000])
        if user is not None and match["prefix"].endswith("_" + user[1]):
            found[match["prefix"]] = user[1]
    return found


def read_blackboard(place: Place) -> tuple[Claim, ...]:
    """Return the claim of a name that Blackboard made, or nothing."""
    match = _NAME.fullmatch(place.parts[0])
    if match is None or "_" not in match["prefix"]:
        return ()
    prefix, titles = match["prefix"], place.context.titles
    cuts = [at for at, char in enumerate(prefix) if char == "_" and 0 < at < len(prefix) - 1]
    known = [at for at in cuts if prefix[:at].casefold() in titles]
    assignment = titles[prefix[: known[-1]].casefold()] if known else None
    users = (prefix[known[-1] + 1 :],) if known else _users(prefix, cuts, place)
    problem = None if users else "has no user's name after the assignment's: rename it"
    if len(users) > 1 and not place.context.class_list:
        problem = "may end the assignment's name at several places: list the class in course.yml or students.csv"
    return (Claim(layout="Blackboard", system="blackboard", keys=users, assignment=assignment,
                  time=match["time"] or match["local"], problem=problem),)


def _users(prefix: str, cuts: Sequence[int], place: Place) -> tuple[str, ...]:
    """Return the users that a name with an unknown title may mean, shortest first."""
    if (user := place.context.blackboard_users.get(prefix)) is not None:
        return (user,)
    common = place.context.common
    if common is not None:
        cuts = [at for at in cuts if prefix[: at + 1] == common[: at + 1]]
    found = [prefix[at + 1 :] for at in reversed(cuts)]
    possible = [user for user in found if is_student_id(user)] or found
    return tuple(possible[:1] if place.context.blackboard_names >= _ENOUGH_NAMES else possible)
