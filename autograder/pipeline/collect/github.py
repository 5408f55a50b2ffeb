"""GitHub Classroom's folders: ``<assignment>-submissions/<assignment>-<user>``, and other downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from autograder.pipeline.collect.claims import Claim, Place, Repositories

# The command line makes the first form, Classroom Assistant the second: <assignment>-<mm-dd-yyyy-hh-mm-ss>/<user>.
_AROUND: Final = re.compile(
    r"(?P<title>.+?)(?:-submissions(?:-[0-9-]+)?|-[0-9]{2}-[0-9]{2}-[0-9]{4}(?:-[0-9]{2}){3})", re.IGNORECASE)
_BRANCH: Final = re.compile(r"(?P<user>.+)-(?:main|master)", re.IGNORECASE)


def assignment_around(name: str, titles: Mapping[str, str]) -> str | None:
    """Return the assignment whose repositories are in a folder of this name."""
    match = _AROUND.fullmatch(name)
    return titles.get(match["title"].casefold()) if match else None


def compare_repositories(folders: Iterable[str], titles: Mapping[str, str]) -> Repositories:
    """Return what the outermost folders of a source have in common."""
    named = [folder.casefold() for folder in folders]
    named = [folder for folder in named if _titles_of(folder, titles)]
    common = [title for title in titles if named and all(title in _titles_of(folder, titles) for folder in named)]
    return Repositories(titles=tuple(sorted(common, key=len, reverse=True)),
                        have_branches=len(named) > 1 and all(_BRANCH.fullmatch(folder) for folder in named))


def _titles_of(folder: str, titles: Iterable[str]) -> list[str]:
    return [title for title in titles if folder.startswith(title + "-") and len(folder) > len(title) + 1]


def read_github(place: Place) -> tuple[Claim, ...]:
    """Return the claim of a repository's folder, or nothing."""
    if len(place.parts) == 1:
        return ()
    folder, context = place.parts[0], place.context
    titles = context.titles
    if place.in_repositories:
        titles = {title: name for title, name in titles.items() if name == place.assignment}
    elif context.repositories.titles:
        titles = {title: titles[title] for title in context.repositories.titles}
    fits = sorted(_titles_of(folder.casefold(), titles), key=len, reverse=True)
    if not fits:
        if not place.in_repositories:
            return ()
        return (Claim(layout="GitHub Classroom", system="github", keys=(folder,), assignment=place.assignment),)
    problem = None
    if len({titles[title] for title in fits}) > 1:
        problem = f"may answer {' or '.join(sorted({titles[title] for title in fits}))}: collect each one by itself"
    users = _users([folder[len(title) + 1 :] for title in fits], place)
    if len(users) > 1 and not context.class_list:
        if _BRANCH.fullmatch(users[0]):
            problem = problem or "may end with a branch's name: list the class in course.yml or students.csv"
        users = users[:1]
    return (Claim(layout="GitHub Classroom", system="github", keys=users, assignment=titles[fits[0]],
                  problem=problem),)


def _users(users: list[str], place: Place) -> tuple[str, ...]:
    """Return the users that a folder may name. A user's own name may end like a branch's."""
    without = [match["user"] for user in users if (match := _BRANCH.fullmatch(user))]
    if place.context.repositories.have_branches and not place.context.class_list:
        return tuple(without[:1])
    return tuple(dict.fromkeys((*users, *without)))
