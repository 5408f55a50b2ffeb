"""How a pool runs student code: how many at a time, how isolated, on which devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import IsolationError
from autograder.model import Isolation
from autograder.sandbox.isolation import features
from autograder.sandbox.isolation.gpu import Gpu
from autograder.sandbox.zygote_client import Programs


@dataclass(frozen=True, kw_only=True)
class PoolOptions:
    """The options of a pool.

    Attributes:
        workers: how many notebooks may run at the same time.
        extra: how many children that are not notebooks may run in addition: with spare cores, rebuilt models
            predict while the next notebook runs.
        isolation: the mode to use; None: the strongest that works here.
        unsafe: accept ``Isolation.NONE``.
        scratch: folder for temporary files; None: the system's.
        private: folders that student code must not see; this is checked, they are not hidden.
        grace: seconds that an interrupted cell has before the notebook is ended.
        programs: the modules that run in children; only tests replace the default.
        gpus: the GPUs that notebooks train on, each notebook on one of them; if empty, they train on the CPU.
            Rebuilt models always predict on the CPU.
        share: the part of a GPU that each notebook takes: with 0.5, two share one.
        versions: file that keeps the versions of this installation, so that they are known before it is warm; None:
            the warm process is asked.
        packages: names of packages whose versions count among those of the pool, since notebooks may import them.
    """

    workers: int = 1
    extra: int = 0
    isolation: Isolation | None = None
    unsafe: bool = False
    scratch: Path | None = None
    private: tuple[Path, ...] = ()
    grace: float = 5.0
    programs: Programs = field(default_factory=Programs)
    gpus: tuple[Gpu, ...] = ()
    share: float = 1.0
    versions: Path | None = None
    packages: tuple[str, ...] = ()


def choose_isolation(isolation: Isolation | None, *, unsafe: bool) -> Isolation:
    """Return the isolation to use.

    Raises:
        IsolationError: no isolation is possible, or none was requested, without ``unsafe``.
    """
    if isolation is None:
        isolation = features.best_isolation() or Isolation.NONE
    if isolation is Isolation.NONE and not unsafe:
        raise IsolationError(
            "Expected a Linux kernel that can isolate student code (user namespaces, or Landlock and seccomp), but "
            "this machine offers neither; see `autograder doctor`, use the container, or accept the risk with --unsafe."
        )
    return isolation
