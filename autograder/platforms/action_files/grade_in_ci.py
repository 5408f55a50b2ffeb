"""Grade one hand-in in any CI: `python autograder.py [NOTEBOOK OR FOLDER]` writes result.json, whatever happens.

Needs the package in this Python, and the course: the folder `course` next to this file, --course, or AUTOGRADER_COURSE.
Ends with 0 where result.json says what became of the hand-in, with 1 where the grader itself failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

ASSIGNMENT: Final = ""
SECONDS: Final = 1800
STAND_IN: Final = False
SCHEMA: Final = "classroom50/result/v1"
LARGEST: Final = 64 << 20
"""Most bytes of a notebook; the course's own limit is lower."""
KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "AUTOGRADER_DATA")
"""What the grader gets of the environment: no token of the CI."""
IDENTITY: Final = {"classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG",
                   "commit": "COMMIT_URL", "release": "RELEASE_URL", "review": "REVIEW_URL"}
"""Fields of result.json that Classroom 50 gives in the environment."""


def not_graded(sentence: str) -> dict[str, Any]:
    """Return a result without points: 0 of 0, which is no grade."""
    return {"graded": False, "score": 0, "max-score": 0, "waiting": 0, "output": [sentence], "tests": []}


def write(target: Path, result: dict[str, Any]) -> None:
    """Write result.json in one step, with whose it is."""
    whose = {field: os.environ.get(variable) or "-" for field, variable in IDENTITY.items()}
    whose["assignment"] = os.environ.get("ASSIGNMENT") or ASSIGNMENT
    document = {"schema": SCHEMA, **whose, "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **result}
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(json.dumps(document, indent=2, allow_nan=False), encoding="utf-8")
    partial.replace(target)


def hand_in(place: Path) -> Path | str:
    """Return the notebook that was handed in, or what is wrong with it. Links do not count."""
    if place.is_dir() and not place.is_symlink():
        inside = [path for path in place.rglob("*.ipynb") if path.is_file() and not path.is_symlink() and not any(
            part.startswith(".") for part in path.relative_to(place).parts)]
        named = [path for path in inside if path.name == f"{ASSIGNMENT}.ipynb"] or inside
        if len(named) != 1:
            return (f"Expected one notebook {ASSIGNMENT}.ipynb, but there are {len(named)}; hand in again with only "
                    "the one to grade.")
        place = named[0]
    if place.is_symlink() or not place.is_file():
        return f"Expected a notebook {ASSIGNMENT}.ipynb, but there is none; hand it in."
    if place.stat().st_size > LARGEST:
        return f"The notebook is larger than {LARGEST >> 20} MiB; clear its outputs and hand it in again."
    return place


def grade(notebook: Path, course: Path, seconds: float, log: Path | None) -> dict[str, Any] | None:
    """Return what the grader says of a notebook, None where it failed or took too long."""
    with TemporaryDirectory(prefix="autograder-ci-") as name:
        root = Path(name)
        (root / "source").symlink_to(course.resolve(), target_is_directory=True)
        for folder in ("submission", "results"):
            (root / folder).mkdir()
        shutil.copyfile(notebook, root / "submission" / "submission.ipynb")
        # -I: no module is taken from the current folder, which may be the student's.
        run([sys.executable, "-I", "-m", "autograder", "container", "action", f"--root={root}",
             f"--assignment={ASSIGNMENT}", *(["--stand-in"] if STAND_IN else [])], root, seconds, log)
        with suppress(OSError, ValueError):
            found = json.loads((root / "results" / "result.json").read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else None
    return None


def run(command: list[str], root: Path, seconds: float, log: Path | None) -> None:
    """Run the grader, and end it with all that it started where it takes too long."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with (log or Path(os.devnull)).open("ab") as stream:
        process = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=stream,
                                   stderr=stream, start_new_session=True)
        for end, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 20.0)):
            try:
                process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, end)
        process.wait()


class Parser(argparse.ArgumentParser):
    """Writes a result even where the command line is wrong."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end with 2."""
        write(Path("result.json"), not_graded("Not graded yet: the grader was started with wrong options."))
        super().error(message)


def main(arguments: list[str] | None = None) -> int:
    """Grade, and return the exit code."""
    here = Path(__file__).resolve().parent
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hand_in", nargs="?", type=Path, default=Path(), help="the notebook, or a folder with it")
    parser.add_argument("--result", type=Path, default=Path("result.json"), help="file to write")
    parser.add_argument("--course", type=Path, default=Path(os.environ.get("AUTOGRADER_COURSE") or here / "course"))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="after which the grader is ended")
    parser.add_argument("--log", type=Path, help="file for what the grader says to staff; never show it to students")
    given = parser.parse_args(arguments)
    write(given.result, not_graded("Not graded yet: the grader was ended before it had a result."))
    try:
        found = hand_in(given.hand_in)
        if isinstance(found, str):
            write(given.result, not_graded(found))
            return 0
        if not given.course.is_dir():
            write(given.result, not_graded("Not graded yet: the grader has no course here."))
            return 1
        result = grade(found, given.course, given.seconds, given.log)
    except Exception as error:  # whatever it is, the hand-in is not lost and the next run may grade it
        write(given.result, not_graded(f"Not graded yet: the grader failed ({type(error).__name__})."))
        return 1
    if result is None:
        return 1
    write(given.result, result)
    return 0 if result.get("graded") or result.get("refused") else 1


if __name__ == "__main__":
    sys.exit(main())
