"""The system calls that student code may not make, as a classic BPF program built without a library.

What is denied and why: access to other processes, mounts and namespaces; kernel interfaces with a history of
vulnerabilities (io_uring, userfaultfd, bpf, keys); memory that neither the memory poll nor the scratch folder's size
includes (memfd, System V memory, anonymous shared mappings, large socket buffers); new sessions (the scheduler divides
processors among sessions: a fork bomb in sessions of its own starved a concurrent notebook); all sockets except
connected pairs, which event loops need; and channels between two submissions through files that both may only read:
locks, leases and change notifications.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Callable
from typing import Final

from autograder.sandbox.isolation import syscalls

DENIED: Final = (
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise",
    "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_tree", "move_mount", "fsopen", "fsconfig",
    "fsmount", "fspick", "mount_setattr", "name_to_handle_at", "open_by_handle_at",
    "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "fanotify_init",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup",
    "setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set",
    "migrate_pages", "move_pages", "memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open", "vmsplice",
    "inotify_init", "inotify_init1",
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "quotactl", "quotactl_fd", "acct",
    "swapon", "swapoff", "reboot", "syslog", "iopl", "ioperm", "settimeofday", "clock_settime", "adjtimex",
    "clock_adjtime", "sethostname", "setdomainname", "lookup_dcookie", "personality", "modify_ldt", "vhangup",
    "socket", "connect", "bind", "listen", "accept", "accept4", "seccomp", "setsid",
)
_NETWORK: Final = ("socket", "connect", "bind", "listen", "accept", "accept4")
# Landlock does not cover these. Without namespaces they would affect every file of the same user, or open to all.
# They report success and do nothing, since an error would break honest code (shutil.copy) …
FROZEN: Final = ("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown", "fchownat", "setxattr",
                 "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "setxattrat", "removexattrat")
# Descriptors in flight belong to no process: files that are open there and removed would escape the look at the disk.
UNSEEN: Final = ("sendmsg", "sendmmsg")
# … except for times: pathlib's touch takes success to mean that the file exists.
FROZEN_TIMES: Final = ("utime", "utimes", "futimesat", "utimensat")
_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "amd64": 0xC000003E, "aarch64": 0xC00000B7, "arm64": 0xC00000B7}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NUMBER, _ARCHITECTURE = 0, 4
_NEW_NAMESPACES: Final = 0x7E020000 | 0x80  # every CLONE_NEW… flag of clone(2), CLONE_NEWTIME among them
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_MAP_SHARED_ANONYMOUS: Final = 0x21
_F_GETLK, _F_OFD_GETLK, _F_SETLEASE, _F_NOTIFY = 5, 36, 1024, 1026
_SOL_SOCKET: Final = 1
_BUFFER_SIZES: Final = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and their FORCE forms
_PR_SET_DUMPABLE: Final = 4
_AF_UNIX: Final = 1
_SOCK_STREAM, _SOCK_TYPES = 1, 0xF


def _argument(index: int) -> int:
    """Return the offset of the low half of an argument in ``struct seccomp_data`` (little-endian)."""
    return 16 + 8 * index


def _refuse(code: int) -> int:
    return 0x00050000 | code


class _Program:
    """A list of BPF instructions, and the few shapes that the filter is made of."""

    def __init__(self) -> None:
        self.instructions: list[bytes] = []

    def add(self, code: int, if_true: int, if_false: int, value: int) -> None:
        self.instructions.append(struct.pack("=HBBI", code, if_true, if_false, value))

    def deny(self, number: int | None, error: int = errno.EPERM) -> None:
        """Refuse a call whatever its arguments are; the accumulator holds the call's number."""
        if number is not None:
            self.add(_EQUAL, 0, 1, number)
            self.add(_RETURN, 0, 0, _refuse(error))

    def when(self, number: int | None, body: list[tuple[int, int, int, int]]) -> None:
        """Run ``body``, which has to end with returns, for one call."""
        if number is None:
            return
        self.add(_EQUAL, 0, len(body), number)
        for instruction in body:
            self.add(*instruction)


def program(machine: str = syscalls.MACHINE, *, frozen: bool = False) -> bytes:
    """Return the filter as an array of ``struct sock_filter``; with ``frozen``, files' rights and times stay."""
    p = _Program()

    def number(name: str) -> int | None:
        return syscalls.number(name, machine)

    p.add(_LOAD, 0, 0, _ARCHITECTURE)
    p.add(_EQUAL, 1, 0, _ARCHITECTURES[machine])
    p.add(_RETURN, 0, 0, _KILL)  # 32-bit calls have other numbers
    p.add(_LOAD, 0, 0, _NUMBER)
    p.add(_AT_LEAST, 0, 1, 0x40000000)  # x32 calls on x86-64
    p.add(_RETURN, 0, 0, _refuse(errno.ENOSYS))
    p.deny(number("clone3"), errno.ENOSYS)  # its flags lie in memory; libc falls back to clone
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _refuse(errno.EPERM))
    p.when(number("clone"), [(_LOAD, 0, 0, _argument(0)), (_ANY_BIT, 0, 1, _NEW_NAMESPACES), refuse, allow])
    # Streams only: a datagram pair can be pointed at any socket file of the machine through sendmsg(2).
    p.when(number("socketpair"), [(_LOAD, 0, 0, _argument(0)), (_EQUAL, 0, 3, _AF_UNIX), (_LOAD, 0, 0, _argument(1)),
                                  (_AND, 0, 0, _SOCK_TYPES), (_EQUAL, 1, 0, _SOCK_STREAM), refuse, allow])
    p.when(number("ioctl"), [(_LOAD, 0, 0, _argument(1)), (_EQUAL, 1, 0, _TIOCSTI), (_EQUAL, 0, 1, _TIOCLINUX),
                             refuse, allow])
    p.when(number("prlimit64"), [(_LOAD, 0, 0, _argument(0)), (_EQUAL, 1, 0, 0), refuse, allow])
    p.when(number("mmap"), [(_LOAD, 0, 0, _argument(3)), (_AND, 0, 0, _MAP_SHARED_ANONYMOUS),
                            (_EQUAL, 0, 1, _MAP_SHARED_ANONYMOUS), (_RETURN, 0, 0, _refuse(errno.ENOMEM)), allow])
    _ignore_quietly(p, number)
    for name in DENIED:
        p.deny(number(name), errno.EACCES if name in _NETWORK else errno.EPERM)
    for name in FROZEN if frozen else ():
        p.deny(number(name), 0)
    for name in (*FROZEN_TIMES, *UNSEEN) if frozen else ():
        p.deny(number(name))
    p.add(*allow)
    return b"".join(p.instructions)


def _ignore_quietly(p: _Program, number: Callable[[str], int | None]) -> None:
    """Refuse arguments of common calls, without an error if that would break honest code."""
    allow, nothing = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _refuse(0))
    refuse, unknown = (_RETURN, 0, 0, _refuse(errno.EPERM)), (_RETURN, 0, 0, _refuse(errno.EINVAL))
    # A lock on a file that everyone can read is seen by all submissions; HDF5 and many others take some on files of
    # their own, which nobody else can see: the call reports success without taking one.
    p.deny(number("flock"), 0)
    p.when(number("fcntl"), [(_LOAD, 0, 0, _argument(1)), (_EQUAL, 4, 0, _F_GETLK), (_EQUAL, 3, 0, _F_OFD_GETLK),
                             (_EQUAL, 3, 0, _F_SETLEASE), (_EQUAL, 2, 0, _F_NOTIFY), allow, unknown, refuse])
    p.when(number("setsockopt"), [
        (_LOAD, 0, 0, _argument(1)), (_EQUAL, 0, 5, _SOL_SOCKET), (_LOAD, 0, 0, _argument(2)),
        *((_EQUAL, 4 - i, 0, option) for i, option in enumerate(_BUFFER_SIZES)), allow, nothing])
    # Else the supervisor, when it is not root, could not see what a process has open.
    p.when(number("prctl"), [(_LOAD, 0, 0, _argument(0)), (_EQUAL, 0, 1, _PR_SET_DUMPABLE), refuse, allow])


def install(*, frozen: bool = False) -> None:
    """Put the filter on this process and everything it starts; needs ``no_new_privileges`` before it.

    Raises:
        OSError: the kernel has no seccomp filters, or refuses them.
    """
    code = program(frozen=frozen)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(buffer))
    syscalls.call("seccomp", 1, 0, header)


def available() -> bool:
    """Return whether the kernel knows seccomp filters (asked without installing one)."""
    try:
        syscalls.call("seccomp", 2, 0, struct.pack("=I", 0x00050000))  # SECCOMP_GET_ACTION_AVAIL, SECCOMP_RET_ERRNO
    except OSError:
        return False
    return True
