"""What the supervisor specifies for one child besides the job: the child reads it before it runs student code."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The limits that the kernel enforces inside the child; sizes in bytes."""

    memory: int
    processes: int
    disk: int
    files: int
    open_files: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Spec:
    """How one child is isolated, and which program runs in it.

    ``scratch`` is a path inside the child's own root with namespaces, of the host without. ``mounts`` are (source,
    target) pairs, used with namespaces only. ``readable`` are the host's paths that student code may read.
    ``devices`` are the device nodes of the one GPU that the child may use, ``environment`` the variables that its
    libraries need for it: both are empty for work on the CPU.
    ``search`` says that a folder above the interpreter is closed to the slot's user, so that without namespaces the
    child has to keep the one capability that looks through it.
    """

    isolation: str
    program: str
    scratch: str
    bounds: Bounds
    readable: tuple[str, ...]
    mounts: tuple[tuple[str, str], ...] = ()
    uid: int | None = None
    search: bool = False
    devices: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def namespaces(self) -> bool:
        """Whether the child gets namespaces, a root folder and a scratch file system of its own."""
        return self.isolation in ("full", "namespaces")

    def to_json(self) -> bytes:
        """Return the specification as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Spec:
        """Parse what ``to_json`` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["bounds"] = Bounds(**data["bounds"])
        data["readable"] = tuple(data["readable"])
        data["mounts"] = tuple((source, target) for source, target in data["mounts"])
        data["devices"] = tuple(data.get("devices", ()))
        data["environment"] = tuple((name, value) for name, value in data.get("environment", ()))
        return cls(**data)
