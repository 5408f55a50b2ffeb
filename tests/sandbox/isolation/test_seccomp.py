"""The filter of both architectures, run through an interpreter of the few BPF instructions that it uses."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.sandbox.isolation import seccomp, syscalls

ALLOW, KILL = 0x7FFF0000, 0x80000000
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PLAIN = {"x86_64": {"read": 0, "openat": 257, "execve": 59, "kill": 62, "wait4": 61, "mprotect": 10, "futex": 202},
         "aarch64": {"read": 63, "openat": 56, "execve": 221, "kill": 129, "wait4": 260, "mprotect": 226, "futex": 98}}


def run(machine: str, number: int, *arguments: int, architecture: int | None = None,
        frozen: bool = False) -> int:
    filled = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=iIQ6Q", number, ARCHITECTURE[machine] if architecture is None else architecture, 0, *filled)
    program = seccomp.program(machine, frozen=frozen)
    accumulator = position = 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * position)
        position += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif code == 0x54:
            accumulator &= value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            position += if_true if holds else if_false


def refused(code: int) -> int:
    return 0x00050000 | code


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def call(machine: str, name: str, *arguments: int) -> int:
    number = syscalls.number(name, machine)
    assert number is not None
    return run(machine, number, *arguments)


def test_everyday_calls_pass(machine: str) -> None:
    for name, number in PLAIN[machine].items():
        assert run(machine, number) == ALLOW, name


def test_denied_calls_are_refused(machine: str) -> None:
    for name in seccomp.DENIED:
        number = syscalls.number(name, machine)
        if number is not None:
            assert run(machine, number) in (refused(errno.EPERM), refused(errno.EACCES)), name


def test_clone_may_fork_and_thread_but_not_unshare(machine: str) -> None:
    assert call(machine, "clone", 0x01200011) == ALLOW
    assert call(machine, "clone", 0x003D0F00) == ALLOW
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80):
        assert call(machine, "clone", flag | 17) == refused(errno.EPERM)
    assert call(machine, "clone3") == refused(errno.ENOSYS)


def test_only_stream_pairs_of_unix_sockets(machine: str) -> None:
    stream, datagram, packet, cloexec = 1, 2, 5, 0o2000000
    assert call(machine, "socketpair", 1, stream | cloexec) == ALLOW
    for family, kind in ((1, datagram), (1, packet), (2, stream), (16, stream), (30, stream)):
        assert call(machine, "socketpair", family, kind) == refused(errno.EPERM)


def test_terminal_injection_is_refused_and_other_ioctls_pass(machine: str) -> None:
    assert call(machine, "ioctl", 0, 0x5401) == ALLOW
    assert call(machine, "ioctl", 0, 0x5412) == refused(errno.EPERM)
    assert call(machine, "ioctl", 0, 0x541C) == refused(errno.EPERM)


def test_limits_of_others_are_refused(machine: str) -> None:
    assert call(machine, "prlimit64", 0, 7) == ALLOW
    assert call(machine, "prlimit64", 1, 7) == refused(errno.EPERM)


def test_anonymous_shared_memory_is_refused_and_other_memory_passes(machine: str) -> None:
    assert call(machine, "mmap", 0, 4096, 3, 0x22) == ALLOW
    assert call(machine, "mmap", 0, 4096, 3, 0x01) == ALLOW
    assert call(machine, "mmap", 0, 4096, 3, 0x21) == refused(errno.ENOMEM)
    assert call(machine, "mmap", 0, 4096, 3, 0x8021) == refused(errno.ENOMEM)


def test_frozen_rights_answer_success_and_do_nothing(machine: str) -> None:
    for name in seccomp.FROZEN:
        number = syscalls.number(name, machine)
        if number is not None:
            assert run(machine, number) == ALLOW
            assert run(machine, number, frozen=True) == refused(0)
    for name in seccomp.FROZEN_TIMES:
        number = syscalls.number(name, machine)
        if number is not None:
            assert run(machine, number, frozen=True) == refused(errno.EPERM)


def test_locks_that_others_could_see_do_nothing_and_cannot_be_asked_for(machine: str) -> None:
    get, set_own, on_description, lease, notify = 5, 6, 36, 1024, 1026
    assert call(machine, "flock") == refused(0)
    assert call(machine, "fcntl", 3, set_own) == ALLOW
    for command, error in ((get, errno.EINVAL), (on_description, errno.EINVAL), (lease, errno.EPERM),
                           (notify, errno.EPERM)):
        assert call(machine, "fcntl", 3, command) == refused(error)


def test_buffers_of_sockets_stay_as_they_are(machine: str) -> None:
    socket_level, tcp_level, reuse = 1, 6, 2
    for option in (7, 8, 32, 33):
        assert call(machine, "setsockopt", 3, socket_level, option) == refused(0)
        assert call(machine, "setsockopt", 3, tcp_level, option) == ALLOW
    assert call(machine, "setsockopt", 3, socket_level, reuse) == ALLOW


def test_a_process_cannot_close_itself_to_the_supervisor(machine: str) -> None:
    assert call(machine, "prctl", 4, 0) == refused(errno.EPERM)
    assert call(machine, "prctl", 15, 0) == ALLOW


def test_descriptors_in_flight_only_where_the_disk_has_a_size_of_its_own(machine: str) -> None:
    for name in seccomp.UNSEEN:
        number = syscalls.number(name, machine)
        assert number is not None
        assert run(machine, number) == ALLOW
        assert run(machine, number, frozen=True) == refused(errno.EPERM)


def test_calls_of_other_architectures_end_the_process(machine: str) -> None:
    assert run(machine, 0, architecture=0x40000003) == KILL


def test_x32_numbers_are_unknown() -> None:
    assert run("x86_64", 0x40000000 + 101) == refused(errno.ENOSYS)
