"""Control groups of version 2: when they can be made, by their files; and what the kernel does, where it has them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import ExecutionError
from autograder.model import Limits
from autograder.sandbox.isolation import control_groups
from autograder.sandbox.isolation.control_groups import Group, Home, describe, group_of, others_in, own_group, prepare
from autograder.sandbox.observed import Cause, Outcome
from tests.support.control_groups import place_for_groups

MOUNTS = "36 25 0:31 {root} {place} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n40 25 0:40 / /tmp rw - tmpfs tmpfs rw\n"


@pytest.mark.parametrize("root, line, expected", [
    ("/", "0::/user.slice/mine.scope", "user.slice/mine.scope"),
    ("/", "0::/mine.scope/autograder-supervisor", "mine.scope"),
    ("/mine.scope", "0::/mine.scope", "."),
    ("/", "0::/", "."),
    ("/other", "0::/mine.scope", None),
    ("/", "4:memory:/somewhere", None),
])
def test_the_own_group_is_found_from_where_it_is_mounted(
    root: str, line: str, expected: str | None, tmp_path: Path
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS.format(root=root, place=tmp_path / "groups"))
    (tmp_path / "own").write_text(f"7:pids:/x\n{line}\n")
    found = own_group(tmp_path / "mounts", tmp_path / "own")
    assert found == (None if expected is None else tmp_path / "groups" / expected)
    assert own_group(tmp_path / "none", tmp_path / "own") is None


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the files of a delegated group in which only this process is."""
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (tmp_path / "cgroup.type").write_text("domain\n")
    (tmp_path / "cgroup.procs").write_text(f"{os.getpid()}\n")
    return tmp_path


def test_the_process_moves_out_of_a_group_before_it_limits_others(place: Path) -> None:
    made = prepare(place)
    assert made == Home(place, ("memory", "pids", "cpu"))
    assert (place / control_groups.LEAF / "cgroup.procs").read_text() == str(os.getpid())
    assert (place / "cgroup.subtree_control").read_text().startswith("+")


def test_a_group_with_other_programs_is_left_as_it_is(place: Path) -> None:
    (place / "cgroup.procs").write_text(f"{os.getpid()}\n{os.getppid()}\n")
    assert prepare(place) is None and others_in(place)
    assert sorted(path.name for path in place.iterdir()) == ["cgroup.controllers", "cgroup.procs", "cgroup.type"]


def test_the_group_of_the_whole_system_may_keep_its_processes(place: Path) -> None:
    (place / "cgroup.type").unlink()
    (place / "cgroup.procs").write_text("1\n2\n")
    assert prepare(place) is not None and not (place / control_groups.LEAF).exists()


@pytest.mark.parametrize("offered", ["", "cpuset io"])
def test_without_controllers_there_are_no_groups(place: Path, offered: str) -> None:
    (place / "cgroup.controllers").write_text(offered)
    assert prepare(place) is None


def test_a_kernel_that_refuses_is_one_sentence(place: Path) -> None:
    place.joinpath("blocked").write_text("")
    refusing = Home(place / "blocked", ("pids",))
    with pytest.raises(ExecutionError, match="autograder doctor"), group_of(refusing, Limits()):
        raise AssertionError("there is no group")
    with group_of(None, Limits()) as none:
        assert none is None


def test_what_was_limited_and_an_end_for_want_of_memory_are_noted(place: Path) -> None:
    (place / "memory.events").write_text("low 0\nhigh 0\nmax 41\noom 1\noom_kill 1\n")
    seen, group = Outcome(), Group(place, ("memory", "pids"))
    describe(group, seen)
    assert seen.kernel_limits == ("memory", "pids") and seen.cause is Cause.MEMORY
    late = Outcome(cause=Cause.CELL_TIME)
    describe(group, late)
    assert late.cause is Cause.CELL_TIME, "what the supervisor decided before counts"
    (place / "memory.events").write_text("oom 0\noom_kill 0\n")
    unhurt = Outcome()
    describe(group, unhurt)
    assert unhurt.cause is None


@pytest.fixture
def real() -> Iterator[Home]:
    """A place for groups on this machine."""
    found = place_for_groups()
    if found is None:
        pytest.skip("this machine lets this user make no control groups of version 2")
    yield found
    assert not list(found.folder.glob(f"autograder-child-{os.getpid()}-*")), "a group was left"


@contextmanager
def spawned(group: Group, code: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python in a group; its code runs after it has joined, as a child of the warm process does."""
    door = group.door()
    joining = f"from autograder.sandbox.isolation.control_groups import join; join({door})\n"
    process = subprocess.Popen([sys.executable, "-c", joining + code], text=True, stdout=subprocess.PIPE,
                               pass_fds=(door,))
    os.close(door)
    reaper = threading.Thread(target=process.wait)  # a dead process keeps its group until somebody waits for it
    reaper.start()
    try:
        yield process
    finally:
        if process.stdout is not None:
            process.stdout.close()


def test_the_kernel_ends_everything_in_a_group(real: Home) -> None:
    code = "import os, time\nprint('ready', flush=True)\nfor _ in range(3): os.fork()\ntime.sleep(600)"
    with real.group(memory=1 << 30, processes=50) as group, spawned(group, code) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        members = (group.folder / "cgroup.procs").read_text().split()
        assert str(process.pid) in members
    assert process.wait(10) == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while any(Path("/proc", member, "cmdline").exists() and Path("/proc", member, "cmdline").read_bytes()
              for member in members) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [member for member in members if Path("/proc", member).exists()
                and Path("/proc", member, "cmdline").read_bytes()]


def test_the_kernel_limits_processes(real: Home) -> None:
    if "pids" not in real.controllers:
        pytest.skip("the controller of processes belongs to version 1 here")
    code = ("import os, time\ncount = 0\ntry:\n    while True:\n        if os.fork() == 0: time.sleep(600)\n"
            "        count += 1\nexcept OSError as error: print(count, error.errno, flush=True)")
    with real.group(memory=1 << 30, processes=12) as group, spawned(group, code) as process:
        assert process.stdout is not None and process.stdout.readline().split() == ["11", "11"]  # EAGAIN


def test_the_kernel_limits_memory(real: Home) -> None:
    if "memory" not in real.controllers:
        pytest.skip("the controller of memory belongs to version 1 here")
    seen = Outcome()
    code = "data = [bytearray(1 << 20) for _ in range(1000)]"
    with real.group(memory=64 << 20, processes=50) as group, spawned(group, code) as process:
        assert process.wait(60) == -signal.SIGKILL
        describe(group, seen)
    assert seen.cause is Cause.MEMORY


def test_groups_of_a_supervisor_that_was_killed_are_removed(real: Home) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = real.folder / f"autograder-child-{dead.pid}-0"
    left.mkdir()
    used = Group(real.folder / f"autograder-child-{dead.pid}-1", ())  # its owner may be in another namespace
    used.folder.mkdir()
    with spawned(used, "import time; print(flush=True); time.sleep(600)") as process:
        assert process.stdout is not None and process.stdout.readline()
        control_groups.remove_abandoned(real.folder)
        assert used.folder.exists() and process.poll() is None, "a group that somebody uses is left alone"
        process.kill()
        process.wait()
    control_groups.remove_abandoned(real.folder)
    assert not used.folder.exists()
    assert not left.exists()
