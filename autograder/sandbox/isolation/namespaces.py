"""A separate root folder for one child: read-only system files, the job's mounts, a scratch file system.

Root builds the tree before it gives up its user id, because the interpreter may be in a folder that only root can
enter; everyone else builds it inside the new user namespace. In both cases the rest happens inside that namespace.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.isolation.launch import Spec

_STAGES: Final = ("/tmp", "/var/tmp", "/mnt", "/run")  # noqa: S108  (a mount point that is covered at once, never written)
# No zero: mapped shared, it is memory that no limit sees.
_DEVICES: Final = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
_INSIDE_ID: Final = 1000
_ALL: Final = sc.NEWUSER | sc.NEWNS | sc.NEWNET | sc.NEWIPC | sc.NEWUTS | sc.NEWPID | sc.NEWCGROUP


def enter(spec: Spec) -> None:
    """Unshare everything; the next fork is process 1 of the new PID namespace and has to call ``finish_root``.

    Raises:
        OSError: the kernel refused; the message names the call.
    """
    if spec.uid is not None:
        sc.unshare(sc.NEWNS)
        _build(spec)
        become(spec.uid)
    uid, gid = os.geteuid(), os.getegid()
    sc.unshare(_ALL)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{_INSIDE_ID} {uid} 1")
    _write("/proc/self/gid_map", f"{_INSIDE_ID} {gid} 1")


def become(uid: int) -> None:
    """Switch irrevocably from root to the user id of a slot."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    sc.set_dumpable(True)  # else the files below /proc/self belong to root


def finish_root(spec: Spec) -> bool:
    """Finish the root folder as process 1 and enter it; returns whether /proc shows this namespace only.

    Raises:
        OSError: the kernel refused; the message names the call.
    """
    if spec.uid is None:
        _build(spec)
    stage = _stage()
    sc.mount(stage, stage, None, sc.MS_BIND | sc.MS_REC)  # a copy of our own, which may be the root
    own_proc = _mount_proc(f"{stage}/proc")
    _mount_scratch(spec, stage)
    sc.pivot_into(stage)
    sc.restrict_mount("/", recursive=False)
    return own_proc


def _stage() -> str:
    for folder in _STAGES:
        if Path(folder).is_dir():
            return folder
    raise OSError(errno.ENOENT, f"one of the folders {', '.join(_STAGES)} has to exist")


def _build(spec: Spec) -> None:
    """Cover the stage with a small tmpfs and bind into it, read-only, what the child may see."""
    sc.mount(None, "/", None, sc.MS_REC | sc.MS_PRIVATE)
    sources = [(path, path) for path in spec.readable] + list(spec.mounts)
    # /bin → usr/bin and the like stay links; any other link is followed, since its goal may not be in sight.
    links = {path: str(Path(path).readlink()) for path in spec.readable
             if path.count("/") == 1 and Path(path).is_symlink()}
    # Opened first: a source may lie below the stage. /proc/self/fd leads to them when it is covered.
    opened = {target: os.open(source, os.O_PATH | os.O_CLOEXEC) for source, target in sources if target not in links}
    devices = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in [*_DEVICES, *spec.devices]}
    stage = _stage()
    sc.mount("tmpfs", stage, "tmpfs", sc.MS_NOSUID | sc.MS_NODEV, "size=4m,nr_inodes=4k,mode=755")
    for folder in ("/proc", "/dev/shm", "/tmp", spec.scratch):  # noqa: S108  (places in the new root)
        Path(stage + folder).mkdir(parents=True, exist_ok=True)
    for path, goal in links.items():
        Path(stage + path).parent.mkdir(parents=True, exist_ok=True)
        Path(stage + path).symlink_to(goal)
    for target, descriptor in opened.items():
        _bind(descriptor, stage + target)
        sc.restrict_mount(stage + target)
    for path, descriptor in devices.items():
        _bind(descriptor, stage + path)
    for name, goal in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        Path(f"{stage}/dev/{name}").symlink_to(f"/proc/self/fd{goal}")
    for descriptor in [*opened.values(), *devices.values()]:
        os.close(descriptor)


def _bind(descriptor: int, target: str) -> None:
    source = f"/proc/self/fd/{descriptor}"
    place = Path(target)
    if Path(source).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    sc.mount(source, target, None, sc.MS_BIND | sc.MS_REC)


def _mount_proc(target: str) -> bool:
    try:
        sc.mount("proc", target, "proc", sc.MS_NOSUID | sc.MS_NODEV | sc.MS_NOEXEC)
    except OSError as error:
        if error.errno != errno.EPERM:
            raise
        # A container that masks parts of /proc: then Landlock has to hide the rest of it (see child.py).
        sc.mount("/proc", target, None, sc.MS_BIND | sc.MS_REC)
        return False
    return True


def _mount_scratch(spec: Spec, stage: str) -> None:
    scratch = stage + spec.scratch
    # The root folder, .tmp and .shm are three more inodes.
    sc.mount("tmpfs", scratch, "tmpfs", sc.MS_NOSUID | sc.MS_NODEV,
             f"size={spec.bounds.disk},nr_inodes={spec.bounds.files + 3},mode=700")
    shown = [*spec.readable, *(target for _, target in spec.mounts)]
    for inside, outside in ((".tmp", "/tmp"), (".shm", "/dev/shm")):  # noqa: S108  (places in the new root)
        Path(scratch, inside).mkdir(mode=0o700)
        if any(path.startswith(f"{outside}/") for path in shown):
            continue  # an interpreter that lives there must not be covered; TMPDIR leads to the scratch folder anyway
        sc.mount(f"{scratch}/{inside}", stage + outside, None, sc.MS_BIND)


def _write(path: str, text: str) -> None:
    # Not Path.write_text: the error has to come from write(2) here, not from a later, silent close.
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    except OSError as error:
        raise OSError(error.errno, f"write to {path}: {error.strerror}") from error
    finally:
        os.close(descriptor)
