"""The exported zip in a container that is laid out as Gradescope documents it: set up, handed in to, and read."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.model import Isolation, Result
from autograder.platforms import export_gradescope
from autograder.workspace.layout import open_workspace
from tests.attacks.attack import load_corpus
from tests.attacks.classroom import ASSIGNMENT, FULL_WORK, HALF_WORK, Classroom, make_classroom, stand_in_cache
from tests.attacks.judge import leaks
from tests.container.conftest import GRADING, PATIENCE, base_image, mounts_for_pip, unhurried
from tests.platforms.results_schema import faults

pytestmark = [pytest.mark.slow, pytest.mark.container, pytest.mark.rotates(parts=2, part=1)]
IMAGE = "localhost/autograder-gradescope:test"
CONTAINERFILE = """\
FROM {base}
COPY source /autograder/source
RUN /autograder/source/setup.sh && mkdir /autograder/submission /autograder/results
"""


class Platform(NamedTuple):
    """Gradescope's side: its image after ``setup.sh``, and a folder in which each submission gets its own two."""

    engine: list[str]
    folder: Path

    def grade(self, student: str, content: bytes) -> dict[str, Any]:
        """Return `results.json` of one submission, which is graded in a container of its own, as root."""
        submission, results = (self.folder / student / name for name in ("submission", "results"))
        submission.mkdir(parents=True)
        results.mkdir()
        (submission / "work.ipynb").write_bytes(content)
        command = [*self.engine, "run", "--rm", "--network", "none", "--memory", "4g", "--ulimit", "nofile=4096:4096",
                   "--ulimit", "nproc=4096:4096", "--volume", f"{submission}:/autograder/submission",
                   "--volume", f"{results}:/autograder/results", IMAGE, "/autograder/source/run_autograder"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=GRADING,
                              check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        found: dict[str, Any] = json.loads((results / "results.json").read_bytes())
        assert faults(found) == [], "results.json is as Gradescope documents it"
        return found


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    return unhurried(make_classroom(tmp_path_factory.mktemp("zip"), cache))


@pytest.fixture(scope="module")
def platform(engine: list[str], room: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    folder = tmp_path_factory.mktemp("gradescope")
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("AUTOGRADER_DATA", raising=False)  # the attacked course is calibrated for the embedded digits
        made = export_gradescope(open_workspace(room.root, room.output), ASSIGNMENT, folder / "autograder.zip",
                                 stand_in=True, minutes=10)
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(folder / "source")
    for name in ("setup.sh", "run_autograder"):
        (folder / "source" / name).chmod(0o755)  # zipfile keeps no modes; Gradescope's own unpacking does
    (folder / "Containerfile").write_text(CONTAINERFILE.format(base=base_image(engine)))
    command = [*engine, "build", "--network=host", "--format", "docker", "--ulimit", "nofile=4096:4096",
               "--ulimit", "nproc=4096:4096", *mounts_for_pip(tmp_path_factory.mktemp("pip")), "--tag", IMAGE,
               "--file", str(folder / "Containerfile"), str(folder)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                          check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return Platform(engine, folder / "handed-in")


@pytest.fixture(scope="module")
def work(room: Classroom) -> dict[str, bytes]:
    """What is handed in: right work, half of it, and two attacks that look for secrets."""
    honest = room.honest()
    attacks = [one for one in load_corpus() if one.family == "leakage" and not one.honest and not one.raw][:2]
    assert len(attacks) == 2
    return {FULL_WORK[0]: honest[FULL_WORK[0]], HALF_WORK: honest[HALF_WORK], **room.uploads(attacks)}


@pytest.fixture(scope="module")
def graded(platform: Platform, work: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    return {student: platform.grade(student, content) for student, content in work.items()}


@pytest.fixture(scope="module")
def on_the_host(room: Classroom, work: dict[str, bytes]) -> dict[str, Result]:
    room.hand_in(work)
    done = room.command("grade", ASSIGNMENT, "--stand-in", "--no-gradebook", "--isolation", "restricted")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return {student: room.result(student) for student in work}


def test_each_check_has_the_points_of_the_host(
    graded: dict[str, dict[str, Any]], on_the_host: dict[str, Result]
) -> None:
    for student, shown in graded.items():
        here = {(task.id, check.id): check.earned or 0.0
                for task in on_the_host[student].tasks for check in task.checks}
        there = {(one["extra_data"]["task"], one["extra_data"]["check"]): one["score"] for one in shown["tests"]
                 if one["visibility"] == "visible"}
        assert (student, there, shown["score"]) == (student, here, on_the_host[student].score)


def test_right_work_has_all_points_and_attacks_have_none(graded: dict[str, dict[str, Any]]) -> None:
    full, half, *attacks = graded.values()
    visible = [one for one in full["tests"] if one["visibility"] == "visible"]
    assert full["score"] == sum(one["max_score"] for one in visible) > half["score"] > 0
    assert [attack["score"] for attack in attacks] == [0, 0]


def test_results_name_the_weaker_mode_and_no_secret(graded: dict[str, dict[str, Any]], room: Classroom) -> None:
    for shown in graded.values():
        assert shown["extra_data"]["isolation"] == Isolation.RESTRICTED
    told = {student: json.dumps(shown, ensure_ascii=False) for student, shown in list(graded.items())[2:]}
    assert leaks(told, room.canaries) == []


def test_what_is_no_notebook_gets_a_sentence_and_a_results_file(platform: Platform) -> None:
    shown = platform.grade("notes", b"# My notes\n")
    assert shown["score"] == 0 and shown["output"].endswith(".") and shown["extra_data"]["graded"] is False
