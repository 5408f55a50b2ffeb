"""The isolation that this machine offers, what a missing feature leaves open, and how to fix that.

`explain` is pure: it turns the facts that `kernel.look` found into sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autograder.model import Isolation
from autograder.sandbox.isolation import kernel, landlock
from autograder.sandbox.isolation.kernel import Kernel, namespaces_refusal

__all__ = ["Feature", "best_isolation", "explain", "namespaces_refusal", "offered", "survey"]

LANDLOCK_SINCE: Final = (5, 13)
_CONTAINER: Final = "autograder container run"
_DELEGATE: Final = (
    "`sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu memory pids\\n' | "
    "sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload`, then log in again")
_IN_ENGINE: Final = {
    "podman": "start the container as a user that is not root, with `--user 1000 --security-opt unmask=ALL`",
    "docker": "start the container with `--user 1000 --security-opt seccomp=unconfined "
              "--security-opt apparmor=unconfined --security-opt systempaths=unconfined`",
}


@dataclass(frozen=True)
class Feature:
    """One building block of isolation.

    Attributes:
        detail: what it provides, or what its absence leaves open.
        fix: the command or change that enables it, if it is missing.
        optional: it is useful, but isolation does not depend on it.
    """

    name: str
    available: bool
    detail: str
    fix: str | None = None
    optional: bool = False


def survey() -> tuple[Feature, ...]:
    """Return the state of every building block on this machine, strongest first; takes less than a second."""
    return explain(kernel.look())


def explain(seen: Kernel) -> tuple[Feature, ...]:
    """Return the building blocks that follow from facts about a kernel."""
    return (_namespaces(seen), _landlock(seen), _scopes(seen), _seccomp(seen), _own_user(seen), _cgroups(seen))


def offered(seen: Kernel | None = None) -> tuple[Isolation, ...]:
    """Return the available isolation modes, strongest first; without facts, those of this machine."""
    found = {feature.name: feature.available for feature in (survey() if seen is None else explain(seen))}
    if not found["seccomp"]:
        return ()
    modes = []
    if found["namespaces"]:
        modes += [Isolation.FULL, Isolation.NAMESPACES] if found["landlock"] else [Isolation.NAMESPACES]
    if found["landlock"] and (found["landlock-scopes"] or found["own-user"]):
        modes.append(Isolation.RESTRICTED)
    return tuple(modes)


def best_isolation() -> Isolation | None:
    """Return the strongest mode that works here, or None if only ``--unsafe`` would."""
    return next(iter(offered()), None)


def _namespaces(seen: Kernel) -> Feature:
    if seen.refusal is None:
        return Feature("namespaces", True, "each submission has its own processes, network, users and file system")
    open_now = ("without them names and sizes of files outside can be looked up, and a submission can fill the disk "
                f"until it is noticed; the kernel said: {seen.refusal}")
    return Feature("namespaces", False, open_now, _fix_namespaces(seen))


def _fix_namespaces(seen: Kernel) -> str:
    if not seen.supported:
        return f"use a Linux machine, or a container on one: `{_CONTAINER}`"
    if seen.user_namespaces == 0:
        return _setting("user.max_user_namespaces=15000", "the kernel allows no user namespaces at all")
    if seen.unprivileged_clone == 0 and not seen.root:
        return _setting("kernel.unprivileged_userns_clone=1", "Debian's switch is off")
    if seen.container is not None:
        return _IN_ENGINE[seen.container]
    if (seen.apparmor_restricts or 0) > 0 and not seen.root:
        return _setting("kernel.apparmor_restrict_unprivileged_userns=0", "AppArmor turns them off for programs "
                        "without a profile")
    return (f"ask who runs this machine whether a policy forbids `unshare --user --map-root-user true`, "
            f"or grade in a container: `{_CONTAINER}`")


def _setting(assignment: str, why: str) -> str:
    return (f"{why}: `sudo sysctl -w {assignment}`; to keep it over a restart, "
            f"`echo {assignment} | sudo tee /etc/sysctl.d/60-autograder.conf`")


def _landlock(seen: Kernel) -> Feature:
    if seen.landlock > 0:
        return Feature("landlock", True, f"file rules for each submission, version {seen.landlock}")
    open_now = ("without it only the namespaces protect files, and where there are none either, "
                "nothing does: then no mode works but `--unsafe`")
    if not seen.supported:
        fix = f"use a Linux machine, or a container on one: `{_CONTAINER}`"
    elif seen.version < LANDLOCK_SINCE:
        fix = f"install Linux 5.13 or newer (this is {seen.release or 'older'}), better 6.12"
    elif seen.lsm is not None and "landlock" not in seen.lsm.split(","):
        fix = (f"the kernel has it switched off: add `lsm=landlock,{seen.lsm}` to GRUB_CMDLINE_LINUX in "
                "/etc/default/grub, then `sudo update-grub && sudo reboot`")
    elif seen.container is not None:
        fix = "the container's filter refuses it: start the container with `--security-opt seccomp=unconfined`"
    else:
        fix = "use a kernel that is built with CONFIG_SECURITY_LANDLOCK=y, and boot it with `lsm=landlock,…`"
    return Feature("landlock", False, open_now, fix)


def _scopes(seen: Kernel) -> Feature:
    if seen.landlock >= landlock.SCOPES_SINCE:
        return Feature("landlock-scopes", True, "signals stay inside a submission even without namespaces")
    old = f"version {seen.landlock} is too old for them" if seen.landlock else "there is no Landlock"
    return Feature("landlock-scopes", False,
                   f"{old}: without namespaces too, a submission could end processes of the same user",
                   "install Linux 6.12 or newer, or run as root, so that each submission gets a user id of its own")


def _seccomp(seen: Kernel) -> Feature:
    if seen.seccomp:
        return Feature("seccomp", True, "system calls for sockets, tracing, mounts and hidden memory are refused")
    return Feature("seccomp", False, "without it student code could open sockets and trace other processes: no mode "
                                     "works but `--unsafe`",
                   "use Linux on x86-64 or arm64 with CONFIG_SECCOMP_FILTER=y" if seen.supported else
                   f"use a Linux machine, or a container on one: `{_CONTAINER}`")


def _own_user(seen: Kernel) -> Feature:
    if seen.root:
        return Feature("own-user", True, "each submission runs under a user id of its own", optional=True)
    harmless = "which the namespaces make harmless" if seen.refusal is None else \
        "so without namespaces only Landlock keeps them from each other's processes"
    return Feature("own-user", False, f"submissions share your user id, {harmless}", "run as root to change that",
                   optional=True)


def _cgroups(seen: Kernel) -> Feature:
    polled = ("the memory of each submission is looked at every 50 ms, and a kernel that runs short of it ends the "
              "student's process first")
    if seen.cgroups == "v2" and seen.delegated and not seen.crowded:
        return Feature("cgroups", True, "version 2, delegated: each submission gets a group of its own, and the kernel "
                       "limits its memory and processes at once", optional=True)
    if seen.cgroups == "v2" and seen.delegated:
        return Feature("cgroups", False, "version 2, delegated, but other programs run in the same group, so none can "
                       f"be made below it: {polled}",
                       "start the command in a group of its own: `systemd-run --user --scope -p Delegate=yes "
                       "autograder grade`", optional=True)
    if seen.cgroups == "v2":
        return Feature("cgroups", False, f"version 2, but not delegated to this user: {polled}; no limit of the kernel "
                       "applies to the batch", _DELEGATE, optional=True)
    if seen.cgroups == "v1":
        return Feature("cgroups", False, f"version 1, which ends one process and not a whole submission: {polled}",
                       "boot with `systemd.unified_cgroup_hierarchy=1` for version 2", optional=True)
    return Feature("cgroups", False, f"none: {polled}", "mount them: `sudo mount -t cgroup2 none /sys/fs/cgroup`",
                   optional=True)
