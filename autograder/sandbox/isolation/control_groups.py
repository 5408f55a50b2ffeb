"""Control groups of version 2: where the kernel lets us make them, it limits each child as a whole.

A group is made for each child below the group of this process. It bounds memory and the number of processes at once,
where looking at them every 50 ms would be late for a burst, and it shares processors fairly between submissions,
however many threads one of them starts. Everything else is watched as it is without groups.

Version 2 lets a group have either processes or groups with limits. So this process first moves to a group of its own
below the one that it was started in, provided that nothing but its own children is in there.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.errors import ExecutionError
from autograder.sandbox.observed import Cause, Outcome
from autograder.sandbox.processes import reaper

if TYPE_CHECKING:
    from autograder.model import Limits
    from autograder.model.job import KernelLimit

WANTED: Final[tuple[KernelLimit, ...]] = ("memory", "pids", "cpu")
LEAF: Final = "autograder-supervisor"
"""The group that this process moves to."""
_SWAP: Final = "memory.swap.max"  # a kernel without swap has no such file
_PREFIX: Final = "autograder-child"
_ROOM: Final = 64 << 20
"""Bytes beyond a child's limit: page tables, the kernel's own memory and cached files count in a group."""
_OWN_PROCESSES: Final = 8  # those that watch over it, and a few threads: the limit of its own user is met first
_LEAVE: Final = 5.0  # seconds for killed processes to be gone
_PAUSE: Final = 0.005
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Home:
    """A group below which others can be made, and the controllers that limit these."""

    folder: Path
    controllers: tuple[KernelLimit, ...]

    @contextlib.contextmanager
    def group(self, *, memory: int, processes: int) -> Iterator[Group]:
        """Make a group for one child; at the end all processes in it are killed and it is removed.

        Args:
            memory: in bytes.
            processes: processes and threads.

        Raises:
            OSError: the kernel refuses the group or one of its limits.
        """
        folder = self.folder / f"{_PREFIX}-{os.getpid()}-{next(_NUMBERS)}"
        folder.mkdir()
        try:
            for name, value in self._settings(memory + _ROOM, processes).items():
                if name != _SWAP or (folder / name).exists():
                    (folder / name).write_text(value)
            yield Group(folder, self.controllers)
        finally:
            _remove(folder)

    def _settings(self, memory: int, processes: int) -> Mapping[str, str]:
        settings = {"memory.max": str(memory), _SWAP: "0"} if "memory" in self.controllers else {}
        if "pids" in self.controllers:
            settings["pids.max"] = str(processes)
        return settings


@dataclass(frozen=True)
class Group:
    """The group of one child."""

    folder: Path
    controllers: tuple[KernelLimit, ...]

    def door(self) -> int:
        """Return an open descriptor: whoever writes ``0`` to it joins, with all that it forks from then on."""
        return os.open(self.folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)


@contextlib.contextmanager
def group_of(home: Home | None, limits: Limits) -> Iterator[Group | None]:
    """Make a group for one child where there can be groups.

    Raises:
        ExecutionError: the kernel refuses a group that it has to allow.
    """
    if home is None:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            group = stack.enter_context(home.group(memory=limits.memory_mib << 20,
                                                   processes=limits.processes + _OWN_PROCESSES))
        except OSError as error:
            raise ExecutionError(f"Expected a control group for a submission in {home.folder}, but the kernel refused: "
                                 f"{error.strerror}; see `autograder doctor`.") from None
        yield group


def describe(group: Group | None, seen: Outcome) -> None:
    """Note what the kernel limited, and that it ended a process because the group had no memory left."""
    if group is None:
        return
    seen.kernel_limits = group.controllers
    if seen.cause is None and _count(group.folder / "memory.events", "oom_kill") > 0:
        seen.cause = Cause.MEMORY


def join(door: int) -> None:
    """Move the calling process into the group of a door, and close it.

    Raises:
        OSError: the kernel refuses.
    """
    try:
        os.write(door, b"0")
    finally:
        os.close(door)


@functools.cache
def home() -> Home | None:
    """Return where this process can make groups, None where it cannot; the first call may move this process."""
    folder = own_group()
    return prepare(folder) if folder is not None else None


def own_group(mounts: Path = Path("/proc/self/mountinfo"), groups: Path = Path("/proc/self/cgroup")) -> Path | None:
    """Return the folder of the group that this process was started in; None where version 2 is not mounted."""
    try:
        path = next((line[3:] for line in groups.read_text().splitlines() if line.startswith("0::/")), None)
        lines = [line.split(" - ", 1) for line in mounts.read_text().splitlines()]
    except OSError:
        return None
    for left, right in (line for line in lines if len(line) == 2):
        root, place = left.split()[3:5]
        if right.split()[0] == "cgroup2" and path is not None and Path(path).is_relative_to(root):
            folder = Path(place) / Path(path).relative_to(root)
            return folder.parent if folder.name == LEAF else folder
    return None


def prepare(folder: Path) -> Home | None:
    """Enable the controllers for groups below this one; None where it offers none, or is not ours to change."""
    offered = tuple(name for name in WANTED if name in _words(folder / "cgroup.controllers"))
    if not offered or not os.access(folder, os.W_OK):
        return None
    try:
        if not _leave(folder):
            return None
        for name in offered:
            (folder / "cgroup.subtree_control").write_text(f"+{name}")
    except OSError:
        return None
    remove_abandoned(folder)
    return Home(folder, offered)


def _leave(folder: Path) -> bool:
    """Move our processes out of a group that has to be empty; False where others' processes are in it.

    The group of the whole system has no type, and may have processes and groups with limits.
    """
    if not (folder / "cgroup.type").exists():
        return True
    if others_in(folder):
        return False
    (folder / LEAF).mkdir(exist_ok=True)
    for process in _words(folder / "cgroup.procs"):
        with contextlib.suppress(ProcessLookupError):
            (folder / LEAF / "cgroup.procs").write_text(process)
    return True


def others_in(folder: Path) -> bool:
    """Whether a group, other than that of the whole system, has processes that are neither this one nor below it."""
    ours = {os.getpid(), *reaper.descendants(os.getpid())}
    return (folder / "cgroup.type").exists() and not set(map(int, _words(folder / "cgroup.procs"))) <= ours


def remove_abandoned(folder: Path) -> None:
    """Remove the groups of supervisors that were killed.

    A group with a process in it cannot be removed, and nothing is killed here: the owner may be one that this process
    cannot see. Children of a killed supervisor end with it anyway.
    """
    for group in folder.glob(f"{_PREFIX}-*"):
        owner = group.name.removeprefix(f"{_PREFIX}-").partition("-")[0]
        if not Path("/proc", owner).exists():
            with contextlib.suppress(OSError):
                group.rmdir()


def _remove(folder: Path) -> None:
    deadline = time.monotonic() + _LEAVE
    while folder.exists():
        with contextlib.suppress(OSError):
            (folder / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            folder.rmdir()
            return
        if time.monotonic() > deadline:
            return  # whoever starts next removes it
        time.sleep(_PAUSE)


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _count(path: Path, name: str) -> int:
    words = _words(path)
    found = dict(zip(words[::2], words[1::2], strict=False))
    return int(found.get(name, "0"))
