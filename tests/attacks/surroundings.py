"""What lies around the graded submissions for them to find: sockets that listen, shared memory, files open to everyone.

Each gives a canary to whoever gets through, and whatever happens to it is told. Names carry the number of this process,
since a machine may run these tests twice at a time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from autograder.sandbox.isolation import syscalls as sc

CANARY: Final = "canary5f0c1e7d2b9a4c6388aa17"
_NAME: Final = "attack-surroundings-"
_OWN: Final = os.getpid()
FOLDER: Final = Path(f"/tmp/{_NAME}{_OWN}")
PORT: Final = 20_000 + _OWN % 12_000  # below the ports that the kernel gives away by itself
ABSTRACT: Final = f"{_NAME}{_OWN}"
SHARED: Final = Path(f"/dev/shm/{_NAME}{_OWN}")
SEGMENT: Final = 0x41_00_00_00 + _OWN % 0x1_00_00_00  # the key of a System V segment
PLACES: Final = {"port": str(PORT), "folder": str(FOLDER), "abstract": ABSTRACT, "segment": str(SEGMENT)}
_BYTES: Final = 4096
_IPC_CREAT, _IPC_RMID = 0o1000, 0


@dataclass
class Surroundings:
    """What was planted, and in ``news`` a sentence for everything that somebody did with it."""

    news: list[str] = field(default_factory=list)
    watched: dict[Path, bytes] = field(default_factory=dict)

    def look(self) -> list[str]:
        """Return everything that happened until now: contacts, changed files, new files."""
        found = list(self.news)
        for path, content in self.watched.items():
            if path.exists() and path.read_bytes() != content:
                found.append(f"surroundings: {path} was changed")
        strangers = {path.name for path in FOLDER.iterdir()} - {"secret", "socket"} if FOLDER.is_dir() else set()
        return found + [f"surroundings: {name} was put into {FOLDER}" for name in sorted(strangers)]


@contextlib.contextmanager
def surroundings() -> Iterator[Surroundings]:
    """Plant everything, and take away in the end what this call has planted."""
    made = Surroundings()
    with contextlib.ExitStack() as stack:
        _tidy()
        _files(made, stack)
        _segment(stack)
        _key(stack)
        _Trap(made, stack).start()
        yield made


def _tidy() -> None:
    """Take away what a run that was killed has left."""
    for root in (FOLDER.parent, SHARED.parent):
        for path in root.glob(f"{_NAME}*"):
            number = path.name.removeprefix(_NAME)
            if number.isdecimal() and (int(number) == _OWN or not Path(f"/proc/{number}").exists()):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _files(made: Surroundings, stack: contextlib.ExitStack) -> None:
    content = f"{CANARY}\n".encode()
    with contextlib.suppress(FileExistsError):
        FOLDER.mkdir()
        FOLDER.chmod(0o777)  # against the rules of any machine: only the walls protect it
        stack.callback(_away, FOLDER.rmdir)
    for path in (FOLDER / "secret", SHARED):
        if not path.exists():
            path.write_bytes(content)
            path.chmod(0o666)
            stack.callback(_away, path.unlink)
        made.watched[path] = content


def _away(action: Callable[[], object]) -> None:
    with contextlib.suppress(OSError):
        action()


def _segment(stack: contextlib.ExitStack) -> None:
    """Make a System V segment that everyone may attach."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(SEGMENT, _BYTES, _IPC_CREAT | 0o666)
    if number < 0:
        return
    address = libc.shmat(number, None, 0)
    if address not in (None, ctypes.c_void_p(-1).value):
        ctypes.memmove(address, CANARY.encode(), len(CANARY))
        stack.callback(libc.shmdt, ctypes.c_void_p(address))
    stack.callback(libc.shmctl, number, _IPC_RMID, None)


def _key(stack: contextlib.ExitStack) -> None:
    """Put a key into the keyring of this session, which every process below it inherits."""
    with contextlib.suppress(OSError):
        number = sc.call("add_key", b"user", ABSTRACT.encode(), CANARY.encode(), len(CANARY), -3)
        stack.callback(_away, lambda: sc.call("keyctl", 9, number, -3))


class _Trap(threading.Thread):
    """Listens on every kind of socket that this machine has, answers with the canary, and tells who came."""

    def __init__(self, made: Surroundings, stack: contextlib.ExitStack) -> None:
        super().__init__(daemon=True)
        self._made = made
        self._sockets: dict[int, tuple[str, socket.socket]] = {}
        self._wake, waker = os.pipe()
        stack.callback(os.close, self._wake)
        local = "127.0.0.1", PORT
        self._listen(stack, "TCP", socket.AF_INET, socket.SOCK_STREAM, local)
        self._listen(stack, "UDP", socket.AF_INET, socket.SOCK_DGRAM, local)
        self._listen(stack, "Unix", socket.AF_UNIX, socket.SOCK_STREAM, f"{FOLDER}/socket")
        self._listen(stack, "abstract", socket.AF_UNIX, socket.SOCK_STREAM, f"\0{ABSTRACT}")
        self._listen(stack, "abstract datagram", socket.AF_UNIX, socket.SOCK_DGRAM, f"\0{ABSTRACT}-datagram")
        if hasattr(socket, "AF_VSOCK"):
            self._listen(stack, "vsock", socket.AF_VSOCK, socket.SOCK_STREAM, (socket.VMADDR_CID_ANY, PORT))
        # The last in is the first out: the thread has to end before its sockets close.
        stack.callback(self._end, waker)

    def _end(self, waker: int) -> None:
        os.close(waker)
        if self.is_alive():
            self.join()

    def _listen(self, stack: contextlib.ExitStack, name: str, family: int, kind: int, address: object) -> None:
        try:
            made = socket.socket(family, kind)
        except OSError:
            return  # the kernel has no such family
        stack.callback(made.close)
        if family == socket.AF_INET and kind == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the last run's connections linger
        try:
            made.bind(address)  # type: ignore[arg-type]  # an address of any family
            if kind == socket.SOCK_STREAM:
                made.listen(16)
        except OSError:
            return  # another run of these tests listens there, or the machine has no such address
        if isinstance(address, str) and address.startswith("/"):
            Path(address).chmod(0o777)
            stack.callback(_away, Path(address).unlink)
        self._sockets[made.fileno()] = name, made

    def run(self) -> None:
        while True:
            ready, _, _ = select.select([self._wake, *self._sockets], [], [])
            if self._wake in ready:
                return
            for number in ready:
                self._answer(*self._sockets[number])

    def _answer(self, name: str, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if listener.type == socket.SOCK_DGRAM:
                text, sender = listener.recvfrom(_BYTES)
                self._made.news.append(f"surroundings: {name}: {text[:80]!r} came")
                if sender:
                    listener.sendto(CANARY.encode(), sender)
                return
            guest, _ = listener.accept()
            with guest:
                self._made.news.append(f"surroundings: {name}: somebody connected")
                guest.settimeout(1)
                guest.sendall(CANARY.encode())
