"""The traps work: whoever is not behind walls gets the canary from each of them, and is told of."""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Iterator

import pytest

from tests.attacks import surroundings as around
from tests.attacks.surroundings import CANARY, surroundings


@pytest.fixture
def planted() -> Iterator[around.Surroundings]:
    with surroundings() as made:
        yield made


@pytest.mark.parametrize("family, address", [
    (socket.AF_INET, ("127.0.0.1", around.PORT)),
    (socket.AF_UNIX, f"{around.FOLDER}/socket"),
    (socket.AF_UNIX, f"\0{around.ABSTRACT}"),
], ids=["tcp", "unix", "abstract"])
def test_a_guest_gets_the_canary_and_is_reported(planted: around.Surroundings, family: int, address: object) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as end:
        end.settimeout(5)
        end.connect(address)
        assert end.recv(100).decode() == CANARY
    assert any("connected" in line for line in planted.look())


def test_a_datagram_is_reported(planted: around.Surroundings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.settimeout(5)
        end.sendto(b"loot", ("127.0.0.1", around.PORT))
        assert end.recv(100).decode() == CANARY
    assert any("loot" in line for line in planted.look())


def test_files_and_shared_memory_have_the_canary_and_a_change_is_reported(planted: around.Surroundings) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(libc.shmget(around.SEGMENT, 0, 0), None, 0)
    assert ctypes.string_at(address, len(CANARY)).decode() == CANARY
    libc.shmdt(ctypes.c_void_p(address))
    assert CANARY in (around.FOLDER / "secret").read_text()
    assert planted.look() == []
    (around.FOLDER / "stranger").write_text("here")
    around.SHARED.write_text("changed")
    try:
        told = planted.look()
        assert any("stranger" in line for line in told) and any(str(around.SHARED) in line for line in told)
    finally:
        (around.FOLDER / "stranger").unlink()


def test_nothing_stays_behind() -> None:
    with surroundings():
        pass
    assert not around.FOLDER.exists() and not around.SHARED.exists()
    assert ctypes.CDLL(None).shmget(around.SEGMENT, 0, 0) < 0
