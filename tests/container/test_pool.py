"""The judge's pool and its runner: a real one in a process of its own, and ones that lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from autograder.container import read_frame, write_frame
from autograder.errors import AutograderError, ExecutionError, IsolationError
from autograder.model import CellStatus, Ending, Execution, JobCell, Limits, Mount, NotebookJob, RefitJob
from autograder.pipeline.containers import runner_pool
from autograder.pipeline.containers.runner_pool import ContainerPool
from autograder.sandbox import PoolOptions, Programs, WarmPool, best_isolation

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "sandbox" / "programs"
WORKER = """
import sys
from pathlib import Path
from autograder.cli.container import _wire
from autograder.sandbox import PoolOptions, Programs
from autograder.pipeline.containers.runner import serve
serve(*_wire(), programs=Programs(notebook="light", prediction="light", refit="light", path=(Path(sys.argv[1]),)))
"""
needs_walls = pytest.mark.skipif(best_isolation() is None, reason="this machine cannot isolate student code")
Runner = Callable[[BinaryIO, BinaryIO], None]
ONE = PoolOptions(workers=1)


def job(*sources: str, mounts: tuple[Mount, ...] = (), **limits: Any) -> NotebookJob:
    cells = tuple(JobCell(index=index, source=source) for index, source in enumerate(sources))
    return NotebookJob(cells=cells, seed=1, sampling_key="ab" * 32, mounts=mounts, limits=Limits(**limits))


@pytest.fixture
def runner() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker without Keras."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(PROGRAMS)], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


@pytest.fixture
def pool(runner: subprocess.Popen[bytes]) -> Iterator[ContainerPool]:
    assert runner.stdout and runner.stdin
    with ContainerPool(runner.stdout, runner.stdin, PoolOptions(workers=2)) as made:
        yield made


@needs_walls
def test_a_runner_says_the_versions_of_packages_that_the_course_requires(runner: subprocess.Popen[bytes]) -> None:
    assert runner.stdout and runner.stdin
    options = PoolOptions(workers=1, packages=("kt-legacy-that-nobody-has", "click"))
    with ContainerPool(runner.stdout, runner.stdin, options) as pool:
        assert pool.versions["click"] == metadata.version("click")
        assert "kt-legacy-that-nobody-has" not in pool.versions


@needs_walls
def test_a_notebook_runs_elsewhere_and_its_files_come_back(pool: ContainerPool, tmp_path: Path) -> None:
    data = tmp_path / "numbers.txt"
    data.write_text("1 2 3")
    started: list[int] = []
    source = "tell(open(JOB['mounts'][0]['target'] if os else 0).read())"
    answers = "tell(open(JOB['load_data']['mnist']).read())"
    reading = f"import os\n{source}" if pool.isolation != "restricted" else answers
    wanted = job(reading, "(OUT / 'big.bin').write_bytes(bytes(3 << 20))", "1 / 0",
                 mounts=(Mount(source=data, target="/data/numbers.txt"),)).model_copy(
                     update={"load_data": {"mnist": "/data/numbers.txt"}})
    ran = pool.run_notebook(wanted, tmp_path / "left", on_cell=started.append)
    assert (ran.ending, ran.isolation, started) == (Ending.COMPLETED, pool.isolation, [0, 1, 2])
    assert [cell.status for cell in ran.cells] == [CellStatus.OK, CellStatus.OK, CellStatus.ERROR]
    assert json.loads((tmp_path / "left" / "answer.json").read_text()) == "1 2 3"
    assert (tmp_path / "left" / "big.bin").read_bytes() == bytes(3 << 20)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert "python" in pool.versions and not pool.lost


@needs_walls
def test_a_folder_is_there_as_it_was(pool: ContainerPool, tmp_path: Path) -> None:
    """Folders of pictures travel file by file."""
    for name in ("a/one.txt", "b/c/two.txt"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(name)
    place = "JOB['files']['data']"
    wanted = job(f"import os\ntell([sorted(os.listdir({place})), open({place} + '/b/c/two.txt').read()])",
                 mounts=(Mount(source=tmp_path / "data", target="/data/own"),)).model_copy(
                     update={"files": {"data": "/data/own"}})
    ran = pool.run_notebook(wanted, tmp_path / "left")
    assert ran.ending is Ending.COMPLETED and ran.cells[0].status is CellStatus.OK, ran.cells
    assert json.loads((tmp_path / "left" / "answer.json").read_text()) == [["a", "b"], "b/c/two.txt"]


@needs_walls
def test_a_training_is_repeated_in_the_judges_container(pool: ContainerPool, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """It is evaluated on images of the holdout: none of its files may go to the runner."""
    sent: list[str] = []
    monkeypatch.setattr(runner_pool, "write_frame", lambda _, message, *rest: sent.append(message["kind"]))
    light = Programs(notebook="light", prediction="light", refit="light", path=(PROGRAMS,))
    with WarmPool(PoolOptions(programs=light)) as own:
        monkeypatch.setattr(pool, "own", own)
        images = tmp_path / "images.npy"
        images.write_bytes(b"raw")
        wanted = RefitJob(architecture="{}", fits=(), seed=1, inputs="/inputs/images.npy", shape=(), scale=(), shift=(),
                          mounts=(Mount(source=images, target="/inputs/images.npy"),))
        ran = pool.run_refit(wanted, tmp_path / "trained")
    assert ran.ending is Ending.COMPLETED and sent == []
    assert json.loads((tmp_path / "trained" / "trained.json").read_text())["seed"] == 1


@needs_walls
def test_a_runner_that_dies_costs_its_jobs_and_is_reported(
    pool: ContainerPool, runner: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert pool.versions
    ran = pool.run_notebook(job("import time\ntime.sleep(60)"), tmp_path / "left", on_cell=lambda _: runner.kill())
    assert ran.ending is Ending.LOST and pool.lost and not (tmp_path / "left").exists()
    assert pool.isolation == ran.isolation and "python" in pool.versions  # of use to what was finished before
    with pytest.raises(ExecutionError, match="it has ended"):
        pool.run_notebook(job("1"), tmp_path / "left")


@needs_walls
def test_the_worker_ends_when_its_judge_hangs_up(pool: ContainerPool, runner: subprocess.Popen[bytes]) -> None:
    assert pool.versions
    pool.close()
    assert runner.wait(60) == 0 and not pool.lost


@pytest.fixture
def against() -> Iterator[Callable[[Runner], ContainerPool]]:
    """Make a pool whose runner is a function of the two streams."""
    with ExitStack() as stack:
        def make(play: Runner) -> ContainerPool:
            (theirs, to_them), (ours, to_us) = os.pipe(), os.pipe()
            inbound, outbound = os.fdopen(theirs, "rb"), os.fdopen(to_us, "wb", buffering=0)

            def act() -> None:
                with inbound, outbound:
                    read_frame(inbound, most=1 << 20)  # the greeting
                    play(inbound, outbound)  # type: ignore[arg-type]  # its end of a pipe
                    while inbound.read(1 << 16):
                        pass

            actor = threading.Thread(target=act)
            actor.start()
            stack.callback(actor.join)
            reader = stack.enter_context(os.fdopen(ours, "rb"))
            return stack.enter_context(ContainerPool(reader, os.fdopen(to_them, "wb", buffering=0), ONE))  # type: ignore[arg-type]  # raw

        yield make


def greet(outbound: BinaryIO) -> None:
    write_frame(outbound, {"kind": "ready", "isolation": "full", "versions": {"python": "3"}})


def ending(**changes: Any) -> dict[str, Any]:
    return Execution.model_validate({"ending": "completed", "isolation": "full", **changes}).model_dump(mode="json")


LIES: dict[str, list[tuple[dict[str, Any], bytes]]] = {
    "a name that leads out": [({"kind": "part", "job": 1, "name": "../../evil"}, b"x")],
    "an absolute name": [({"kind": "part", "job": 1, "name": "/tmp/evil"}, b"x")],
    "the folder itself": [({"kind": "part", "job": 1, "name": ".."}, b"x")],
    "no name": [({"kind": "part", "job": 1}, b"x")],
    "a hidden sign in a name": [({"kind": "part", "job": 1, "name": "a\u202eb"}, b"x")],
    "a name too long for a disk": [({"kind": "part", "job": 1, "name": "ä" * 200}, b"x")],
    "more bytes than allowed": [({"kind": "part", "job": 1, "name": "a"}, bytes(1 << 20))] * 2,
    "more files than allowed": [({"kind": "part", "job": 1, "name": f"f{n}"}, b"") for n in range(17)],
    "an execution that is none": [({"kind": "done", "job": 1, "execution": {"ending": "full marks"}}, b"")],
    "cells of another notebook": [({"kind": "done", "job": 1, "execution": ending(
        cells=[{"index": 99, "status": "ok"}])}, b"")],
}


@pytest.mark.parametrize("lie", LIES)
def test_a_runner_that_lies_is_done_with(
    against: Callable[[Runner], ContainerPool], tmp_path: Path, lie: str
) -> None:
    def play(inbound: BinaryIO, outbound: BinaryIO) -> None:
        greet(outbound)
        read_frame(inbound, most=1 << 20)
        for message, content in LIES[lie]:
            write_frame(outbound, message, content)
        write_frame(outbound, {"kind": "done", "job": 1, "execution": ending()})

    pool = against(play)
    (tmp_path / "in").mkdir()
    ran = pool.run_notebook(job("1", disk_mib=1, files=16), tmp_path / "in" / "left")
    assert ran.ending is Ending.LOST and pool.lost
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in"]
    with pytest.raises(AutograderError, match="abandoned"):
        pool.run_notebook(job("1"), tmp_path / "in" / "left")


def test_frames_of_other_jobs_and_of_no_kind_change_nothing(
    against: Callable[[Runner], ContainerPool], tmp_path: Path
) -> None:
    def play(inbound: BinaryIO, outbound: BinaryIO) -> None:
        greet(outbound)
        read_frame(inbound, most=1 << 20)
        for message in ({"kind": "part", "job": 7, "name": "a"}, {"kind": "score", "job": 1, "score": 10}, {},
                        {"job": True}, {"kind": "cell", "job": 1, "cell": 99}, {"kind": "ready", "isolation": "none"}):
            write_frame(outbound, message, b"x")
        write_frame(outbound, {"kind": "done", "job": 1, "execution": ending()})

    started: list[int] = []
    pool = against(play)
    assert pool.run_notebook(job("1"), tmp_path / "left", on_cell=started.append).ending is Ending.COMPLETED
    assert list((tmp_path / "left").iterdir()) == [] and started == [] and pool.isolation == "full"


def test_a_runner_that_says_nothing_is_given_up(
    against: Callable[[Runner], ContainerPool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_pool, "_MARGIN", 0.1)
    pool = against(lambda inbound, outbound: greet(outbound))
    assert pool.run_notebook(job("1", notebook_seconds=0.1), tmp_path / "left").ending is Ending.LOST
    assert pool.lost


def test_a_runner_without_walls_stops_the_batch(against: Callable[[Runner], ContainerPool], tmp_path: Path) -> None:
    def play(inbound: BinaryIO, outbound: BinaryIO) -> None:
        write_frame(outbound, {"kind": "refused", "error": "IsolationError", "message": "no\x1b[2J walls"})

    with pytest.raises(IsolationError, match=r"^no\[2J walls$"):
        against(play).run_notebook(job("1"), tmp_path / "left")


def test_only_an_error_of_ours_is_made_from_the_runners_words(
    against: Callable[[Runner], ContainerPool], tmp_path: Path
) -> None:
    def play(inbound: BinaryIO, outbound: BinaryIO) -> None:
        greet(outbound)
        read_frame(inbound, most=1 << 20)
        write_frame(outbound, {"kind": "failed", "job": 1, "error": "ClassVar", "message": "boom"})

    with pytest.raises(ExecutionError, match="The runner failed: boom"):
        against(play).run_notebook(job("1"), tmp_path / "left")
