"""Puts the parts together: shell, streams, spy and checkpoints of one notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.sandbox.child.student import datasets, downloads, given_files
from autograder.sandbox.child.student.checkpoint_writer import Checkpoints
from autograder.sandbox.child.student.figure_book import FigureBook
from autograder.sandbox.child.student.records import Recorder
from autograder.sandbox.child.student.run_cells import Interrupt, Runner
from autograder.sandbox.child.student.runner_turns import RunnerTurns
from autograder.sandbox.child.student.shell import make_shell
from autograder.sandbox.child.student.streams import Streams


def run_notebook(job: Mapping[str, Any], scratch: str, progress: int) -> None:
    """Run all cells of a job in the prepared and seeded process, and record everything under ``scratch``."""
    limits = job["limits"]
    recorder = Recorder(scratch, output_mib=limits["output_mib"], disk_mib=limits["disk_mib"])
    turns = RunnerTurns(progress)
    streams = Streams(recorder, scratch)
    interrupt = Interrupt(streams)
    interrupt.listen()
    shell = make_shell(recorder, scratch)
    FigureBook(recorder).install(shell)
    datasets.answer(job.get("load_data") or {})
    given_files.show(job.get("files") or {}, scratch)
    downloads.answer_downloads(job.get("files") or {})
    checkpoints = Checkpoints(job, shell, recorder, interrupt, streams, turns)
    streams.install()
    runner = Runner(shell, recorder, streams, interrupt, turns, checkpoints.before)
    turns.tell({"ready": True})
    if runner.run(job["cells"]):
        turns.tell({"done": True})
