"""Frames: what was written is read, and nothing is believed before it was measured."""

from __future__ import annotations

import io
import os
import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.container import PatientWriter, WireError, read_frame, write_frame
from autograder.container.wire import MAX_REPLY, PART


def test_frames_come_back_in_order() -> None:
    stream = io.BytesIO()
    write_frame(stream, {"kind": "part", "name": "ä"}, b"\0\1")
    write_frame(stream, {"kind": "done"})
    stream.seek(0)
    assert read_frame(stream) == ({"kind": "part", "name": "ä"}, b"\0\1")
    assert read_frame(stream) == ({"kind": "done"}, b"")
    assert read_frame(stream) is None


@pytest.mark.parametrize("bytes_", [
    struct.pack("!II", MAX_REPLY + 1, 0), struct.pack("!II", 2, PART + 1), b"\0\0\0", struct.pack("!II", 5, 0) + b"{}",
    struct.pack("!II", 2, 9) + b"{}", struct.pack("!II", 2, 0) + b"[]", struct.pack("!II", 2, 0) + b"\xff\xfe",
    struct.pack("!II", 60_000, 0) + b"[" * 60_000,
], ids=["long text", "long content", "cut head", "cut text", "cut content", "no object", "no text", "deep"])
def test_what_is_no_frame_is_refused(bytes_: bytes) -> None:
    with pytest.raises(WireError):
        read_frame(io.BytesIO(bytes_))


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    stream = io.BytesIO(content)
    try:
        while read_frame(stream, most=100) is not None:
            pass
    except WireError:
        pass


def test_a_reader_that_stopped_is_an_error_in_the_end() -> None:
    read, write = os.pipe()
    writer = PatientWriter(write, seconds=0.1)
    try:
        with pytest.raises(OSError, match="has stopped reading"):
            writer.write(bytes(1 << 20))
    finally:
        writer.close()
        os.close(read)


def test_long_content_is_written_whole() -> None:
    read, write = os.pipe()
    content = os.urandom(1 << 20)
    found: list[bytes] = []
    with os.fdopen(read, "rb") as stream:
        reader = threading.Thread(target=lambda: found.append(stream.read()))
        reader.start()
        with PatientWriter(write, seconds=30) as writer:
            assert writer.write(content) == len(content)
        reader.join()
    assert found == [content]
