"""What this machine can put between student code and itself, found out by trying."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass

from autograder.execution import landlock, seccomp, syscalls, visible
from autograder.model import Isolation

_PROBE = ("import sys, json; sys.path += json.loads(sys.argv[1]); "
          "from autograder.execution import probe; probe.main()")
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Feature:
    """One building block of isolation: what it is, or what its absence leaves open and the command that mends it."""

    name: str
    available: bool
    detail: str


@functools.cache
def namespaces_refusal() -> str | None:
    """Return why the kernel refuses namespaces, or None when a full trial in a process of its own succeeded."""
    if not syscalls.SUPPORTED:
        return f"this is {sys.platform} on {syscalls.MACHINE}, and namespaces need Linux on x86-64 or arm64"
    command = [sys.executable, "-I", "-c", _PROBE, json.dumps(visible.import_paths())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False,
                              stdin=subprocess.DEVNULL, env={})
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["the trial died"])[-1]
    answer = done.stdout.strip()
    return None if answer == "ok" else answer


def survey() -> tuple[Feature, ...]:
    """Return every building block, strongest first. Needs no TensorFlow; takes less than a second."""
    refusal = namespaces_refusal()
    abi = landlock.abi()
    filters = syscalls.SUPPORTED and seccomp.available()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (
        Feature("namespaces", refusal is None, (
            "own process, network and file system for each submission, made without privileges" if refusal is None else
            f"without them, other files can be seen (not read) and the disk filled; the kernel said: {refusal}; "
            "allow them with `sysctl -w user.max_user_namespaces=15000` and, on Ubuntu, "
            "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, "
            "or start the container with `--security-opt seccomp=unconfined --security-opt unmask=ALL`")),
        Feature("landlock", abi > 0, (
            f"file rules for each submission, version {abi}" if abi else
            "without it, namespaces alone hide files; it needs Linux 5.13 booted with `lsm=landlock,…`")),
        Feature("landlock-scopes", abi >= landlock.SCOPES_SINCE, (
            "signals stay inside a submission even without namespaces" if abi >= landlock.SCOPES_SINCE else
            "without them and without namespaces, a submission could end processes of the same user; "
            "they need Linux 6.12, or run as root so that each submission gets a user id of its own")),
        Feature("seccomp", filters, (
            "system calls for sockets, tracing, mounts and hidden memory are refused" if filters else
            "without it, student code could use sockets and trace processes: no mode but `--unsafe` works; "
            "it needs Linux on x86-64 or arm64 with CONFIG_SECCOMP_FILTER")),
        Feature("own-user", root, (
            "each submission runs under a user id of its own" if root else
            "submissions share your user id, which namespaces make harmless; as root in a container they would not")),
    )


def best_isolation() -> Isolation | None:
    """Return the strongest mode that works here, or None when only ``--unsafe`` would."""
    found = {feature.name: feature.available for feature in survey()}
    if not found["seccomp"]:
        return None
    if found["namespaces"]:
        return Isolation.FULL if found["landlock"] else Isolation.NAMESPACES
    if found["landlock"] and (found["landlock-scopes"] or found["own-user"]):
        return Isolation.RESTRICTED
    return None
