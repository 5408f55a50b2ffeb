"""The Linux system calls that the sandbox needs and Python 3.11 does not offer, for x86-64 and arm64.

Everything here is called between fork and the student's code, in a process with one thread. Every wrapper raises
``OSError`` with the name of the call, so that a refusal can be reported to the user.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from typing import Final

_libc: Final = ctypes.CDLL(None, use_errno=True)

# (x86-64, arm64); None where the architecture has no such call. From the kernel's unistd tables.
_TABLE: Final[dict[str, tuple[int, int | None]]] = {
    "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200), "connect": (42, 203), "listen": (50, 201),
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "capset": (126, 91),
    "chmod": (90, None), "chown": (92, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "fchown": (93, 55), "fchownat": (260, 54), "fremovexattr": (199, 16), "fsetxattr": (190, 7),
    "futimesat": (261, None), "lchown": (94, None), "lremovexattr": (198, 15), "lsetxattr": (189, 6),
    "removexattr": (197, 14), "removexattrat": (466, 466), "setxattr": (188, 5), "setxattrat": (463, 463),
    "utime": (132, None), "utimensat": (280, 88), "utimes": (235, None),
    "chroot": (161, 51), "clock_adjtime": (305, 266), "clock_settime": (227, 112), "clone": (56, 220),
    "clone3": (435, 435), "close_range": (436, 436), "delete_module": (176, 106), "fanotify_init": (300, 262),
    "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
    "fcntl": (72, 25), "flock": (73, 32), "inotify_init": (253, None), "inotify_init1": (294, 26),
    "prctl": (157, 167), "sendmmsg": (307, 269), "sendmsg": (46, 211), "setsockopt": (54, 208),
    "fspick": (433, 433), "init_module": (175, 105), "io_setup": (206, 0), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "ioctl": (16, 29), "ioperm": (173, None),
    "iopl": (172, None), "ioprio_set": (251, 30), "kcmp": (312, 272), "kexec_file_load": (320, 294),
    "kexec_load": (246, 104), "keyctl": (250, 219), "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444), "landlock_restrict_self": (446, 446), "lookup_dcookie": (212, 18),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "migrate_pages": (256, 238), "mmap": (9, 222),
    "modify_ldt": (154, None), "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "move_pages": (279, 239), "mq_open": (240, 180), "msgget": (68, 186), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "open_tree": (428, 428), "perf_event_open": (298, 241), "personality": (135, 92),
    "pidfd_getfd": (438, 438), "pivot_root": (155, 41), "prlimit64": (302, 261), "process_madvise": (440, 440),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "reboot": (169, 142), "request_key": (249, 218), "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "seccomp": (317, 277),
    "semget": (64, 190), "setdomainname": (171, 162), "sethostname": (170, 161), "setns": (308, 268),
    "setpriority": (141, 140), "setsid": (112, 157), "settimeofday": (164, 170), "shmget": (29, 194),
    "socket": (41, 198), "socketpair": (53, 199), "swapoff": (168, 225), "swapon": (167, 224), "syslog": (103, 116),
    "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282), "vhangup": (153, 58), "vmsplice": (278, 75),
}
_COLUMNS: Final = {"x86_64": 0, "amd64": 0, "aarch64": 1, "arm64": 1}
MACHINE: Final = platform.machine().lower()
SUPPORTED: Final = MACHINE in _COLUMNS and os.name == "posix" and platform.system() == "Linux"

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_CAPBSET_DROP = 1, 4, 8, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 36, 38, 47
CAP_DAC_READ_SEARCH = 2


def number(name: str, machine: str = MACHINE) -> int | None:
    """Return the number of a system call, or None where this architecture has no such call."""
    return _TABLE[name][_COLUMNS[machine]]


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call by name.

    Raises:
        OSError: the kernel refused; the message starts with the call's name.
    """
    wanted = number(name)
    if wanted is None:
        raise OSError(38, f"{name}: not on this architecture")
    converted = [ctypes.c_char_p(a) if isinstance(a, bytes | None) else ctypes.c_long(a) for a in arguments]
    result = int(_libc.syscall(ctypes.c_long(wanted), *converted))
    if result < 0:
        _fail(name)
    return result


def _fail(name: str) -> None:
    code = ctypes.get_errno()
    raise OSError(code, f"{name}: {os.strerror(code)}")


def _prctl(name: str, *arguments: int) -> None:
    padded = [*arguments, *[0] * (5 - len(arguments))]
    if _libc.prctl(*[ctypes.c_ulong(a) for a in padded]) < 0:
        _fail(f"prctl({name})")


def die_with_parent(signal_number: int) -> None:
    """Ask for a signal when the parent *thread* ends; the kernel forgets this when the user id changes."""
    _prctl("PDEATHSIG", _PR_SET_PDEATHSIG, signal_number)


def set_dumpable(dumpable: bool) -> None:
    """Allow or refuse that processes of the same user look into this one."""
    _prctl("DUMPABLE", _PR_SET_DUMPABLE, int(dumpable))


def become_subreaper() -> None:
    """Adopt descendants whose parents die."""
    _prctl("CHILD_SUBREAPER", _PR_SET_CHILD_SUBREAPER, 1)


def no_new_privileges() -> None:
    """Make set-uid programs and file capabilities powerless from here on."""
    _prctl("NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def keep_capabilities_over_setuid() -> None:
    """Keep the permitted set when the user id changes from 0."""
    _prctl("KEEPCAPS", _PR_SET_KEEPCAPS, 1)


def bound_capabilities(keep: frozenset[int] = frozenset()) -> None:
    """Keep programs that are started later from gaining any capability but ``keep``; works only with capabilities."""
    for capability in range(64):
        if capability not in keep:
            with contextlib.suppress(OSError):  # beyond the last one, or not permitted: NO_NEW_PRIVS is set anyway
                _prctl("CAPBSET_DROP", _PR_CAPBSET_DROP, capability)


def limit_capabilities(keep: frozenset[int] = frozenset()) -> None:
    """Drop every capability but ``keep``, which programs started later get as well."""
    mask = sum(1 << capability for capability in keep)
    header = struct.pack("=Ii", 0x20080522, 0)
    call("capset", header, struct.pack("=6I", mask, mask, mask, 0, 0, 0))
    _prctl("CAP_AMBIENT", _PR_CAP_AMBIENT, 4)
    for capability in keep:
        _prctl("CAP_AMBIENT", _PR_CAP_AMBIENT, 2, capability)


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    call("unshare", flags)


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None) -> None:
    """mount(2); ``target`` is named in the error, ``source`` is not (it may be private)."""
    texts = [t.encode() if t is not None else None for t in (source, target, kind, data)]
    if _libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]) < 0:
        _fail(f"mount on {target}")


def restrict_mount(target: str, *, recursive: bool = True, read_only: bool = True, devices: bool = False) -> None:
    """Make the mount at ``target`` read-only, without set-uid programs and (unless ``devices``) without devices."""
    wanted = (1 if read_only else 0) | 2 | (0 if devices else 4)
    flags = 0x8000 if recursive else 0
    call("mount_setattr", -100, target.encode(), flags, struct.pack("=4Q", wanted, 0, 0, 0), 32)


def pivot_into(folder: str) -> None:
    """Make ``folder``, a mount point, the root and detach the old root."""
    os.chdir(folder)
    call("pivot_root", b".", b".")
    call("umount2", b".", 2)  # MNT_DETACH
    os.chdir("/")


def close_all_but(keep: Iterable[int]) -> None:
    """Close every descriptor from 3 on that is not in ``keep``."""
    first = 3
    for descriptor in sorted(d for d in set(keep) if d >= 3):
        if descriptor > first:
            call("close_range", first, descriptor - 1, 0)
        first = descriptor + 1
    call("close_range", first, 0xFFFFFFFF, 0)
