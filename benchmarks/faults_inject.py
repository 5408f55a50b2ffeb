"""The faults: each breaks one `grade` command in its own way and puts the machine right again."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.sandbox.processes import reaper
from benchmarks import faults_clock
from benchmarks.faults_class import Batch, Said, wait_for
from tests.processes import orphans

ZYGOTE = "autograder.sandbox.child import zygote"
CHECKS = "autograder.checks.worker"
DISK_MIB = 96
HOLD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
book.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True, kw_only=True)
class First:
    """What the broken command said, and which gradings had been finished when it was broken."""

    said: Said
    graded: Mapping[str, str]
    also: str = ""


ON_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started us may ignore it, and that is inherited
os.execv(sys.argv[1], sys.argv[1:])
"""
Inject = Callable[[Batch], First]


def below(process: int, part: str) -> int | None:
    """Return the child of a process with this text in its command line."""
    for pid in reaper.children(process):
        with suppress(OSError):
            if part.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return None


def first_of(pids: list[int]) -> int | None:
    """Return the first process id, if there is one."""
    return pids[0] if pids else None


def _supervisor(process: int) -> int | None:
    return process


def _zygote(process: int) -> int | None:
    return below(process, ZYGOTE)


def _child(process: int) -> int | None:
    """The child's process 1; without a PID namespace its watcher."""
    zygote = _zygote(process)
    outer = first_of(reaper.children(zygote)) if zygote else None
    return (first_of(reaper.children(outer)) or outer) if outer else None


def _checks(process: int) -> int | None:
    return below(process, CHECKS)


def _judge(process: int) -> int | None:
    """The fork that judges one submission."""
    server = _checks(process)
    return first_of(reaper.children(server)) if server else None


def killed(victim: Callable[[int], int | None]) -> Inject:
    """Return the fault that ends one of the grader's processes when some submissions are graded, by ``kill -9``."""
    def inject(batch: Batch) -> First:
        since = time.monotonic()
        process = batch.grade()
        wait_for(batch.fresh, "a first result")
        graded: dict[str, str] = {}
        wait_for(lambda: _kills(victim, process.pid, batch, graded), "the process to be killed")
        return First(said=batch.end(process, since), graded=graded | _finished(batch, graded))

    return inject


def _kills(victim: Callable[[int], int | None], process: int, batch: Batch, graded: dict[str, str]) -> bool:
    """Kill the victim and say whether it was still there; what was graded before goes into ``graded``."""
    pid = victim(process)
    if not pid:
        return False
    graded |= batch.stamps()
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended by itself meanwhile: the next one will do
        return False
    return True


def _finished(batch: Batch, graded: Mapping[str, str]) -> dict[str, str]:
    """Return what the broken command finished after the fault: that, too, must not be done again."""
    return {student: stamp for student, stamp in batch.stamps().items() if student not in graded}


def signalled(number: signal.Signals) -> Inject:
    """Return the fault that sends the command a signal."""
    def inject(batch: Batch) -> First:
        since = time.monotonic()
        process = batch.grade()
        wait_for(batch.fresh, "a first result")
        process.send_signal(number)
        said = batch.end(process, since)
        return First(said=said, graded=batch.stamps())

    return inject


def closed_terminal(batch: Batch) -> First:
    """A person closes the window: the kernel sends SIGHUP, and every write to the terminal fails."""
    since = time.monotonic()
    ours, theirs = pty.openpty()
    process = replace(batch, before=(sys.executable, "-c", ON_TERMINAL, *batch.before)).grade(
        stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b""

    def started() -> bool:
        nonlocal text
        while select.select([ours], [], [], 0)[0]:
            text += os.read(ours, 1 << 16)
        return bool(batch.fresh())

    wait_for(started, "a first result")
    os.close(ours)
    said = batch.end(process, since)
    return First(said=replace(said, text="Traceback" if b"Traceback" in text else ""), graded=batch.stamps())


def jumping_clock(batch: Batch) -> First:
    """The wall clock goes a day ahead and then two days back, in every process of the grader at once."""
    with faults_clock.clock() as clock:
        since = time.monotonic()
        process = replace(batch, before=clock.command).grade()
        for seconds in (86_400, -172_800):
            count = len(batch.fresh())
            wait_for(lambda count=count: len(batch.fresh()) > count, "one more result")  # type: ignore[misc]  # a default binds the turn's count; mypy cannot infer its type
            clock.jump(seconds)
        said = batch.end(process, since)
    dates = {stamp[:10] for stamp in batch.fresh().values()}
    return First(said=said, graded=batch.stamps(), also=f"results of {len(dates)} different days")


def full_disk(batch: Batch) -> First:
    """Another program fills the disk of the output folder until the command has ended."""
    since = time.monotonic()
    process = batch.grade()
    wait_for(batch.fresh, "a first result")
    with (batch.output / "filler").open("ab", buffering=0) as filler:
        while process.poll() is None:
            with suppress(OSError):
                filler.write(bytes(1 << 14))
                continue
            time.sleep(0.01)
    said = batch.end(process, since)
    graded = batch.stamps()
    (batch.output / "filler").unlink()
    return First(said=said, graded=graded)


def read_only(batch: Batch) -> First:
    """The output folder is read-only from the start."""
    graded = batch.stamps()
    _mount("-o", "remount,ro", str(batch.output))
    said = batch.whole()
    _mount("-o", "remount,rw", str(batch.output))
    return First(said=said, graded=graded)


def turned_read_only(batch: Batch) -> First:
    """The disk of the output folder becomes read-only while the class is graded.

    Without the gradebook, whose open file would keep the kernel from it.
    """
    since = time.monotonic()
    process = batch.grade("--no-gradebook")
    wait_for(batch.fresh, "a first result")
    wait_for(lambda: process.poll() is not None or _mount("-o", "remount,ro", str(batch.output)), "a read-only disk")
    said = batch.end(process, since)
    _mount("-o", "remount,rw", str(batch.output))
    return First(said=said, graded=batch.stamps())


def two_at_once(batch: Batch) -> First:
    """Two commands on one course are started in the same moment: one grades, the other says so."""
    since = time.monotonic()
    processes = [batch.grade(), batch.grade()]
    said = sorted((_waited(process, since) for process in processes), key=lambda one: one.code)
    wait_for(lambda: not orphans(), "the end of both commands' processes")
    return First(said=said[0], graded=batch.stamps(), also=f"the other: {said[1].code}, {said[1].sentence}")


def _waited(process: subprocess.Popen[str], since: float) -> Said:
    _, text = process.communicate()
    return Said(code=process.returncode, text=text, seconds=time.monotonic() - since)


def locked(release: Callable[[Batch, subprocess.Popen[str]], object]) -> Inject:
    """Return the fault that another program locks the gradebook amid the batch, until ``release`` returns."""
    def inject(batch: Batch) -> First:
        since = time.monotonic()
        process = batch.grade()
        wait_for(batch.fresh, "a first result")
        holder = subprocess.Popen([sys.executable, "-c", HOLD, str(batch.output / "gradebook.db")],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        holder.stdout.readline()
        release(batch, process)
        holder.communicate()
        said = batch.end(process, since)
        return First(said=said, graded=batch.stamps())

    return inject


def _until_the_end(batch: Batch, process: subprocess.Popen[str]) -> None:
    wait_for(lambda: process.poll() is not None, "the end of the command")


def _for_a_moment(batch: Batch, process: subprocess.Popen[str]) -> None:
    time.sleep(3)


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


def no_mounts() -> str | None:
    """Return why no disk can be mounted here, None where it can."""
    return None if os.geteuid() == 0 and shutil.which("mount") else "only root can mount a small disk"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to break a batch; ``code`` is the exit code that the broken command must have."""

    name: str
    what: str
    inject: Inject
    code: int = 0
    disk: bool = False
    missing: Callable[[], str | None] = lambda: None


FAULTS = (
    Fault(name="supervisor", what="kill -9 of the supervisor", inject=killed(_supervisor), code=-9),
    Fault(name="zygote", what="kill -9 of the zygote", inject=killed(_zygote)),
    Fault(name="child", what="kill -9 of a running child (its process 1)", inject=killed(_child)),
    Fault(name="checks", what="kill -9 of the checks process", inject=killed(_checks)),
    Fault(name="judge", what="kill -9 of the fork that judges", inject=killed(_judge)),
    Fault(name="full-disk", what="disk full in the results folder", inject=full_disk, code=7, disk=True,
          missing=no_mounts),
    Fault(name="read-only", what="read-only results folder", inject=read_only, code=7, disk=True, missing=no_mounts),
    Fault(name="turned-read-only", what="results folder turns read-only", inject=turned_read_only, code=7, disk=True,
          missing=no_mounts),
    Fault(name="clock", what="clock jumps a day ahead, then two back", inject=jumping_clock,
          missing=faults_clock.missing),
    Fault(name="sigterm", what="SIGTERM", inject=signalled(signal.SIGTERM), code=143),
    Fault(name="sighup", what="SIGHUP: the terminal is closed", inject=closed_terminal, code=129),
    Fault(name="two", what="two `grade` commands at once", inject=two_at_once),
    Fault(name="locked-briefly", what="gradebook locked for 3 s", inject=locked(_for_a_moment)),
    Fault(name="locked", what="gradebook locked to the end", inject=locked(_until_the_end), code=2),
)


@contextmanager
def output_for(fault: Fault, class_: Batch, folder: Path) -> Iterator[Batch]:
    """Yield the class in an output folder of its own, on a small disk of its own where the fault needs one."""
    folder.mkdir()
    if fault.disk and not _mount("-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)):
        raise RuntimeError(f"A small disk was expected at {folder}, but mount failed; run this as root.")
    try:
        shutil.copytree(class_.output, folder, dirs_exist_ok=True)
        yield replace(class_, output=folder)
    finally:
        if fault.disk:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(folder)
