"""Versions are known before the warm process is warm, and only for the installation that they are from."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.errors import ExecutionError
from autograder.model import backend_of
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.child import zygote
from autograder.sandbox.known_versions import KnownVersions
from autograder.sandbox.zygote_client import Programs

MADE = {"python": "3.11", "keras": "3.15.1", "numpy": "2.4.6"}


def test_what_was_kept_is_known(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "versions.json"
    assert KnownVersions(file).get() == {}
    KnownVersions(file).keep(MADE)
    assert KnownVersions(file).get() == MADE
    KnownVersions(file).keep(MADE | {"keras": "3.16"})
    assert KnownVersions(file).get()["keras"] == "3.16"


def test_without_a_file_only_the_pool_itself_knows() -> None:
    known = KnownVersions(None)
    assert known.get() == {}
    known.keep(MADE)
    assert known.get() == MADE and KnownVersions(None).get() == {}


@pytest.mark.parametrize("change", ["package", "backend", "path"])
def test_another_installation_has_no_known_versions(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path / "packages"
    (packages / "keras-3.15.1.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    file = tmp_path / "versions.json"
    KnownVersions(file).keep(MADE)
    assert KnownVersions(file).get() == MADE
    if change == "package":
        (packages / "keras-3.15.1.dist-info").rename(packages / "keras-3.16.0.dist-info")
    elif change == "backend":
        monkeypatch.setenv("KERAS_BACKEND", "another")
    else:
        sys.path.pop(0)
    assert KnownVersions(file).get() == {}


def test_the_folder_of_the_command_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "versions.json"
    KnownVersions(file).keep(MADE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])  # as `python -m autograder` does
    assert KnownVersions(file).get() == MADE


@pytest.mark.parametrize("content", ["", "[1, 2]", "{\"x\": 1", json.dumps({"other": MADE})])
def test_a_damaged_file_is_as_none(content: str, tmp_path: Path) -> None:
    file = tmp_path / "versions.json"
    file.write_text(content)
    assert KnownVersions(file).get() == {}


@pytest.fixture
def slow_to_warm(tmp_path: Path) -> PoolOptions:
    """A pool whose warm process imports for longer than any test waits."""
    (tmp_path / "slow_start.py").write_text("import time\ndef preload(): time.sleep(300)\ndef run(*rest): pass\n")
    programs = Programs(notebook="slow_start", prediction="slow_start", refit="slow_start", path=(tmp_path,))
    return PoolOptions(programs=programs, unsafe=True, versions=tmp_path / "versions.json")


def test_known_versions_need_no_warm_process(slow_to_warm: PoolOptions) -> None:
    KnownVersions(slow_to_warm.versions).keep(MADE)
    with WarmPool(slow_to_warm) as pool:
        assert pool.versions == MADE


def test_a_pool_that_is_closed_while_it_warms_up_does_not_wait(slow_to_warm: PoolOptions) -> None:
    said: list[str] = []

    def warm_up() -> None:
        try:
            pool.warm_up()
        except ExecutionError as error:
            said.append(str(error))

    with WarmPool(slow_to_warm) as pool:
        waiting = threading.Thread(target=warm_up)
        waiting.start()
        while pool._zygote is None:
            time.sleep(0.01)
        zygote = pool._zygote
    waiting.join(60)  # the sleep of the imports is longer
    assert not waiting.is_alive() and not zygote.alive
    assert said == ["Expected an open pool, but it was closed; make a new one."]


@pytest.mark.parametrize(("backend", "named"), [("tensorflow", None), ("jax", "jax"), ("torch", "torch")])
def test_another_backend_than_tensorflow_is_named(
    backend: str, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keras = SimpleNamespace(__version__="3.15.1", backend=SimpleNamespace(backend=lambda: backend))
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, backend, SimpleNamespace(__version__="1.2"))
    found = zygote.versions()
    assert found.get("backend") == named and found[backend] == "1.2" and backend_of(found) == backend


def test_a_warm_process_that_started_jax_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its threads do not exist in a fork, which would wait for them until its time is over."""
    monkeypatch.setattr(Path, "iterdir", lambda _: iter([Path("1")]))  # as if the tests' process had one thread
    started = SimpleNamespace(backends_are_initialized=lambda: True)
    monkeypatch.setitem(sys.modules, "tensorflow.python.eager.context", None)
    monkeypatch.setitem(sys.modules, "jax._src.xla_bridge", started)
    with pytest.raises(RuntimeError, match="JAX was initialised"):
        zygote._verify()
    started.backends_are_initialized = lambda: False
    zygote._verify()
