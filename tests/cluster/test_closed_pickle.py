"""What a pickle may name, what a client survives, and that dask has no other way to open one."""

from __future__ import annotations

import importlib.util
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cluster.closed_pickle import NAMES, OPENERS, ClosedPickle, RefusedPickle
from autograder.cluster.tasks import hand_on, run_job


class Evil:
    """Runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("it ran",))


def test_our_two_functions_and_bytes_pass() -> None:
    for value in (run_job, hand_on, b"bytes", [b"a", {"b": 1.0, "c": (None, True)}]):
        assert ClosedPickle.loads(pickle.dumps(value)) == value
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(pickle.PickleBuffer(b"long"), protocol=5, buffer_callback=buffers.append)
    assert bytes(ClosedPickle.loads(data, buffers=buffers)) == b"long"


@pytest.mark.parametrize("value", [Evil(), print, eval, Path("x"), getattr, subprocess.run, ValueError("x")])
def test_everything_else_is_refused(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RefusedPickle, match="Expected a job or an answer"):
        ClosedPickle.loads(pickle.dumps(value))
    assert capsys.readouterr().out == ""


def test_names_with_dots_lead_no_further_than_they_are_listed() -> None:
    """With protocol 4 a name may be a path of attributes, such as ``run_job.__globals__``."""
    for module, name in NAMES:
        path = f"{name}.__class__".encode()
        data = b"\x80\x04" + b"".join(
            b"\x8c" + bytes([len(text)]) + text for text in (module.encode(), path)) + b"\x93."
        with pytest.raises(RefusedPickle):
            ClosedPickle.loads(data)


def test_dask_opens_pickles_only_where_they_are_closed() -> None:
    """After an update of dask: a new module that imports `pickle` is added to `OPENERS`, or shown to be harmless."""
    spec = importlib.util.find_spec("distributed")
    assert spec is not None and spec.origin is not None
    root = Path(spec.origin).parent
    opening = re.compile(
        r"^\s*(import (pickle|cloudpickle)|from (pickle|cloudpickle) import (?!PickleBuffer$))", re.MULTILINE)
    found = {".".join(("distributed", *path.relative_to(root).with_suffix("").parts)) for path in root.rglob("*.py")
             if "tests" not in path.parts and opening.search(path.read_text(encoding="utf-8"))}
    assert found == set(OPENERS)


def test_a_closed_process_opens_nothing_and_a_client_survives(tmp_path: Path) -> None:
    code = """
import pickle, sys
from autograder.cluster.closed_pickle import LIMIT, RefusedPickle, Unopened, close
close(lenient=sys.argv[1] == "lenient")
from distributed.comm import tcp
from distributed.protocol import dumps, loads, to_serialize
from distributed.protocol import pickle as dask_pickle
class Evil:
    def __reduce__(self):
        return (print, ("it ran",))
evil = pickle.dumps(Evil())
try:
    dask_pickle.loads(evil)
except RefusedPickle:
    print("refused")
values = {"answer": to_serialize(Evil()), "fine": to_serialize(b"bytes")}
frames = dumps(values, serializers=["msgpack", "dask", "pickle"])
try:
    message = loads([bytes(frame) for frame in frames])
    print(type(message["answer"]).__name__, bytes(message["fine"]))
except RefusedPickle:
    print("refused")
for size in (10, LIMIT + 1):
    try:
        print(len(tcp.host_array(size)))
    except OSError:
        print("too long")
"""
    said = {kind: subprocess.run([sys.executable, "-c", code, kind], capture_output=True, text=True, check=True,
                                 cwd=tmp_path).stdout.split("\n")[:-1] for kind in ("strict", "lenient")}
    assert said["strict"] == ["refused", "refused", "10", "too long"]
    assert said["lenient"] == ["refused", "Unopened b'bytes'", "10", "too long"]
