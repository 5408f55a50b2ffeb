"""Settings of course.yml behind a real engine: the best attempt counts, and a grader's cores and memory are bounds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.container import Bounds, Engine, Launch, run_command
from autograder.model import Receipt, Result
from tests.attacks.classroom import ASSIGNMENT, FULL_WORK, HALF_WORK, ROOT, Classroom, make_classroom, stand_in_cache
from tests.container.conftest import GRADING, unhurried

pytestmark = [pytest.mark.slow, pytest.mark.container, pytest.mark.rotates(parts=2, part=1)]
RISES, FALLS = FULL_WORK
"""Who hands in half of the work first, and who hands in half of it last."""
MEMORY_MIB = 3 * 1024
SETTINGS = f"graders:\n  cpu: {{cpus: 1, memory: {MEMORY_MIB} MiB}}\n"
TAKES = """
import sys
block = bytearray(int(sys.argv[1]) << 20)
block[::4096] = b"x" * len(block[::4096])
print("taken")
"""
QUOTA = """
import json, pathlib
group = pathlib.Path("/sys/fs/cgroup")
if (group / "cpu.max").is_file():
    quota, period = (group / "cpu.max").read_text().split()
else:
    quota, period = ((group / "cpu" / name).read_text() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us"))
print(json.dumps(None if quota.strip() in ("max", "-1") else int(quota) / int(period)))
"""


class Ran(NamedTuple):
    """A batch that was graded in containers, and how the engine described both of them meanwhile."""

    room: Classroom
    done: subprocess.CompletedProcess[str]
    described: dict[str, Any]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, engine: list[str], image: str) -> Ran:
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    room = unhurried(make_classroom(tmp_path_factory.mktemp("settings"), cache))
    path = room.root / "course.yml"
    path.write_text(SETTINGS + path.read_text().replace("  attempts: 2\n", "  attempts: 2\n  counts: best\n"))
    assert room.workspace.course.assignment(ASSIGNMENT).counts == "best"
    work = room.honest()
    half = work[HALF_WORK]
    room.hand_in({RISES: half, FALLS: work[FALLS]})
    room.hand_in({RISES: work[RISES], FALLS: half})
    command = [sys.executable, "-m", "autograder", "--course", str(room.root), "--output", str(room.output),
               "container", "run", ASSIGNMENT, "--image", image, "--stand-in"]
    before = running(engine)
    with subprocess.Popen(command, cwd=ROOT, env=room.environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as started:
        described = describe(engine, started, before)
        printed = started.communicate(timeout=GRADING)
    return Ran(room, subprocess.CompletedProcess(command, started.returncode, *printed), described)


def running(engine: list[str]) -> set[str]:
    """Return the names of all runners and judges on this machine."""
    return set(subprocess.run([*engine, "ps", "--filter", "name=autograder-", "--format", "{{.Names}}"],
                              capture_output=True, text=True, check=False).stdout.split())


def describe(engine: list[str], started: subprocess.Popen[str], before: set[str]) -> dict[str, Any]:
    """Return the engine's settings of runner and judge, once both run; none where the command ended before.

    Args:
        before: names of containers of other batches, which end in their own time.
    """
    deadline = time.monotonic() + GRADING
    while started.poll() is None and time.monotonic() < deadline:
        found = {role: name for name in running(engine) - before for role in ("runner", "judge") if name.endswith(role)}
        if len(found) == 2:
            inspected = subprocess.run([*engine, "container", "inspect", *found.values()], capture_output=True,
                                       text=True, check=False)
            if inspected.returncode == 0:
                hosts = {one["Name"]: one["HostConfig"] for one in json.loads(inspected.stdout)}
                return {role: hosts[name] for role, name in found.items()}
        time.sleep(0.5)
    return {}


def receipts(room: Classroom, student: str) -> dict[int, Receipt]:
    return {receipt.attempt or 0: receipt for receipt in room.workspace.upload_receipts(student, ASSIGNMENT)}


def test_both_attempts_are_graded_and_the_better_one_counts(ran: Ran) -> None:
    assert ran.done.returncode == 0, ran.done.stdout[-2000:] + ran.done.stderr[-3000:]
    space = ran.room.workspace
    for student, best, other in ((RISES, 2, 1), (FALLS, 1, 2)):
        kept, result = receipts(ran.room, student), ran.room.result(student)
        assert result.status == "graded" and kept[best].counts and not kept[other].counts
        assert result.provenance is not None and result.provenance.submission == kept[best].sha256
        (path,) = space.attempts(student, ASSIGNMENT).glob(f"{other}-*/results/{student}/{ASSIGNMENT}/result.json")
        weaker = Result.from_json(path.read_bytes())
        assert weaker.status == "graded" and weaker.score < result.score
        assert any(f"attempt {best} counts as the best" in flag for flag in result.staff_flags)
        assert f"attempt {other} has" in (kept[best].reason or "")


def test_nothing_is_graded_again_on_the_way_back(ran: Ran, image: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in ran.room.output.rglob("result.json")}
    done = ran.room.command("container", "run", ASSIGNMENT, "--image", image, "--stand-in")
    assert done.returncode == 0, done.stderr[-3000:]
    after = {path: Result.from_json(path.read_bytes()) for path in before if path.is_file()}
    assert set(after) == set(before) and {result.status for result in after.values()} == {"graded"}
    assert {student: ran.room.result(student).provenance for student in FULL_WORK} == {
        student: after[ran.room.workspace.result(student, ASSIGNMENT)].provenance for student in FULL_WORK}


def test_a_class_is_graded_within_the_cores_and_the_memory_of_course_yml(ran: Ran) -> None:
    assert set(ran.described) == {"runner", "judge"}, ran.done.stderr[-3000:]
    settings = {name: ran.described["runner"][name] for name in ("Memory", "MemorySwap", "NanoCpus")}
    bounds = {"Memory": MEMORY_MIB << 20, "MemorySwap": MEMORY_MIB << 20, "NanoCpus": 10**9}
    assert settings == bounds, ran.done.stderr[-3000:]
    assert ran.described["judge"]["Memory"] == 0, "what the trusted side takes is no submission's"
    assert ran.described["judge"]["NanoCpus"] == 10**9


def python(engine: list[str], image: str, bounds: Bounds, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a container with these bounds, started as the runner is."""
    kind = "podman" if "podman" in Path(engine[0]).name else "docker"
    launch = Launch(image=image, bounds=bounds, options=("--entrypoint", "python"))
    command = run_command(Engine(name=kind, program=tuple(engine), uid=0, gid=0), launch, ("-c", *arguments))
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize(("memory", "ended"), [(256, 137), (1024, 0)])
def test_the_kernel_ends_what_takes_more_memory_than_its_container_has(
    engine: list[str], image: str, memory: int, ended: int
) -> None:
    done = python(engine, image, Bounds(memory_mib=memory), TAKES, "600")
    assert done.returncode == ended and ("taken" in done.stdout) == (ended == 0), done.stderr[-2000:]


@pytest.mark.parametrize("cpus", [1, None])
def test_the_kernel_gives_a_container_no_more_cores_than_it_has(
    engine: list[str], image: str, cpus: int | None
) -> None:
    done = python(engine, image, Bounds(cpus=cpus), QUOTA)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == cpus
