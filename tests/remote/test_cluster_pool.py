"""Jobs on four real workers: files travel, and whatever happens to a worker or the scheduler, nothing is lost."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.cluster import Link
from autograder.errors import ClusterError
from autograder.model import CellStatus, Ending, Execution, Mount, RefitJob
from autograder.remote.cluster_pool import ClusterPool
from autograder.testing import make_course
from tests.remote.bed import Bed, job, needs_walls, until

pytestmark = [pytest.mark.slow, needs_walls]
BUSY = "import time\n(OUT / 'begun').touch()\ntime.sleep({seconds})\ntell({number})"


def run_all(pool: ClusterPool, count: int, folder: Path, *, seconds: float = 0.0) -> list[Execution]:
    """Run numbered jobs, more at once than there are workers; each answer must be its own."""
    def run(number: int) -> Execution:
        left = folder / str(number)
        ran = pool.run_notebook(job(BUSY.format(seconds=seconds, number=number)), left)
        if ran.ending is Ending.LOST:  # as grading does
            ran = pool.run_notebook(job(BUSY.format(seconds=seconds, number=number)), left)
        assert json.loads((left / "answer.json").read_text()) == number
        return ran

    with ThreadPoolExecutor(16) as threads:
        return list(threads.map(run, range(count)))


def test_two_hundred_jobs_come_back_and_files_travel(bed: Bed, tmp_path: Path) -> None:
    bed.add_workers(4)
    pool = bed.pool()
    data = tmp_path / "numbers.txt"
    data.write_text("1 2 3")
    reading = ("import os\ntell(open(JOB['mounts'][0]['target'] if os.path.exists('/data') else "
               "JOB['load_data']['mnist']).read())")
    wanted = job(reading, "(OUT / 'big.bin').write_bytes(bytes(3 << 20))", "1 / 0",
                 mounts=(Mount(source=data, target="/data/numbers.txt"),)).model_copy(
                     update={"load_data": {"mnist": "/data/numbers.txt"}})
    ran = pool.run_notebook(wanted, tmp_path / "left")
    assert (ran.ending, ran.isolation) == (Ending.COMPLETED, pool.isolation)
    assert [cell.status for cell in ran.cells] == [CellStatus.OK, CellStatus.OK, CellStatus.ERROR]
    assert json.loads((tmp_path / "left" / "answer.json").read_text()) == "1 2 3"
    assert (tmp_path / "left" / "big.bin").read_bytes() == bytes(3 << 20)
    assert [one.ending for one in run_all(pool, 200, tmp_path / "many")] == [Ending.COMPLETED] * 200
    assert bed.notes == [] and not pool.lost


def test_a_worker_that_is_killed_and_one_that_is_frozen_lose_no_job(bed: Bed, tmp_path: Path) -> None:
    first, second, *_ = bed.add_workers(4)
    pool = bed.pool()
    assert pool.versions
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(run_all, pool, 12, tmp_path, seconds=3)
        until(lambda: len(list(tmp_path.glob("*/answer.json"))) >= 1)
        first.kill()
        second.send_signal(signal.SIGSTOP)
        assert [one.ending for one in running.result()] == [Ending.COMPLETED] * 12
    assert len(bed.link.offers()) == 2


def test_a_scheduler_that_is_restarted_gets_the_jobs_again(bed: Bed, tmp_path: Path) -> None:
    bed.add_workers(2)
    pool = bed.pool()
    assert pool.versions
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(run_all, pool, 8, tmp_path, seconds=2)
        until(lambda: len(list(tmp_path.glob("*/answer.json"))) >= 1)
        bed.stop_scheduler()
        bed.start_scheduler()
        assert [one.ending for one in running.result()] == [Ending.COMPLETED] * 8


def test_two_clients_share_the_workers_and_a_single_regrade_is_first(bed: Bed, tmp_path: Path) -> None:
    bed.add_workers(1)
    batch, single = bed.pool(), bed.pool(link=Link(bed.address), priority=100)
    assert batch.versions == single.versions
    done: list[str] = []
    with ThreadPoolExecutor(2) as threads:
        class_ = threads.submit(lambda: (run_all(batch, 6, tmp_path / "batch", seconds=1), done.append("batch")))
        until(lambda: len(list((tmp_path / "batch").glob("*/answer.json"))) >= 1)
        one = threads.submit(lambda: (run_all(single, 1, tmp_path / "single"), done.append("single")))
        class_.result()
        one.result()
    assert done == ["single", "batch"]


def test_workers_of_another_version_get_nothing(bed: Bed, tmp_path: Path) -> None:
    pool = bed.pool()
    with pytest.raises(ClusterError, match="has no workers; start `autograder worker"):
        pool.run_notebook(job("1"), tmp_path / "left")
    bed.add_workers(1, version="0.0.9")
    with pytest.raises(ClusterError, match=r"there is autograder 0\.0\.9 instead of"):
        pool.run_notebook(job("1"), tmp_path / "left")
    bed.add_workers(1)
    assert run_all(pool, 2, tmp_path)[0].ending is Ending.COMPLETED


def test_closing_cancels_what_runs_and_withheld_images_stay_here(bed: Bed, tmp_path: Path) -> None:
    bed.add_workers(1)
    pool = bed.pool()
    images = bed.folder / "withheld" / "images.npy"
    images.parent.mkdir()
    images.write_bytes(b"raw")
    wanted = RefitJob(architecture="{}", fits=(), seed=1, inputs="/inputs/images.npy", shape=(), scale=(), shift=(),
                      mounts=(Mount(source=images, target="/inputs/images.npy"),))
    assert pool.run_refit(wanted, tmp_path / "trained").ending is Ending.COMPLETED  # in our own pool: there is no judge
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.run_notebook, job("import time\ntime.sleep(600)"), tmp_path / "left")
        until(lambda: any(pool._running.values()))
        pool.close()
        assert running.result().ending is Ending.LOST
    assert bed.notes == []


def test_a_judge_trains_again_with_the_images_of_its_own_course(
    bed: Bed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course")
    bed.add_judge(course.root)
    images = course.cache / "data" / "own" / "evaluation_images.npy"
    pool = bed.pool(withheld=course.cache / "data")
    sent: list[object] = []
    monkeypatch.setattr(bed.link, "_file", lambda *given: sent.append(given))
    monkeypatch.setattr(pool.own, "run_refit", lambda *given: pytest.fail("it ran here, though there is a judge"))
    wanted = RefitJob(architecture="{}", fits=(), seed=7, inputs="/inputs/images.npy", shape=(), scale=(), shift=(),
                      mounts=(Mount(source=images, target="/inputs/images.npy"),))
    assert pool.run_refit(wanted, tmp_path / "trained").ending is Ending.COMPLETED
    assert json.loads((tmp_path / "trained" / "trained.json").read_text())["seed"] == 7 and sent == []
    with pytest.raises(ClusterError, match=r"1 worker for judge .* but none for cpu"):
        pool.run_notebook(job("1"), tmp_path / "left")


WITHDRAWING = """
import sys
from autograder.cluster.node import Node
from autograder.cluster.offer import Offer
from autograder.cluster.tasks import Withdrawn
from autograder.errors import StorageError
def full(parcel, files):
    raise Withdrawn(StorageError("The disk of this worker is full."))
try:
    Node(sys.argv[1], Offer.model_validate_json(sys.argv[2]), full, patience=60).serve()
except StorageError as error:
    sys.exit(error.exit_code)
"""


def test_a_worker_whose_disk_is_full_leaves_and_its_job_goes_elsewhere(bed: Bed, tmp_path: Path) -> None:
    bed.add_workers(1)
    pool = bed.pool()
    leaving = bed.start(WITHDRAWING, bed.address, pool._matching.runner().to_json())
    until(lambda: len(bed.link.offers()) == 2)
    assert [one.ending for one in run_all(pool, 4, tmp_path, seconds=1)] == [Ending.COMPLETED] * 4
    assert leaving.wait(60) == 7 and len(bed.link.offers()) == 1 and bed.notes == []
