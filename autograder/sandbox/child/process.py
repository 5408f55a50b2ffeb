"""From the zygote's fork to the student's code: the watcher (process 1 of the child) and the process it watches.

The watcher runs no untrusted code. It talks to the supervisor over the control socket, one JSON object per message:

    to the watcher     {"do": "interrupt"} · {"do": "kill"}; the end of the stream means kill
    from the watcher   {"ready": pid} with the scratch folder's descriptor · {"refused": sentence}
                       {"interrupted": true} when the signal was sent · {"exit": wait status}

The socket closes when all processes that the child started are gone.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from typing import NoReturn

from autograder.sandbox.isolation import control_groups, gpu, namespaces
from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.isolation.confine import confine, environment
from autograder.sandbox.isolation.launch import Spec
from autograder.sandbox.processes import reaper

CRASHED = 70  # exit status of the student's process when the program itself raised: the grader's fault
REFUSED = 71  # exit status when it could not be confined


@dataclass(frozen=True)
class Descriptors:
    """What the supervisor passes to a child, in this order."""

    control: int
    progress: int
    output: int
    spec: int
    job: int
    group: int | None = None


def main(descriptors: Descriptors, programs: dict[str, str], parent: int) -> NoReturn:
    """Run one child; called in the zygote's fork, never returns."""
    status = 1
    try:
        refused = _join(descriptors.group)
        _detach(descriptors, parent)
        control = socket.socket(fileno=3)
        try:
            if refused is not None:
                raise refused
            _run(control, programs)
            status = 0
        except OSError as error:
            with contextlib.suppress(OSError):
                control.send(json.dumps({"refused": str(error)}).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _join(group: int | None) -> OSError | None:
    """Join the control group before anything is forked; return why that failed."""
    try:
        if group is not None:
            control_groups.join(group)
    except OSError as error:
        return OSError(f"joining the control group: {error.strerror}")
    return None


def _detach(given: Descriptors, parent: int) -> None:
    """Start a session and lay out the descriptors: 0–2 for output, 3 control, 4 progress, 5 specification, 6 job."""
    os.setsid()
    sc.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    wanted = (given.control, given.progress, given.spec, given.job)
    high = [os.dup2(d, 200 + i, inheritable=False) for i, d in enumerate(wanted)]
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(given.output, 1)
    os.dup2(given.output, 2)
    for low, descriptor in enumerate(high, start=3):
        os.dup2(descriptor, low, inheritable=False)
    sc.close_all_but(range(7))
    for number in range(1, signal.NSIG):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _read(descriptor: int) -> bytes:
    with open(descriptor, "rb") as stream:
        stream.seek(0)
        return stream.read()


def _run(control: socket.socket, programs: dict[str, str]) -> None:
    spec = Spec.from_json(_read(5))
    if not spec.namespaces:
        sc.become_subreaper()
        _watch(control, spec, programs, own_proc=False)
        return
    namespaces.enter(spec)
    watcher = os.fork()
    if watcher == 0:
        try:
            sc.die_with_parent(signal.SIGKILL)
            own_proc = namespaces.finish_root(spec)
            _watch(control, spec, programs, own_proc=own_proc)
        except OSError as error:
            with contextlib.suppress(OSError):
                control.send(json.dumps({"refused": str(error)}).encode())
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    # The control socket stays open here until the whole namespace is gone: that is how the supervisor knows.
    os.closerange(0, 3)
    os.closerange(4, 256)
    sc.die_with_parent(signal.SIGKILL)
    os.waitpid(watcher, 0)


def _watch(control: socket.socket, spec: Spec, programs: dict[str, str], *, own_proc: bool) -> None:
    """Start the student's process, pass on the supervisor's requests, report how it ended, leave nothing running."""
    os.umask(0o077)
    folder = os.open(spec.scratch, os.O_RDONLY | os.O_DIRECTORY)
    os.chdir(spec.scratch)
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        os.close(wake)
        os.close(waker)
        os.close(folder)
        control.close()
        _student(spec, programs, own_proc=own_proc)
    sc.set_dumpable(False)
    for descriptor in (0, 1, 2, 4, 6):
        os.close(descriptor)
    socket.send_fds(control, [json.dumps({"ready": child}).encode()], [folder])
    os.close(folder)
    status = reaper.watch(control, child, wake, waker, first=spec.namespaces)
    if not spec.namespaces:
        reaper.end_descendants()
    if status is not None:
        with contextlib.suppress(OSError):
            control.send(json.dumps({"exit": status}).encode())
    os._exit(0)  # with namespaces, the kernel now ends every process that is left in them


def _student(spec: Spec, programs: dict[str, str], *, own_proc: bool) -> NoReturn:
    status = CRASHED
    try:
        os.setpgid(0, 0)  # a signal to the group of those who watch over it would pass the walls of the namespace
        sc.die_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full limit is an OSError, as Python has it
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        job = json.loads(_read(6))
        program = importlib.import_module(programs[spec.program])
        scratch = spec.scratch
        try:
            confine(spec, own_proc=own_proc)
            sc.die_with_parent(signal.SIGKILL)  # forgotten when the user id changed
            environment(scratch)
            if spec.devices:
                gpu.claim(dict(spec.environment), gpu.backend_name())
        except OSError as error:
            os.write(2, f"cannot confine: {error}\n".encode())
            os._exit(REFUSED)
        os.write(4, b'{"confined": true}')
        del spec
        program.run(job, scratch, 4)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
