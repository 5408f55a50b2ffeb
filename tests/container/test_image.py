"""The real image behind an engine: what is in it, which walls hold, and that it gives the scores of the host."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.container import Engine, Launch, run_command
from autograder.model import Isolation, Result, Status
from tests.attacks.attack import load_corpus
from tests.attacks.classroom import ASSIGNMENT, NEIGHBOURS, Classroom, make_classroom, stand_in_cache
from tests.attacks.judge import problems, told_to_student
from tests.container.conftest import ROOT, autograder, unhurried

pytestmark = [pytest.mark.slow, pytest.mark.container]
NO_NAMESPACES = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
    {"names": ["unshare"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
"""What Docker's default profile does to a process without CAP_SYS_ADMIN."""
LOOK = """
import json, os, pathlib, socket
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
def refused(action):
    try:
        action()
    except OSError as error:
        return error.strerror
    return None
print(json.dumps({
    "uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups(),
    "capabilities": [int(status[key], 16) for key in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")],
    "no_new_privileges": status["NoNewPrivs"].strip(),
    "root": refused(lambda: open("/opt/x", "w")), "home": refused(lambda: open("/home/autograder/x", "w")),
    "network": [name for _, name in socket.if_nameindex() if name != "lo"],
    "course": [str(path) for folder in ("/course", "/data", "/output", "/autograder/source", "/opt/package")
               for path in pathlib.Path(folder).rglob("*")],
    "hidden": [str(path) for path in pathlib.Path("/").glob("*/**/tests/hidden") if "/proc/" not in str(path)],
}))
"""
Inside = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def inside(engine: list[str], image: str) -> Inside:
    """Run something in a container as the runner is started."""
    kind = "podman" if "podman" in engine[0] else "docker"
    described = Engine(name=kind, program=tuple(engine), uid=0, gid=0)

    def run(*arguments: str, options: tuple[str, ...] = (), entry: str = "") -> subprocess.CompletedProcess[str]:
        entrypoint = ("--entrypoint", entry) if entry else ()
        command = run_command(described, Launch(image=image, options=(*options, *entrypoint)), arguments)
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
                              check=False)

    return run


def test_a_runner_is_nobody_reaches_nothing_and_holds_nothing(inside: Inside) -> None:
    done = inside("-c", LOOK, entry="python3")
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["uid"], seen["gid"]) == (10001, 10001) and 0 not in seen["groups"]
    assert seen["capabilities"] == [0] * 5 and seen["no_new_privileges"] == "1"
    assert seen["root"] and seen["home"] and seen["network"] == []
    assert seen["course"] == [] and seen["hidden"] == []


def test_it_is_healthy_without_a_network(inside: Inside) -> None:
    done = inside("container", "health")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("healthy: isolation full"), done.stdout


def test_where_namespaces_are_refused_restricted_walls_stand(inside: Inside, tmp_path: Path) -> None:
    """As Docker's default profile does; the doctor says so."""
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(NO_NAMESPACES))
    option = ("--security-opt", f"seccomp={profile}")
    done = inside("container", "health", options=option)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("healthy: isolation restricted"), done.stdout
    told = json.loads(inside("doctor", "--json", options=option).stdout)
    assert told["isolation"] == "restricted"
    assert [finding["ok"] for finding in told["findings"] if finding["name"] == "namespaces"] == [False]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The attacked course with three honest students and every tenth attack."""
    folder = tmp_path_factory.mktemp("container")
    made = unhurried(make_classroom(folder, stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")))
    made.hand_in({**made.honest(), **made.uploads(load_corpus()[::10])})
    return made


def graded(room: Classroom, *arguments: str) -> dict[str, Result]:
    """Grade the class and return what is on disk afterwards."""
    done = room.command(*arguments)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    paths = room.workspace.results_root.glob(f"*/{ASSIGNMENT}/result.json")
    return {result.student: result for result in map(Result.from_json, (path.read_bytes() for path in paths))}


def containers(engine: list[str]) -> set[str]:
    """The names of all containers of this machine, another grader's among them."""
    command = [*engine, "ps", "--all", "--format", "{{.Names}}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def earned(result: Result) -> dict[str, float | None]:
    return {check.id: check.earned for task in result.tasks for check in task.checks}


def statuses(result: Result) -> dict[str, Status]:
    return {check.id: check.status for task in result.tasks for check in task.checks}


def stopped_at(result: Result) -> tuple[Any, ...]:
    """How a run ended, and which cells were run."""
    run = result.execution
    return (run.ending, *((cell.index, cell.status) for cell in run.cells)) if run else ()


@pytest.fixture(scope="module")
def in_containers(room: Classroom, image: str) -> dict[str, Result]:
    return graded(room, "container", "run", ASSIGNMENT, "--image", image, "--stand-in", "--workers", "2")


def test_everyone_has_a_result_of_a_walled_runner(room: Classroom, in_containers: dict[str, Result]) -> None:
    assert set(in_containers) == {*NEIGHBOURS, *(attack.name for attack in load_corpus()[::10])}
    for result in in_containers.values():
        assert result.status in ("graded", "refused"), result.message
        if result.execution:
            assert result.execution.isolation is Isolation.FULL
    assert room.workspace.gradebook.is_file()


def test_no_attack_gains_or_sees_anything(room: Classroom, in_containers: dict[str, Result]) -> None:
    assert room.command("feedback", ASSIGNMENT).returncode == 0
    security = ROOT / "docs" / "operating" / "security.md"
    holes = security.read_text() if security.is_file() else ""
    found = {}
    for attack in load_corpus()[::10]:
        told = told_to_student(in_containers[attack.name], room.workspace.executed(attack.name, ASSIGNMENT),
                               room.workspace.feedback(attack.name, ASSIGNMENT))
        seen = problems(attack, in_containers[attack.name], told, room.canaries, holes)
        if attack.family == "resources":
            # Two bounds hold the memory, and the one that a child meets first differs: killed, it is flagged; a
            # MemoryError in a cell is an accident like any other.
            seen = [problem for problem in seen if problem != "staff are not told"]
        if seen:
            found[attack.name] = seen
    assert found == {}


def test_the_host_gives_the_same_scores(room: Classroom, in_containers: dict[str, Result]) -> None:
    here = graded(room, "grade", ASSIGNMENT, "--force", "--stand-in", "--workers", "2", "--no-gradebook")
    scores = {student: (result.score, earned(result)) for student, result in in_containers.items()}
    assert scores == {student: (result.score, earned(result)) for student, result in here.items()}
    for student, result in in_containers.items():
        other = here[student]
        # An attack that takes messages from its own channel stops where it happens to take one.
        if stopped_at(result) == stopped_at(other):
            assert (student, statuses(result)) == (student, statuses(other))


def test_what_is_graded_is_left_alone_and_no_container_stays(
    room: Classroom, in_containers: dict[str, Result], engine: list[str], image: str
) -> None:
    before = containers(engine)
    again = graded(room, "container", "run", ASSIGNMENT, "--image", image, "--stand-in", "--student", NEIGHBOURS[0])
    assert again[NEIGHBOURS[0]].score == in_containers[NEIGHBOURS[0]].score
    assert containers(engine) <= before


def test_no_image_is_a_sentence(room: Classroom, engine: list[str]) -> None:
    done = room.command("container", "run", ASSIGNMENT, "--image", "localhost/autograder:none", "--stand-in",
                        "--force", "--run-option=--pull=never")
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()[-1]) < 1500


def test_an_engine_that_is_not_there_is_a_sentence() -> None:
    done = autograder("container", "build", "--engine", "no-such-engine")
    assert done.returncode == 2 and "Expected no-such-engine on PATH" in done.stderr
