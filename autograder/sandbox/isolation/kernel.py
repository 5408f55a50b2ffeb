"""Facts about isolation on this kernel, found by reading its settings and by trying what they allow."""

from __future__ import annotations

import functools
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from autograder.sandbox.isolation import control_groups, landlock, readable_paths, seccomp, syscalls

Cgroups = Literal["v2", "v1", "none"]
_PROBE: Final = ("import sys, json; sys.path += json.loads(sys.argv[1]); "
                 "from autograder.sandbox.isolation import probe; probe.main()")
_PATIENCE: Final = 30.0  # seconds
_CGROUPS: Final = Path("/sys/fs/cgroup")
_CONTAINERS: Final = (("podman", "/run/.containerenv"), ("docker", "/.dockerenv"))


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """Facts that decide which isolation is possible; None if the kernel has no such setting.

    Attributes:
        supported: Linux on a processor whose system calls are known.
        release: as `uname -r` prints it.
        refusal: why a full trial of the namespaces failed, in the kernel's words.
        user_namespaces: ``user.max_user_namespaces``.
        unprivileged_clone: ``kernel.unprivileged_userns_clone``, a switch that Debian's kernels have.
        apparmor_restricts: ``kernel.apparmor_restrict_unprivileged_userns``, a switch that Ubuntu's kernels have.
        landlock: version of Landlock, 0 if there is none.
        lsm: the security modules that are switched on, where the kernel lists them.
        container: the engine of the container that this runs in, if any.
        cgroups: version of the control groups; ``delegated`` says that this user may limit memory and processes,
            ``crowded`` that the group of this process has processes in it that are none of its own.
    """

    supported: bool = True
    system: str = "Linux"
    release: str = ""
    root: bool = False
    refusal: str | None = None
    user_namespaces: int | None = None
    unprivileged_clone: int | None = None
    apparmor_restricts: int | None = None
    landlock: int = 0
    lsm: str | None = None
    seccomp: bool = True
    container: str | None = None
    cgroups: Cgroups = "none"
    delegated: bool = False
    crowded: bool = False

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor number of the kernel, (0, 0) where they cannot be read."""
        parts = self.release.split("-")[0].split(".")
        return (int(parts[0]), int(parts[1])) if len(parts) > 1 and all(p.isdigit() for p in parts[:2]) else (0, 0)


@functools.cache
def look() -> Kernel:
    """Examine this machine. Needs no TensorFlow; takes less than a second."""
    version, delegated = cgroups(_CGROUPS, own := _own_group())
    return Kernel(
        supported=syscalls.SUPPORTED, system=f"{sys.platform} on {syscalls.MACHINE}", release=platform.release(),
        root=hasattr(os, "geteuid") and os.geteuid() == 0, refusal=namespaces_refusal(),
        user_namespaces=_setting("user/max_user_namespaces"),
        unprivileged_clone=_setting("kernel/unprivileged_userns_clone"),
        apparmor_restricts=_setting("kernel/apparmor_restrict_unprivileged_userns"),
        landlock=landlock.abi(), lsm=_text(Path("/sys/kernel/security/lsm")),
        seccomp=syscalls.SUPPORTED and seccomp.available(),
        container=next((name for name, mark in _CONTAINERS if Path(mark).exists()), None),
        cgroups=version, delegated=delegated,
        crowded=delegated and control_groups.others_in(_CGROUPS / (own or "/").lstrip("/")),
    )


@functools.cache
def namespaces_refusal() -> str | None:
    """Return why the kernel refuses namespaces, or None if a full trial in a separate process succeeded."""
    if not syscalls.SUPPORTED:
        return f"this is {sys.platform} on {syscalls.MACHINE}, and namespaces need Linux on x86-64 or arm64"
    command = [sys.executable, "-I", "-c", _PROBE, json.dumps(readable_paths.import_paths())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False,
                              stdin=subprocess.DEVNULL, env={})
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["the trial died"])[-1]
    answer = done.stdout.strip()
    return None if answer == "ok" else answer


def cgroups(root: Path, own: str | None) -> tuple[Cgroups, bool]:
    """Return the version of the control groups below ``root``, and whether this process may limit its own group.

    Args:
        own: path of this process's group in version 2, as /proc/self/cgroup has it.
    """
    if (root / "cgroup.controllers").is_file():
        group = root / (own or "/").lstrip("/")
        offered = (_text(group / "cgroup.controllers") or "").split()
        writable = os.access(group, os.W_OK) and os.access(group / "cgroup.procs", os.W_OK)
        return "v2", writable and {"memory", "pids"} <= set(offered)
    if (root / "memory").is_dir():
        return "v1", os.access(root / "memory", os.W_OK)
    return "none", False


def _own_group() -> str | None:
    for line in (_text(Path("/proc/self/cgroup")) or "").splitlines():
        if line.startswith("0::"):
            return line[3:].removesuffix(f"/{control_groups.LEAF}") or "/"
    return None


def _setting(name: str) -> int | None:
    text = _text(Path("/proc/sys", name))
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
