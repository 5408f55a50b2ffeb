"""How children end: deadlines, interrupts, exits, and the deaths of the zygote and of the supervisor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import ExecutionError, IsolationError
from autograder.model import Ending, Isolation, JobCell, Limits, NotebookJob, PredictionJob
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.sandbox.isolation import features
from autograder.sandbox.processes import reaper

pytestmark = pytest.mark.slow

FORKS = "import os, time\nos.fork()\ntime.sleep(60)"
NAP = "import time\ntime.sleep(60)"


def job(*cells: str, **limits: Any) -> NotebookJob:
    return NotebookJob(cells=tuple(JobCell(index=i, source=cell) for i, cell in enumerate(cells)), seed=1,
                       sampling_key="00", limits=Limits(**limits))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: list[int]) -> bool:
    for _ in range(1000):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.01)
    return False


def test_cells_are_reported_as_they_start(jail: Any) -> None:
    seen: list[int] = []
    execution = jail.pool.run_notebook(job("x = 1", "x / 0", "x"), jail.folder, on_cell=seen.append)
    assert seen == [0, 1, 2]
    assert execution.ending is Ending.COMPLETED
    assert [cell.status for cell in execution.cells] == ["ok", "error", "ok"]
    assert execution.cells[1].error == "ZeroDivisionError: division by zero"
    assert execution.isolation is jail.pool.isolation
    assert execution.detail is None


def test_slow_cell_is_interrupted_and_the_rest_still_runs(jail: Any) -> None:
    execution = jail.run(NAP, "tell('went on')", cell_seconds=0.3)
    assert execution.ending is Ending.COMPLETED
    assert [cell.status for cell in execution.cells] == ["interrupted", "ok"]


def test_swallowed_interrupt_ends_the_notebook(jail: Any) -> None:
    execution = jail.run("pass", """
        import time
        while True:
            try:
                time.sleep(60)
            except BaseException:
                pass
    """, "pass", cell_seconds=0.3)
    assert execution.ending is Ending.TIMED_OUT
    assert [cell.status for cell in execution.cells] == ["ok", "unfinished", "not_run"]
    assert execution.detail == ("Cell 3 ran longer than 0.3 s and did not stop when it was interrupted; "
                                "the grader stopped the notebook there.")
    assert execution.flags == (f"The run did not finish. {execution.detail}",)


def test_interrupt_lost_in_a_destructor_is_repeated(jail: Any) -> None:
    execution = jail.run("""
        import time
        class Slow:
            def __del__(self):
                time.sleep(60)  # an exception in here is printed and dropped
        Slow()
        time.sleep(60)
    """, "pass", cell_seconds=0.3)
    assert execution.ending is Ending.COMPLETED
    assert [cell.status for cell in execution.cells] == ["interrupted", "ok"]


def test_ignored_signals_do_not_help(jail: Any) -> None:
    execution = jail.run("""
        import signal, time
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        time.sleep(60)
    """, cell_seconds=0.3)
    assert execution.ending is Ending.TIMED_OUT


def test_notebook_limit_is_absolute(jail: Any) -> None:
    execution = jail.run(*["import time\ntime.sleep(.4)"] * 5, notebook_seconds=1)
    assert execution.ending is Ending.TIMED_OUT
    assert "whole notebook ran longer than 1 s" in execution.detail
    assert [cell.status for cell in execution.cells][:2] == ["ok", "ok"]
    assert execution.cells[4].status == "not_run"


@pytest.mark.parametrize("code, how", [
    ("os._exit(0)", "exit status 0"), ("os._exit(3)", "exit status 3"), ("os.abort()", "SIGABRT"),
    ("os.kill(os.getpid(), 9)", "SIGKILL"), ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ("os._exit(70)", "exit status 70"), ("os._exit(71)", "exit status 71"),
    ("os.execv('/bin/true', ['true'])", "exit status 0"),
])
def test_process_that_ends_itself_has_died(jail: Any, code: str, how: str) -> None:
    execution = jail.run("pass", f"import os\n{code}", "pass")
    assert execution.ending is Ending.DIED
    assert execution.detail == f"Cell 3 ended the notebook's process ({how}), so nothing after it ran."
    assert [cell.status for cell in execution.cells] == ["ok", "unfinished", "not_run"]


def test_lie_about_being_done_is_seen(jail: Any) -> None:
    execution = jail.run("import os\nos.write(PROGRESS, b'{\"done\": true}')\nos._exit(0)", "pass")
    assert execution.ending is Ending.DIED
    assert any("done before its last cell" in flag for flag in execution.flags)


def test_junk_on_the_progress_socket_is_flagged_and_ignored(jail: Any) -> None:
    execution = jail.run("""
        import os
        for junk in (b'{', b'[' * 4000, b'{"cell": true}', b'{"cell": 99}', b'{"cell": 1e999}', b'\\xff', b'[1]',
                     b'null', b'{"cell": "0"}', b'x' * 100000, b'{"cell": 0}', b'{"fit": -1}', b'{"ended": "0"}'):
            for _ in range(50):
                os.write(PROGRESS, junk)
    """, "pass")
    assert execution.ending is Ending.COMPLETED
    assert len(execution.cells) == 2
    assert execution.flags == ("The process sent 650 messages that the runner never sends.",)


def test_the_record_of_a_cell_is_not_believed(jail: Any) -> None:
    execution = jail.run("""
        with open(OUT / 'cells.jsonl', 'ab') as record:
            record.write(b'\\xff\\n[]\\n{"cell": 77, "status": "ok"}\\n{"cell": 2, "status": "passed"}\\n')
            record.write(b'[' * 99999 + b'\\n'
                         b'{"cell": 2, "status": "ok", "seconds": "x", "execution_count": 1e9, "error": 7}\\n')
    """, "import os; os._exit(1)")
    assert [cell.status for cell in execution.cells] == ["ok", "unfinished"]
    assert execution.flags[1:] == (
        "The record of cells contains lines that the runner did not write.",
        "The record contains cells that the process never reached; they count as not run.")


def test_predictions_have_no_cells(jail: Any) -> None:
    execution = jail.pool.run_predictions(PredictionJob(requests=()), jail.folder)
    assert execution.ending is Ending.COMPLETED
    assert execution.cells == ()
    assert (jail.folder / "requests.json").read_text() == "[]"


def test_death_of_the_zygote_loses_the_job_and_the_next_works(pool: Any, light: Programs, tmp_path: Path) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light)) as fresh:
        fresh.run_notebook(job("pass"), tmp_path / "warm")
        zygote = fresh._zygote.pid  # type: ignore[union-attr]  # it has started
        everything: list[int] = []

        def kill(_: int) -> None:
            everything.extend([zygote, *reaper.descendants(zygote)])
            os.kill(zygote, signal.SIGKILL)

        execution = fresh.run_notebook(job(FORKS), tmp_path / "lost", on_cell=kill)
        assert execution.ending is Ending.LOST
        assert len(everything) > 2
        assert gone(everything)
        assert not (tmp_path / "lost").exists()
        assert fresh.run_notebook(job("pass"), tmp_path / "next").ending is Ending.COMPLETED
        assert fresh._zygote.pid != zygote  # type: ignore[union-attr]  # the same


def test_death_of_an_idle_zygote_goes_unnoticed(pool: Any, light: Programs, tmp_path: Path) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light)) as fresh:
        fresh.run_notebook(job("pass"), tmp_path / "warm")
        os.kill(fresh._zygote.pid, signal.SIGKILL)  # type: ignore[union-attr]  # the same
        assert gone([fresh._zygote.pid])  # type: ignore[union-attr]  # the same
        assert fresh.run_notebook(job("pass"), tmp_path / "next").ending is Ending.COMPLETED


def test_death_of_the_watcher_loses_only_its_job(pool: Any, light: Programs, tmp_path: Path) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light)) as fresh:
        fresh.run_notebook(job("pass"), tmp_path / "warm")
        zygote = fresh._zygote.pid  # type: ignore[union-attr]  # it has started
        everything: list[int] = []

        def kill(_: int) -> None:
            everything.extend(reaper.descendants(zygote))
            os.kill(everything[0], signal.SIGKILL)

        execution = fresh.run_notebook(job(FORKS), tmp_path / "lost", on_cell=kill)
        assert execution.ending is Ending.LOST
        assert gone(everything)
        assert fresh.run_notebook(job("pass"), tmp_path / "next").ending is Ending.COMPLETED
        assert fresh._zygote.pid == zygote  # type: ignore[union-attr]  # the same


SUPERVISOR = """
import sys
from pathlib import Path
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.model import Isolation, JobCell, NotebookJob
light = Programs("light", "light", (Path(sys.argv[2]),), "light")
pool = WarmPool(PoolOptions(isolation=Isolation(sys.argv[1]), programs=light))
job = NotebookJob(cells=(JobCell(index=0, source="import os, time\\nos.fork()\\nos.fork()\\ntime.sleep(60)"),), seed=1,
                  sampling_key="00")
with pool:
    pool.run_notebook(job, Path(sys.argv[3]), on_cell=lambda _: print(pool._zygote.pid, pool._folder, flush=True))
"""


@pytest.fixture
def supervisor(pool: Any, light: Programs, tmp_path: Path) -> Any:
    """A grader in a process of its own with one job running; and everything below it."""
    root = Path(reaper.__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, pool.isolation.value, str(light.path[0]), str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root, start_new_session=True)
    assert process.stdout is not None
    first, folder = process.stdout.readline().split()
    zygote = int(first)
    everything: list[int] = []
    for _ in range(500):
        everything = [zygote, *reaper.descendants(zygote)]
        if len(everything) >= (7 if pool.isolation is Isolation.FULL else 6):
            break
        time.sleep(0.01)
    yield process, everything, Path(folder)
    process.stdout.close()
    process.wait()


def test_kill_of_the_supervisor_leaves_no_process(supervisor: Any) -> None:
    process, everything, folder = supervisor
    assert len(everything) >= 6
    process.kill()
    process.wait()
    assert gone(everything)
    assert not folder.exists()


def test_interrupted_supervisor_cleans_up(supervisor: Any, tmp_path: Path) -> None:
    process, everything, folder = supervisor
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to the whole group
    assert process.wait(60) != 0
    assert gone(everything)
    assert not (tmp_path / "out").exists()
    assert not folder.exists()


def test_closing_the_pool_ends_what_runs(pool: Any, light: Programs, tmp_path: Path) -> None:
    fresh = WarmPool(PoolOptions(isolation=pool.isolation, programs=light))
    inside = threading.Event()
    found: list[Ending] = []
    thread = threading.Thread(target=lambda: found.append(
        fresh.run_notebook(job(NAP), tmp_path / "out", on_cell=lambda _: inside.set()).ending))
    thread.start()
    assert inside.wait(20)
    zygote = fresh._zygote.pid  # type: ignore[union-attr]  # it has started
    folder = fresh._folder
    fresh.close()
    thread.join(20)
    assert found == [Ending.LOST]
    assert gone([zygote])
    assert not folder.exists()
    with pytest.raises(ExecutionError, match="it was closed"):
        fresh.run_notebook(job("pass"), tmp_path / "out")


def test_error_in_the_callback_ends_the_child(jail: Any) -> None:
    def broken(_: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jail.pool.run_notebook(job(NAP), jail.folder, on_cell=broken)
    jail.nothing_left()


def test_workers_run_concurrently(pool: Any, light: Programs, tmp_path: Path) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light, workers=3)) as wide:
        met = threading.Barrier(3)
        endings: list[Ending] = []

        def meet(cell: int) -> None:
            if cell == 0:
                met.wait(20)

        def run(name: str) -> None:
            endings.append(wide.run_notebook(job("pass", "pass"), tmp_path / name, on_cell=meet).ending)

        threads = [threading.Thread(target=run, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert endings == [Ending.COMPLETED] * 3
        if os.geteuid() == 0:
            assert len({slot.uid for slot in wide._slots}) == 3


def test_models_are_asked_while_a_notebook_runs_but_never_a_second_one_runs(
    pool: Any, light: Programs, tmp_path: Path
) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light, workers=1, extra=1)) as wide:
        began: list[str] = []
        asked, endings = threading.Event(), []

        def run(name: str) -> None:
            def on_cell(cell: int) -> None:
                if cell == 0:
                    began.append(name)
                else:
                    asked.wait(20)  # the first notebook occupies its worker until a prediction has come back

            endings.append(wide.run_notebook(job("pass", "pass"), tmp_path / name, on_cell=on_cell).ending)

        first = threading.Thread(target=run, args=("first",))
        first.start()
        while not began:
            time.sleep(0.01)
        predicted = wide.run_predictions(PredictionJob(requests=()), tmp_path / "asked").ending
        second = threading.Thread(target=run, args=("second",))
        second.start()
        second.join(1.0)
        assert began == ["first"], "one worker, so the second notebook has to wait"
        asked.set()
        first.join()
        second.join()
        assert began == ["first", "second"]
        assert (predicted, endings) == (Ending.COMPLETED, [Ending.COMPLETED] * 2)


def test_two_graders_never_share_a_user_id(pool: Any, light: Programs) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives submissions user ids of their own")
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light, workers=2)) as other:
        assert not {slot.uid for slot in other._slots} & {slot.uid for slot in pool._slots}


def test_zygote_that_cannot_import_says_why(tmp_path: Path, pool: Any, light: Programs) -> None:
    programs = Programs("light", "no_such_module", light.path, "light")
    broken = WarmPool(PoolOptions(isolation=pool.isolation, programs=programs))
    with broken, pytest.raises(ExecutionError, match="No module named 'no_such_module'"):
        broken.run_notebook(job("pass"), tmp_path / "out")


def test_refused_walls_are_an_isolation_error(full_pool: Any, light: Programs, tmp_path: Path) -> None:
    with WarmPool(PoolOptions(isolation=Isolation.FULL, programs=light)) as fresh:
        fresh._readable = (*fresh._readable, "/no/such/folder")
        with pytest.raises(IsolationError, match="Expected full isolation to work"):
            fresh.run_notebook(job("pass"), tmp_path / "out")


def test_missing_mount_is_named(jail: Any, tmp_path: Path) -> None:
    from autograder.model import Mount

    missing = tmp_path / "no.npz"
    asked = job("pass").model_copy(update={"mounts": (Mount(source=missing, target="/data/no.npz"),)})
    with pytest.raises(ExecutionError, match=str(missing)):
        jail.pool.run_notebook(asked, jail.folder)


def test_no_isolation_only_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, light: Programs, tmp_path: Path,
) -> None:
    monkeypatch.setattr(features, "best_isolation", lambda: None)
    with pytest.raises(IsolationError, match="--unsafe"):
        WarmPool(PoolOptions(programs=light))
    with pytest.raises(IsolationError, match="--unsafe"):
        WarmPool(PoolOptions(isolation=Isolation.NONE, programs=light))
    with WarmPool(PoolOptions(unsafe=True, programs=light)) as plain:
        execution = plain.run_notebook(job("tell(1)"), tmp_path / "out")
    assert execution.isolation is Isolation.NONE
    assert execution.ending is Ending.COMPLETED
    assert json.loads((tmp_path / "out" / "answer.json").read_text()) == 1


def test_private_folder_in_sight_is_refused(light: Programs) -> None:
    with pytest.raises(IsolationError, match="move the course"):
        WarmPool(PoolOptions(isolation=Isolation.NONE, unsafe=True, programs=light, private=light.path[:1]))


def test_cells_that_were_never_begun_are_not_run_whatever_the_record_says(jail: Any) -> None:
    execution = jail.run("""
        import json, os
        with open(OUT / 'cells.jsonl', 'a') as record:
            for cell in range(3):
                record.write(json.dumps({"cell": cell, "status": "ok", "seconds": 0}) + "\\n")
        os._exit(0)
    """, "x = 1", "x = 2")
    assert [run.status for run in execution.cells] == ["unfinished", "not_run", "not_run"]
    assert any("never reached" in flag for flag in execution.flags)
