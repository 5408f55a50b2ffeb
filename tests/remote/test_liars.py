"""Members of a cluster that lie: nothing that they send is run, and no job takes another one's answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.model import Ending
from tests.remote.bed import ROOT, Bed, job, needs_walls, until

pytestmark = [pytest.mark.slow, needs_walls]
LIAR = r"""
import asyncio, os, sys
from distributed import Worker
from autograder.cluster import tasks
from autograder.cluster.offer import Offer
from autograder.remote.parcels import open_parcel, pack_answer
from autograder.model import Ending, Execution

offer, lie, mark = Offer.model_validate_json(sys.argv[2]), sys.argv[3], sys.argv[4]

class Evil(Exception):
    def __reduce__(self):
        # Dask tries an exception out in the liar's own process.
        return (exec, (f"import os\nif os.getpid() != {os.getpid()}: open({mark!r}, 'w').close()",))

def answer(parcel, files):
    number = open_parcel(parcel).id
    if lie == "object":
        return Evil()
    if lie == "exception":
        raise Evil()
    if lie == "too many bytes":
        return b"\\0\\0\\0\\x40\\0\\x10\\0\\0" * 100 + bytes(64 << 20)
    if lie == "another's":
        number = "0" * 32
    import io
    from pathlib import Path
    from autograder.container.wire import write_frame
    told = {"not a number": {"seconds": float("nan")}, "half a character": {"detail": "\ud800"}}.get(lie)
    if told is not None:
        stream = io.BytesIO()
        write_frame(stream, {"kind": "done", "id": number, "execution": {
            "ending": "completed", "isolation": offer.isolation, **told}})
        return stream.getvalue()
    return pack_answer(number, Path("/nowhere"), Execution(ending=Ending.COMPLETED, isolation=offer.isolation))

tasks.serve_with(answer)

async def main():
    async def facts(worker):
        return offer.model_dump(mode="json")
    async with Worker(sys.argv[1], nthreads=1, resources=offer.resources, startup_information={"autograder": facts},
                      dashboard=False, memory_limit=0) as worker:
        await worker.finished()

asyncio.run(main())
"""
INTRUDER = """
import sys
from distributed import Client
client = Client(sys.argv[1], timeout=10)
mark = sys.argv[2]
def evil():
    open(mark, "w").close()
try:
    if sys.argv[3] == "scheduler":
        client.run_on_scheduler(evil)
    elif sys.argv[3] == "workers":
        client.run(evil)
    elif sys.argv[3] == "task":
        client.submit(evil, pure=False).result(timeout=5)
    else:
        client.upload_file(sys.argv[4])
except Exception as error:
    print("refused", type(error).__name__)
"""


@pytest.mark.parametrize("lie", ["object", "exception", "too many bytes", "another's", "not a number",
                                 "half a character"])
def test_what_a_lying_worker_sends_is_neither_run_nor_believed(bed: Bed, tmp_path: Path, lie: str) -> None:
    mark = tmp_path / "it-ran"
    pool = bed.pool()
    (honest,) = bed.add_workers(1)
    offer = pool._matching.runner()
    honest.terminate()
    until(lambda: not bed.link.offers())
    bed.start(LIAR, bed.address, offer.to_json(), lie, str(mark))
    until(lambda: len(bed.link.offers()) == 1)
    ran = pool.run_notebook(job("1"), tmp_path / "left")
    assert ran.ending is Ending.LOST and not (tmp_path / "left").exists() and not mark.exists()
    assert len(bed.notes) == 1


@pytest.mark.parametrize("way", ["scheduler", "workers", "task", "upload"])
def test_a_member_runs_nothing_on_others(bed: Bed, tmp_path: Path, way: str) -> None:
    mark = tmp_path / "it-ran"
    module = tmp_path / "evil.py"
    module.write_text(f"open({str(mark)!r}, 'w').close()\n")
    bed.add_workers(1)
    done = subprocess.run([sys.executable, "-c", INTRUDER, bed.address, str(mark), way, str(module)], cwd=ROOT,
                          capture_output=True, text=True, timeout=120, check=False)
    assert not mark.exists(), done
    assert "refused" in done.stdout
    pool = bed.pool()
    assert pool.run_notebook(job("1"), tmp_path / "left").ending is Ending.COMPLETED  # and all still work
