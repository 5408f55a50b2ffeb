"""One container per attack and rival: started, fed, listened to under limits, thrown away."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import resource
import secrets
import subprocess
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.container.engine import Engine, Launch, find_engine, run_command
from autograder.errors import ExecutionError, IsolationError

IMAGE = "localhost/autograder:platforms"
MEMORY = "3g"
START = 60.0
"""Seconds that a container may take beyond the rival's own time."""
REPLY = 16_000_000
"""Bytes of a reply that are read."""
_NOT_STARTED = (125, 126, 127)  # podman's and docker's own exit codes


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a rival made of one upload; every word of it is untrusted.

    ``scores`` is task → points as the rival's own records have it; ``code`` its exit status, None where its time ran
    out or the container gave no usable answer.
    """

    code: int | None
    scores: dict[str, float] = field(default_factory=dict)
    outputs: str = ""
    said: str = ""
    seconds: float = 0.0


def engine(wanted: str | None, image: str) -> Engine:
    """Return an engine that has the image.

    Raises:
        AutograderError: there is no engine, or it has no such image.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    found = find_engine(wanted, uid=os.getuid(), gid=os.getgid(), open_files=files)
    if subprocess.run([*found.program, "image", "inspect", image], capture_output=True, check=False).returncode:
        raise IsolationError(f"Expected the image {image} to run rivals in, since attacks never run on the host, but "
                             f"{found.name} does not have it; build it with `autograder container build --image "
                             f"{image} --build-option=--build-arg=EXTRAS=platforms` or name another with --image.")
    return found


def command(engine: Engine, *, image: str, folder: Path, name: str) -> list[str]:
    """Return the command line of one container: the folder read-only at /bench, nothing else of the host."""
    options = ("--entrypoint", "python", "--no-healthcheck", "--memory", MEMORY, "--pids-limit", "512")
    # Docker's flags, which podman takes too: its own would unmask parts of /proc, for namespaces that no rival makes.
    plain = replace(engine, name="docker")
    return run_command(plain, Launch(image=image, name=name, options=options), ("/bench/inside.py",),
                       mounts={folder: "/bench"})


def grade(engine: Engine, *, image: str, folder: Path, rival: str, student: str, upload: bytes,
          seconds: float) -> Reply:
    """Let a rival grade one upload in a container of its own.

    Args:
        folder: what ``make_bench`` wrote.
        seconds: of the rival; what it has not graded by then is not graded.

    Raises:
        ExecutionError: the container could not be started, which must not pass for an attack that got nothing.
    """
    name = f"attack-{secrets.token_hex(6)}"
    job = json.dumps({"rival": rival, "student": student, "seconds": seconds,
                      "upload": base64.b64encode(upload).decode()})
    start = time.monotonic()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(command(engine, image=image, folder=folder, name=name), stdin=subprocess.PIPE,
                                   stdout=told, stderr=complaint)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(job.encode(), timeout=seconds + START)
        _throw_away(engine, name, process)
        told.seek(0)
        complaint.seek(0)
        trouble = complaint.read(4000).decode(errors="replace")
        if process.returncode in _NOT_STARTED:
            raise ExecutionError(f"Expected {engine.name} to start a container of {image}, but it says: {trouble}")
        return read_reply(told.read(REPLY + 1), trouble, time.monotonic() - start)


def _throw_away(engine: Engine, name: str, process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        subprocess.run([*engine.program, "rm", "--force", "--time", "0", name], capture_output=True, check=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(START)
        process.kill()
        process.wait()


def read_reply(told: bytes, complaint: str = "", seconds: float = 0.0) -> Reply:
    """Return a reply from what a container printed; anything unexpected becomes a reply without scores."""
    nothing = Reply(code=None, said=complaint, seconds=seconds)
    if len(told) > REPLY:
        return nothing
    try:
        found: Any = json.loads(told)
        code, said, outputs = found["code"], found["said"], found["outputs"]
        scores = {str(name)[:100]: float(score) for name, score in list(found["scores"].items())[:1000]}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return nothing
    if not isinstance(said, str) or not isinstance(outputs, str) or not (code is None or isinstance(code, int)):
        return nothing
    return Reply(code=code, scores=scores, outputs=outputs, said=said[-4000:], seconds=seconds)

