"""Command lines for docker and podman: pure functions, so that tests can check every flag."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from autograder.errors import AutograderError

ENGINES: Final = ("podman", "docker")
"""In the order of preference: podman allows nested namespaces where docker's default profile refuses them."""
USER: Final = 10_001
"""User and group id inside the image; a number that no host's user list has."""
TARGETS: Final = ("cpu", "gpu")
Target = Literal["cpu", "gpu"]
_TMP: Final = "/tmp:rw,nosuid,nodev,size=2g,mode=1777"  # noqa: S108  (inside the container)
_PROCESSES: Final = 4096
_FILES: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A container engine: its program, and the ids and limits of the caller.

    Attributes:
        program: the program and its global options, e.g. ``("podman", "--runtime", "runc")``.
        uid, gid: the caller's ids on the host; 0 for root.
        open_files: hard limit of open files of the caller, which an engine without privileges cannot raise.
    """

    name: str
    program: tuple[str, ...]
    uid: int
    gid: int
    open_files: int = _FILES

    @property
    def is_podman(self) -> bool:
        """Whether podman's own options are understood."""
        return self.name == "podman"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a container may use of the machine; None: the engine sets no bound."""

    cpus: int | None = None
    memory_mib: int | None = None

    @property
    def flags(self) -> list[str]:
        """The engine's options for them."""
        cpus = [] if self.cpus is None else ["--cpus", str(self.cpus)]
        # The same number for memory and swap together, so no swap, which would hide that the limit is reached.
        memory = f"{self.memory_mib}m"
        return [*cpus, *([] if self.memory_mib is None else ["--memory", memory, "--memory-swap", memory])]


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How one container is started.

    Attributes:
        name: of the container; None: the engine chooses.
        gpu: give it the machine's GPUs.
        options: further ones of the engine; they come last, so that they override ``bounds``.
    """

    image: str
    name: str | None = None
    gpu: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    options: tuple[str, ...] = ()


def find_engine(wanted: str | None, *, uid: int, gid: int, open_files: int = _FILES) -> Engine:
    """Return the requested engine, else the first one found on PATH.

    Args:
        wanted: ``podman`` or ``docker``, or a path to one of them; None chooses.

    Raises:
        AutograderError: there is none.
    """
    for name in (wanted,) if wanted else ENGINES:
        found = shutil.which(name)
        if found:
            kind = "podman" if "podman" in Path(found).name else "docker"
            # crun, podman's default, fails where cgroups of version 1 and 2 are mixed; runc does not.
            runtime = ("--runtime", "runc") if kind == "podman" and shutil.which("runc") else ()
            return Engine(name=kind, program=(found, *runtime), uid=uid, gid=gid, open_files=min(open_files, _FILES))
    raise AutograderError(
        f"Expected {wanted or 'podman or docker'} on PATH to work with containers, but there is none; "
        "install one of them (Debian: `apt-get install podman runc`) or name it with --engine.")


def build_command(engine: Engine, *, context: Path, target: Target, tag: str, base: str | None = None,
                  options: Sequence[str] = (), packages: Sequence[str] = ()) -> list[str]:
    """Return the command that builds the image.

    Args:
        context: the folder with pyproject.toml, requirements.lock and the package.
        base: image to start from; None: the Dockerfile's default, the official slim Python.
        options: passed on unchanged, e.g. ``--network=host`` or mounts with pip's settings.
        packages: of the course, each as ``name==version``.
    """
    command = [*engine.program, "build", "--target", target, "--tag", tag]
    if engine.is_podman:
        # Podman's own format has no HEALTHCHECK, and its limit on open files may exceed the host's.
        command += ["--format", "docker", "--ulimit", f"nofile={engine.open_files}:{engine.open_files}"]
    if base:
        command += ["--build-arg", f"BASE={base}"]
    if packages:
        command += ["--build-arg", f"COURSE_PACKAGES={' '.join(packages)}"]
    return [*command, *options, "--file", str(context / "autograder" / "container" / "Dockerfile"), str(context)]


def run_command(
    engine: Engine, launch: Launch, arguments: Sequence[str], *, user: bool = False,
    mounts: Mapping[Path, str] | None = None, writable: Mapping[Path, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that starts a container with all the isolation that an engine offers.

    Nothing in it can become root, reach a network or write anywhere but into its own temporary file system and
    into ``writable``; it is removed when it ends.

    Args:
        user: run under the ids of the caller on the host, so that what is mounted can be read; else
            under the image's own user.
        mounts, writable: folder of the host → place inside, read-only and not.
    """
    command = [
        *engine.program, "run", "--rm", "--interactive", "--network", "none", "--read-only", "--tmpfs", _TMP,
        "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", str(_PROCESSES),
        # An engine's log would keep everything sent between judge and runner: labels, submissions, hundreds of
        # megabytes. The image's health check imports Keras: during a batch it would only cost time.
        "--log-driver", "none", "--no-healthcheck",
        "--ulimit", f"nofile={engine.open_files}:{engine.open_files}", "--ulimit", f"nproc={_PROCESSES}:{_PROCESSES}",
    ]
    if engine.is_podman:
        # A child's own namespaces need a fresh /proc, which the kernel refuses while parts of the outer one are masked.
        command += ["--security-opt", "unmask=ALL"]
    if launch.name:
        command += ["--name", launch.name]
    if user:
        command += _user(engine)
    if launch.gpu:
        command += ["--device", "nvidia.com/gpu=all"] if engine.is_podman else ["--gpus", "all"]
    for key, value in (environment or {}).items():
        command += ["--env", f"{key}={value}"]
    for source, target in (mounts or {}).items():
        command += ["--volume", f"{source}:{target}:ro"]
    for source, target in (writable or {}).items():
        command += ["--volume", f"{source}:{target}:rw"]
    return [*command, *launch.bounds.flags, *launch.options, launch.image, *arguments]


def runner_command(engine: Engine, launch: Launch) -> list[str]:
    """Return the command of the container that runs student code: it gets no folder at all."""
    return run_command(engine, launch, ("container", "worker"))


def judge_command(
    engine: Engine, launch: Launch, arguments: Sequence[str], *, course: Path, output: Path, cache: Path,
    data: Path | None,
) -> list[str]:
    """Return the command of the container that contains the course and runs no student code.

    Of the bounds only the cores apply: its memory is used by the trusted side, not by submissions.
    """
    mounts = {course: "/course"} | ({data: "/data"} if data else {})
    return run_command(
        engine, replace(launch, bounds=Bounds(cpus=launch.bounds.cpus)),
        ("--course", "/course", "--output", "/output", "container", "judge", *arguments), user=True, mounts=mounts,
        writable={cache: "/course/.cache", output: "/output"},
        environment={"AUTOGRADER_DATA": "/data"} if data else {})


def _user(engine: Engine) -> list[str]:
    """Return the options that make the caller's files owned by the container's user; never root, whoever calls."""
    if engine.uid == 0:
        return ["--user", f"{USER}:{USER}"]  # the caller changes the owner of the mounted folders to it
    keep = ["--userns", "keep-id"] if engine.is_podman else []
    return [*keep, "--user", f"{engine.uid}:{engine.gid}"]
