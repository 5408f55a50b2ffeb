"""Runs notebooks through the real runner, in forks of one warm process, without a sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.artifacts.npz import read_npz
from autograder.model import CellRun, JobCell, NotebookJob
from autograder.notebook.kernel_messages import parse_messages
from autograder.notebook.outputs import assemble

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
Cell = str | tuple[str, str]


@dataclass(frozen=True)
class Ran:
    """What one run left behind."""

    scratch: Path
    events: list[dict[str, Any]]
    status: int

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.scratch / ".out" / name).read_text().splitlines()]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.lines("messages.jsonl")

    @property
    def cells(self) -> list[dict[str, Any]]:
        return self.lines("cells.jsonl")

    @property
    def checkpoints(self) -> dict[str, dict[str, Any]]:
        return {line["task"]: line for line in self.lines("checkpoints.jsonl")}

    def text(self, cell: int) -> str:
        return "".join(m["content"]["text"] for m in self.messages if m["cell"] == cell and m["type"] == "stream")

    def npz(self, name: str) -> dict[str, Any]:
        return read_npz((self.scratch / ".out" / name).read_bytes())

    def json(self, name: str) -> Any:
        return json.loads((self.scratch / ".out" / name).read_text())

    def executed(self, notebook: dict[str, Any]) -> dict[str, Any]:
        parsed = parse_messages((self.scratch / ".out" / "messages.jsonl").read_bytes(), 1 << 30)
        assert parsed.malformed == 0
        runs = [CellRun(index=c["cell"], status=c["status"], execution_count=c["execution_count"]) for c in self.cells]
        return assemble(notebook, parsed.messages, runs)


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def warm() -> Iterator[subprocess.Popen[str]]:
    """The warm process; its start takes some seconds, once."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/"),
                   "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [sys.executable, str(HERE / "warm.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=environment, cwd=ROOT,
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == '"ready"\n'
        yield process
        process.stdin.close()
        process.wait()


@pytest.fixture
def run(warm: subprocess.Popen[str], tmp_path: Path) -> Run:
    """Run code cells: texts, or (task, text) for test cells; keyword arguments go into the job."""
    count = 0

    def run_cells(*cells: Cell | JobCell, interrupts: tuple[float, ...] = (), **options: Any) -> Ran:
        nonlocal count
        count += 1
        scratch = tmp_path / f"scratch-{count}"
        scratch.mkdir()
        job = NotebookJob(cells=tuple(job_cell(i, cell) for i, cell in enumerate(cells)),
                          **{"seed": 7, "sampling_key": "00ff", **options})
        request = {"job": job.model_dump(mode="json"), "scratch": str(scratch), "interrupts": interrupts}
        assert warm.stdin is not None and warm.stdout is not None
        warm.stdin.write(json.dumps(request) + "\n")
        warm.stdin.flush()
        answer = json.loads(warm.stdout.readline())
        failure = scratch / "failure.txt"
        assert not failure.exists(), failure.read_text()
        return Ran(scratch=scratch, events=answer["events"], status=answer["status"])

    return run_cells


def job_cell(index: int, cell: Cell | JobCell) -> JobCell:
    if isinstance(cell, JobCell):
        return cell
    return JobCell(index=index, source=cell) if isinstance(cell, str) else JobCell(
        index=index, task=cell[0], source=cell[1])
