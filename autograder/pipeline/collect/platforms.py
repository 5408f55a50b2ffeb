"""One recognizer per learning platform: each reads the outermost folder or name, which the platform made.

Students choose the names of files and of everything below that folder, so no recognizer looks there for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from autograder.pipeline.collect.blackboard import read_blackboard
from autograder.pipeline.collect.canvas import read_canvas
from autograder.pipeline.collect.claims import EXCHANGE_ZONE, Claim, Place
from autograder.pipeline.collect.github import read_github
from autograder.pipeline.collect.gradescope_export import is_submission
from autograder.pipeline.collect.times import parse_moment

Claims = tuple[Claim, ...]


@dataclass(frozen=True, kw_only=True)
class Platform:
    """How one platform names hand-ins.

    Args:
        form: the pattern as it is documented, and shown when a name matches nothing.
        resembles: matches names that were probably meant to have this form.
        weak: other names match the form too, so any other platform's claim is preferred.
    """

    name: str
    system: str
    form: str
    resembles: re.Pattern[str]
    read: Callable[[Place], Claims]
    weak: bool = False


_EXCHANGE: Final = re.compile(
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)"
    r"\+(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[ _T][0-9]{2}[:_-][0-9]{2}[:_-][0-9]{2}[^+]*(?:\+[0-9]{4})?)(?:\+.*)?"
)


def _exchange(place: Place) -> Claims:
    match = _EXCHANGE.fullmatch(place.parts[0]) if len(place.parts) > 1 else None
    if match is None:
        return ()
    time = match["time"]
    # Unpacked on Windows, the colons are underscores.
    time = f"{time[:10]} {time[11:19].replace('_', ':')}{time[19:].replace('_', ' ')}"
    return (Claim(layout="nbgrader exchange", system="id", keys=(match["student"],), assignment=match["assignment"],
                  time=time, zone=EXCHANGE_ZONE),)


# Moodle replaces every underscore of a name by a space, so the first number in this place is the participant's.
_MOODLE: Final = re.compile(r"(?P<name>.*?)_(?P<user>[0-9]+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
_MOODLE_MARK: Final = re.compile(r"_[0-9]+_assignsubmission_")
# Add-ons and translated installations name the last part differently; then only a folder with Moodle's underscore at
# its end is treated as Moodle's.
_MOODLE_LOCAL: Final = re.compile(
    r"(?P<name>[^_]+)_(?P<user>[0-9]+)_(?=[^/]*(?:submission|onlinetext|file|datei|abgabe|einreichung|aufgabe|texteingabe|"
    r"fichier|remis|devoir|texte|archivo|tarea|entrega|texto|arquivo|ficheiro|envio|consegna|compito|testo|bestand|"
    r"inzending|opdracht|inlevering|plik|zadani|odevzd|soubor|fil|tiedosto|dosya|ödev|файл|ответ|задани|文件|作业|"
    r"ファイル|提出|課題|파일|과제))[^\W\d][^/]*_", re.IGNORECASE)


def _moodle(place: Place) -> Claims:
    match = _MOODLE.fullmatch(place.parts[0])
    if match is None and len(place.parts) > 1:
        match = _MOODLE_LOCAL.fullmatch(place.parts[0])
    if match is None:
        return ()
    problem = None
    if len(_MOODLE_MARK.findall(place.parts[0].replace("_assignsubmission_", "_assignsubmission__"))) > 1:
        problem = "names two participants: find out whose it is, and rename it"
    return (Claim(layout="Moodle", system="moodle", keys=(match["user"],), name=match["name"], problem=problem),)


_BRIGHTSPACE_ID: Final = re.compile(r"[0-9]+(?:-[0-9]+)?")


def _brightspace(place: Place) -> Claims:
    pieces = place.parts[0].split(" - ")
    if len(pieces) < 3 or not _BRIGHTSPACE_ID.fullmatch(pieces[0]):
        return ()
    in_folder = len(place.parts) > 1
    times = pieces[2:] if in_folder else pieces[2:-1]  # the last piece is then the file's own name
    readable = [number for number, text in enumerate(times) if parse_moment(text) is not None]
    expected = len(times) - 1 if in_folder else 0
    time = " - ".join(times)
    flags: tuple[str, ...] = ()
    if expected in readable:
        # A person's or a file's name may look like a date too. Taking the latest one gives nobody an advantage.
        time = max((times[number] for number in readable), key=lambda text: _sortable(parse_moment(text)))
        flags = ("Its name holds more than one time, of which the latest was taken.",) if len(readable) > 1 else ()
    numbers = pieces[0].split("-")
    keys = (pieces[0], *numbers) if len(numbers) > 1 and place.context.class_list else (pieces[0],)
    return (Claim(layout="Brightspace", system="brightspace", keys=keys, name=pieces[1], time=time,
                  flags=flags),)


def _sortable(moment: datetime | None) -> datetime:
    return (moment or datetime.min).replace(tzinfo=None)


def _gradescope(place: Place) -> Claims:
    if len(place.parts) == 1 or not is_submission(place.parts[0]):
        return ()
    if place.context.submissions is None:
        problem = "needs submission_metadata.yml of the same export next to it: collect the whole export"
    else:
        if claims := place.context.submissions.get(place.parts[0].casefold()):
            return claims
        problem = "is not in submission_metadata.yml: export the submissions again"
    return (Claim(layout="Gradescope", system="gradescope", keys=(), problem=problem),)


_SAKAI: Final = re.compile(r"(?P<name>[^()]*?)\s*\((?P<user>[^()]+)\)")


def _sakai(place: Place) -> Claims:
    match = _SAKAI.fullmatch(place.parts[0]) if len(place.parts) > 1 else None
    if match is None or not ("," in match["name"] or place.parts[1].startswith("Submission attachment")):
        return ()
    return (Claim(layout="Sakai", system="sakai", keys=(match["user"],), name=match["name"]),)


def _google(place: Place) -> Claims:
    name, joint, rest = place.parts[0].partition(" - ")
    if joint and name.strip().casefold() in place.context.titles:
        name = PurePosixPath(rest).stem  # the file of an assignment was renamed: <assignment> - <name>
    if not joint or not name.strip():
        return ()
    flag = "Google Drive files carry the name that a student gave them: see in Classroom who handed this in."
    return (Claim(layout="Google Classroom", system="google", keys=(name.strip(),), name=name.strip(), flags=(flag,)),)


PLATFORMS: Final[tuple[Platform, ...]] = (
    Platform(name="exchange", system="id", form="<student>+<assignment>+<time>/<file>",
             resembles=re.compile(r"\+"), read=_exchange),
    Platform(name="moodle", system="moodle", form="<name>_<number>_assignsubmission_file_/<file>",
             resembles=re.compile(r"assignsubm|assign_?submission|^[^_]+_[0-9]+_.*_$", re.IGNORECASE), read=_moodle),
    Platform(name="blackboard", system="blackboard", form="<assignment>_<user>_attempt_<yyyy-mm-dd-hh-mm-ss>_<file>",
             resembles=re.compile(r"_attempt|_[0-9]{4}(?:-[0-9]{2}){5}", re.IGNORECASE), read=read_blackboard),
    Platform(name="canvas", system="canvas", form="<name>_<user number>_<file number>_<file>",
             resembles=re.compile(r"_(?:LATE|[0-9]+)_[0-9]+"), read=read_canvas),
    Platform(name="brightspace", system="brightspace", form="<number> - <name> - <date>/<file>",
             resembles=re.compile(r"^[0-9]+(?:-[0-9]+)? - | - [^-]*[0-9]{4}"), read=_brightspace),
    Platform(name="gradescope", system="gradescope", form="submission_<number>/<file> with submission_metadata.yml",
             resembles=re.compile(r"^(?:submission|assignment)_[0-9]+", re.IGNORECASE), read=_gradescope),
    Platform(name="sakai", system="sakai", form="<last>, <first>(<user>)/Submission attachment(s)/<file>",
             resembles=re.compile(r"\([^()]*\)$|submission attachment", re.IGNORECASE), read=_sakai),
    Platform(name="github", system="github", form="<assignment>-submissions/<assignment>-<user>/<file>",
             resembles=re.compile(r"-submissions?"), read=read_github, weak=True),
    Platform(name="google", system="google", form="<name> - <file>, with students.csv",
             resembles=re.compile(r" - |^copy of ", re.IGNORECASE), read=_google, weak=True),
)
PLAIN_FORM: Final = "<student>/<assignment>.ipynb"
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def resembled(name: str) -> Platform | None:
    """Return the platform whose form a name was probably meant to have."""
    return next((platform for platform in PLATFORMS if platform.resembles.search(name)), None)


def is_plain(name: str) -> bool:
    """Whether a name may be a student's id if there is no class list."""
    return resembled(name) is None and _DATED.search(name) is None


def nearest(parts: tuple[str, ...]) -> str:
    """Return the pattern that is most similar to a path, for a refusal."""
    found = next((platform for part in parts for platform in (resembled(part),) if platform), None)
    return f"{found.name}'s {found.form}" if found else PLAIN_FORM
