"""The relay between two containers: nothing is lost, nobody waits for the other for ever."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from typing import IO

import pytest

from autograder.container.relay import Relay

MUCH = 8 << 20  # bytes; a pipe holds 64 KiB


class Program:
    """What a program has at its ends of the two pipes."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self.stdin, self.outer_stdin = os.fdopen(read, "rb", 0), os.fdopen(write, "wb", 0)
        read, write = os.pipe()
        self.outer_stdout, self.stdout = os.fdopen(read, "rb", 0), os.fdopen(write, "wb", 0)

    @property
    def ends(self) -> tuple[IO[bytes], IO[bytes]]:
        return self.outer_stdout, self.outer_stdin

    def close(self) -> None:
        self.stdin.close()
        self.stdout.close()


@pytest.fixture
def judge() -> Iterator[Program]:
    yield from _program()


@pytest.fixture
def runner() -> Iterator[Program]:
    yield from _program()


def _program() -> Iterator[Program]:
    program = Program()
    yield program
    program.close()


def in_background(work: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]  # any callable
    thread.start()
    return thread


def all_of(stream: IO[bytes]) -> bytes:
    parts = []
    while part := stream.read(1 << 16):
        parts.append(part)
    return b"".join(parts)


def write_all(stream: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest):]


def send(stream: IO[bytes], content: bytes) -> None:
    write_all(stream, content)
    stream.close()


def test_both_write_much_before_either_reads(judge: Program, runner: Program) -> None:
    """Joined by pipes alone, these two would wait for each other for ever."""
    relay = Relay(judge=judge.ends, runner=runner.ends)
    there, back = os.urandom(MUCH), os.urandom(MUCH)
    writers = [in_background(send, judge.stdout, there), in_background(send, runner.stdout, back)]
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
    assert hashlib.sha256(all_of(runner.stdin)).digest() == hashlib.sha256(there).digest()
    assert hashlib.sha256(all_of(judge.stdin)).digest() == hashlib.sha256(back).digest()
    relay.join()


def test_a_slow_runner_makes_the_judge_wait_and_still_sends(judge: Program, runner: Program) -> None:
    relay = Relay(judge=judge.ends, runner=runner.ends, pause=1 << 20)
    there, back = os.urandom(MUCH), os.urandom(MUCH)
    writer = in_background(send, judge.stdout, there)
    writer.join(0.5)
    assert writer.is_alive(), "what waits for the runner has a bound"
    send(runner.stdout, back)
    assert all_of(judge.stdin) == back
    assert all_of(runner.stdin) == there
    relay.join()


def test_a_runner_that_sends_without_end_is_cut_off(judge: Program, runner: Program) -> None:
    relay = Relay(judge=judge.ends, runner=runner.ends, cut=1 << 20)
    with pytest.raises(BrokenPipeError):
        write_all(runner.stdout, bytes(MUCH))
    assert len(all_of(judge.stdin)) < MUCH  # and then the end, as when the runner is gone
    judge.close()
    relay.join()


def test_whoever_hangs_up_is_heard(judge: Program, runner: Program) -> None:
    relay = Relay(judge=judge.ends, runner=runner.ends)
    judge.close()
    assert all_of(runner.stdin) == b""
    with pytest.raises(BrokenPipeError):
        write_all(runner.stdout, bytes(MUCH))
    relay.join()
