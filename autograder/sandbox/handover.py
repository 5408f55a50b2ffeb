"""What a child is given: its job with paths that are valid inside, its limits, and its ends of the channels."""

from __future__ import annotations

import json
import math
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ExecutionError
from autograder.model import Limits, Mount
from autograder.sandbox.collect_output import Caps
from autograder.sandbox.isolation.launch import Bounds, Spec
from autograder.sandbox.processes import scratch
from autograder.sandbox.terms import Ends
from autograder.sandbox.turns import Do, Turn


@dataclass(frozen=True)
class Order:
    """One job: what to run, for whom, and where its files go."""

    program: str
    job: dict[str, Any]
    limits: Limits
    mounts: tuple[Mount, ...]
    turns: tuple[Turn, ...]
    into: Path
    on_cell: Callable[[int], None] | None = None

    @property
    def notebook(self) -> bool:
        """Whether student code runs in it."""
        return self.program == "notebook"

    @property
    def trains(self) -> bool:
        """Whether it trains, and so occupies a worker."""
        return self.program != "prediction"

    @property
    def cells(self) -> list[int]:
        """The indices of the cells to run."""
        return [turn.cell for turn in self.turns if turn.do is Do.CELL]

    @property
    def has_checkpoints(self) -> bool:
        """Whether there are checkpoints to write."""
        return any(turn.do is Do.CHECKPOINT for turn in self.turns)


def inside(job: dict[str, Any], places: Mapping[str, str], *, namespaces: bool) -> dict[str, Any]:
    """Return a job without paths of the host.

    Args:
        job: as JSON.
        places: target of each mount → the path that replaces its source.
        namespaces: whether the child finds a mount at its target; otherwise the job names the path in ``places``.
    """
    found = [target if namespaces else place for target, place in places.items()]
    if not namespaces:
        job = scratch.redirect(job, dict(places))
    return job | {"mounts": [{"source": path, "target": path} for path in found]}


def require_outside(scratch: str, targets: Iterable[str]) -> None:
    """Refuse targets of mounts that are relative, or inside the scratch folder.

    Raises:
        ExecutionError: one of them is.
    """
    for target in targets:
        if not target.startswith("/") or ".." in target or Path(scratch) in [Path(target), *Path(target).parents]:
            raise ExecutionError(f"Expected a mount's target to be an absolute path outside of {scratch}, but it is "
                                 f"{target}; choose another one.")


def bounds(limits: Limits) -> Bounds:
    """Return the limits that the kernel enforces."""
    return Bounds(memory=limits.memory_mib << 20, processes=limits.processes, disk=limits.disk_mib << 20,
                  files=limits.files, open_files=limits.open_files, seconds=math.ceil(limits.notebook_seconds))


def caps(limits: Limits) -> Caps:
    """Return how much of a child's output is copied."""
    disk = limits.disk_mib << 20
    return Caps(file=disk, total=disk, files=limits.files)


def connect(spec: Spec, job: dict[str, Any]) -> tuple[Ends, list[int]]:
    """Make the channels to one child: our ends, and the descriptors for it in the order of ``child.Descriptors``."""
    # Packets, not datagrams: a datagram socket could be pointed elsewhere by the student's process.
    control, their_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    progress, their_progress = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    output, their_output = os.pipe()
    texts = (spec.to_json(), json.dumps(job).encode())
    return Ends(control, progress, output), [
        their_control.detach(), their_progress.detach(), their_output, *(_in_memory(text) for text in texts)]


def _in_memory(text: bytes) -> int:
    descriptor = os.memfd_create("job")
    with open(descriptor, "wb", closefd=False) as stream:
        stream.write(text)
    return descriptor
