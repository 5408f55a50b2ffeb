"""What runs in the container: hand one upload to a rival, wait, and print what became of it as JSON.

Alone in its container with the attack, which may do to it whatever the container lets it do: who started this believes
nothing of what it prints. Needs only the standard library and the rival's command.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

BENCH, COURSE, HOME, OUT = Path("/bench"), Path("/tmp/course"), Path("/tmp/home"), Path("/tmp/out")  # noqa: S108  (the container's)
ASSIGNMENT = "digits-mini"
TEXT = 3_000_000
"""Characters of outputs that are handed out."""
STARTUP = """\
import keras.src.datasets.mnist as _mnist
_mnist.get_file = lambda *arguments, **options: "/bench/mnist.npz"
del _mnist
"""
TRAPS = "import sys, time; sys.path.insert(0, '/bench'); import surroundings\n" \
        "with surroundings.surroundings():\n    time.sleep(10**6)"
# The function behind `otter run`, since the command itself does not hand out the executed notebook.
OTTER = "import json, sys; from otter.run import main\n" \
        "made = main(sys.argv[1], autograder='dist/autograder.zip', output_dir='/tmp/out', no_logo=True)\n" \
        "json.dump(getattr(made, 'notebook', None), open('/tmp/out/executed.ipynb', 'w'))"
GRADES = """\
SELECT base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
WHERE submitted_assignment.student_id = ?
"""


def main() -> None:
    """Read a job from standard input, do it, print its reply."""
    job = json.load(sys.stdin)
    rival, student = job["rival"], job["student"]
    environment = _prepare(rival, student, base64.b64decode(job["upload"]))
    command = ([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, f"--student={student}"]
               if rival == "nbgrader" else [sys.executable, "-c", OTTER, _submission(student)])
    traps = subprocess.Popen([sys.executable, "-c", TRAPS], env=environment, start_new_session=True)
    code, said = _run(command, environment, job["seconds"])
    scores: dict[str, float] = {}
    with contextlib.suppress(Exception):
        scores = _nbgrader(student) if rival == "nbgrader" else _otter()
    traps.kill()
    executed = COURSE / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    outputs = _outputs(executed if rival == "nbgrader" else OUT / "executed.ipynb")
    print(json.dumps({"code": code, "scores": scores, "outputs": outputs, "said": said}))


def _submission(student: str) -> str:
    return f"submitted/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"


def _prepare(rival: str, student: str, upload: bytes) -> dict[str, str]:
    """Lay out the instructor's machine and return the environment of the rival."""
    shutil.copytree(BENCH / rival, COURSE)
    shutil.copytree(BENCH / "home", HOME)
    shutil.copyfile(BENCH / "host.txt", COURSE.parent / "host.txt")
    OUT.mkdir()
    startup = HOME / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "data.py").write_text(STARTUP)
    path = COURSE / _submission(student)
    path.parent.mkdir(parents=True)
    path.write_bytes(upload)
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(HOME), "LANG": "C.UTF-8",
            "TF_CPP_MIN_LOG_LEVEL": "3", "GRADER_TOKEN": (BENCH / "environment").read_text()}


def _run(command: list[str], environment: dict[str, str], seconds: float) -> tuple[int | None, str]:
    """Return the exit code, None if time ran out, and the end of what the command said."""
    log = OUT / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=COURSE, env=environment, stdin=subprocess.DEVNULL, stdout=file,
                                   stderr=file, start_new_session=True)
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
            os.killpg(process.pid, signal.SIGKILL)
    return code, log.read_bytes()[-4000:].decode(errors="replace") if log.is_file() else ""


def _nbgrader(student: str) -> dict[str, float]:
    with contextlib.closing(sqlite3.connect(COURSE / "gradebook.db")) as base:
        rows = base.execute(GRADES, (student,)).fetchall()
    found = {}
    for name, automatic, manual, extra in rows:
        score = manual if manual is not None else automatic
        if score is not None:
            found[str(name).removeprefix("test-")] = float(score) + float(extra or 0)
    return found


def _otter() -> dict[str, float]:
    report = json.loads((OUT / "results.json").read_bytes())
    return {str(test["name"]): float(test["score"]) for test in report["tests"] if "score" in test}


def _outputs(path: Path) -> str:
    """Return what the cells showed, without those that the rival's tests wrote: their tracebacks quote the test."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        shown = [cell.get("outputs", []) for cell in cells
                 if not cell.get("metadata", {}).get("nbgrader", {}).get("grade")]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return json.dumps(shown, ensure_ascii=False)[:TEXT]


if __name__ == "__main__":
    main()
