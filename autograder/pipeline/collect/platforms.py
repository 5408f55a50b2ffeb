"""One recognizer per learning platform: each reads the outermost folder or name, which the platform wrote.

A student chooses what the file is called and what lies below that folder. No recognizer looks there for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from autograder.pipeline.collect.claims import EXCHANGE_ZONE, Claim, Place
from autograder.pipeline.collect.times import parse_moment

Claims = tuple[Claim, ...]


@dataclass(frozen=True, kw_only=True)
class Platform:
    """How one platform names hand-ins.

    Args:
        form: the pattern as it is documented and shown when a name fits nothing.
        resembles: what a name looks like that was probably meant to have this form.
        weak: other people's names fit the form too, so any other platform's claim is preferred.
    """

    name: str
    system: str
    form: str
    resembles: re.Pattern[str]
    read: Callable[[Place], Claims]
    weak: bool = False


_EXCHANGE: Final = re.compile(
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)"
    r"\+(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[ _T][0-9]{2}[:-][0-9]{2}[:-][0-9]{2}[^+]*(?:\+[0-9]{4})?)(?:\+.*)?"
)


def _exchange(place: Place) -> Claims:
    match = _EXCHANGE.fullmatch(place.parts[0]) if len(place.parts) > 1 else None
    if match is None:
        return ()
    return (Claim(layout="nbgrader exchange", system="id", keys=(match["student"],), assignment=match["assignment"],
                  time=match["time"].replace("_", " "), zone=EXCHANGE_ZONE),)


# Canvas takes care that no name holds _<digits>_, so the first such numbers are its own: the user's and the file's.
_CANVAS: Final = re.compile(
    r"(?P<name>.*?)_(?:(?P<late>LATE)_)?(?P<user>[0-9]+)_(?:[0-9]+_(?P<file>.+)|text\.html)", re.DOTALL)
_CANVAS_ANONYMOUS: Final = re.compile(
    r"anon_(?:(?P<late>LATE)_)?(?P<user>[0-9A-Za-z]{5})_(?:[0-9]+_(?P<file>.+)|text\.html)", re.DOTALL)
_ATTEMPT: Final = re.compile(r"-([0-9]{1,3})$")


def _canvas(place: Place) -> Claims:
    name = place.parts[0]
    match = (_CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)) if len(place.parts) == 1 else None
    if match is None:
        return ()
    stem = (match["file"] or "").rsplit(".", 1)[0]
    attempt = _ATTEMPT.search(stem)
    return (Claim(layout="Canvas", system="canvas", keys=(match["user"],), marked_late=match["late"] is not None,
                  attempt=int(attempt[1]) if attempt else 0),)


# Moodle replaces every underscore of a name by a space, so the first number in this place is the participant's.
_MOODLE: Final = re.compile(r"(?P<name>.*?)_(?P<user>[0-9]+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
_MOODLE_MARK: Final = re.compile(r"_[0-9]+_assignsubmission_")


def _moodle(place: Place) -> Claims:
    match = _MOODLE.fullmatch(place.parts[0])
    if match is None:
        return ()
    problem = None
    if len(_MOODLE_MARK.findall(place.parts[0].replace("_assignsubmission_", "_assignsubmission__"))) > 1:
        problem = "names two participants: find out whose it is, and rename it"
    return (Claim(layout="Moodle", system="moodle", keys=(match["user"],), name=match["name"], problem=problem),)


_BLACKBOARD: Final = re.compile(
    r"(?P<prefix>.+?)_attempt_(?P<time>[0-9][0-9-]*[0-9])(?:_(?P<file>.+)|\.txt)", re.DOTALL)


def blackboard_prefix(name: str) -> str | None:
    """Return Blackboard's ``<assignment>_<user>``, or None where the name is not its own."""
    match = _BLACKBOARD.fullmatch(name)
    return match["prefix"] if match else None


def _blackboard(place: Place) -> Claims:
    match = _BLACKBOARD.fullmatch(place.parts[0])
    if match is None or "_" not in match["prefix"]:
        return ()
    prefix, titles = match["prefix"], place.context.titles
    cuts = [at for at, char in enumerate(prefix) if char == "_" and 0 < at < len(prefix) - 1]
    own = [at for at in cuts if prefix[:at].casefold() in titles]
    assignment = titles[prefix[: own[-1]].casefold()] if own else None
    if not own:
        # The title is what all names of a download begin with; with one name alone it may end at any underscore.
        common = place.context.common
        own = cuts if common is None else [at for at in cuts if prefix[: at + 1] == common[: at + 1]][-1:]
    keys = tuple(prefix[at + 1 :] for at in own[-1:] if assignment) or tuple(prefix[at + 1 :] for at in own)
    problem = None if keys else "has no user's name after the assignment's: rename it"
    if len(keys) > 1 and not place.context.class_list:
        problem = "may end the assignment's name at several places: list the class in course.yml or students.csv"
    return (Claim(layout="Blackboard", system="blackboard", keys=keys[::-1], assignment=assignment, time=match["time"],
                  problem=problem),)


_BRIGHTSPACE_ID: Final = re.compile(r"[0-9]+(?:-[0-9]+)?")


def _brightspace(place: Place) -> Claims:
    pieces = place.parts[0].split(" - ")
    if len(pieces) < 3 or not _BRIGHTSPACE_ID.fullmatch(pieces[0]):
        return ()
    times = pieces[2:] if len(place.parts) > 1 else pieces[2:-1]  # the last piece is then the file's own name
    readable = [text for text in times if parse_moment(text) is not None]
    # A person's or a file's name may look like a date: then none of them is believed.
    time = readable[0] if len(readable) == 1 else " - ".join(times)
    numbers = pieces[0].split("-")
    keys = (pieces[0], *numbers) if len(numbers) > 1 and place.context.class_list else (pieces[0],)
    return (Claim(layout="Brightspace", system="brightspace", keys=keys, name=pieces[1], time=time),)


_GRADESCOPE: Final = re.compile(r"submission_([0-9]+)")


def _gradescope(place: Place) -> Claims:
    match = _GRADESCOPE.fullmatch(place.parts[0]) if len(place.parts) > 1 else None
    if match is None:
        return ()
    if place.context.submissions is None:
        problem = "needs submission_metadata.yml of the same export next to it: collect the whole export"
    else:
        if claims := place.context.submissions.get(match[0]):
            return claims
        problem = "is not in submission_metadata.yml: export the submissions again"
    return (Claim(layout="Gradescope", system="gradescope", keys=(), problem=problem),)


_SAKAI: Final = re.compile(r"(?P<name>[^()]*?)\s*\((?P<user>[^()]+)\)")


def _sakai(place: Place) -> Claims:
    match = _SAKAI.fullmatch(place.parts[0]) if len(place.parts) > 1 else None
    if match is None or not ("," in match["name"] or place.parts[1].startswith("Submission attachment")):
        return ()
    return (Claim(layout="Sakai", system="sakai", keys=(match["user"],), name=match["name"]),)


def _github(place: Place) -> Claims:
    if len(place.parts) == 1:
        return ()
    folder = place.parts[0].casefold()
    for title in sorted(place.context.titles, key=len, reverse=True):
        if folder.startswith(title + "-") and len(folder) > len(title) + 1:
            return (Claim(layout="GitHub Classroom", system="github", keys=(place.parts[0][len(title) + 1 :],),
                          assignment=place.context.titles[title]),)
    return ()


def _google(place: Place) -> Claims:
    name, joint, _ = place.parts[0].partition(" - ")
    if not joint or not name.strip():
        return ()
    flag = "Google Drive files carry the name that a student gave them: see in Classroom who handed this in."
    return (Claim(layout="Google Classroom", system="google", keys=(name.strip(),), name=name.strip(), flags=(flag,)),)


PLATFORMS: Final[tuple[Platform, ...]] = (
    Platform(name="exchange", system="id", form="<student>+<assignment>+<time>/<file>",
             resembles=re.compile(r"\+"), read=_exchange),
    Platform(name="moodle", system="moodle", form="<name>_<number>_assignsubmission_file_/<file>",
             resembles=re.compile(r"assignsubm|assign_?submission", re.IGNORECASE), read=_moodle),
    Platform(name="blackboard", system="blackboard", form="<assignment>_<user>_attempt_<yyyy-mm-dd-hh-mm-ss>_<file>",
             resembles=re.compile(r"_attempt", re.IGNORECASE), read=_blackboard),
    Platform(name="canvas", system="canvas", form="<name>_<user number>_<file number>_<file>",
             resembles=re.compile(r"_(?:LATE|[0-9]+)_[0-9]+"), read=_canvas),
    Platform(name="brightspace", system="brightspace", form="<number> - <name> - <date>/<file>",
             resembles=re.compile(r"^[0-9]+(?:-[0-9]+)? - | - [^-]*[0-9]{4}"), read=_brightspace),
    Platform(name="gradescope", system="gradescope", form="submission_<number>/<file> with submission_metadata.yml",
             resembles=re.compile(r"^(?:submission|assignment)_[0-9]+", re.IGNORECASE), read=_gradescope),
    Platform(name="sakai", system="sakai", form="<last>, <first>(<user>)/Submission attachment(s)/<file>",
             resembles=re.compile(r"\([^()]*\)$|submission attachment", re.IGNORECASE), read=_sakai),
    Platform(name="github", system="github", form="<assignment>-submissions/<assignment>-<user>/<file>",
             resembles=re.compile(r"-submissions?"), read=_github, weak=True),
    Platform(name="google", system="google", form="<name> - <file>, with students.csv",
             resembles=re.compile(r" - |^copy of ", re.IGNORECASE), read=_google, weak=True),
)
PLAIN_FORM: Final = "<student>/<assignment>.ipynb"
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def resembled(name: str) -> Platform | None:
    """Return the platform whose form a name probably was meant to have."""
    return next((platform for platform in PLATFORMS if platform.resembles.search(name)), None)


def is_plain(name: str) -> bool:
    """Whether a name may be a student's id where there is no class list."""
    return resembled(name) is None and _DATED.search(name) is None


def nearest(parts: tuple[str, ...]) -> str:
    """Return the pattern that a path comes nearest to, for a refusal."""
    found = next((platform for part in parts for platform in (resembled(part),) if platform), None)
    return f"{found.name}'s {found.form}" if found else PLAIN_FORM
