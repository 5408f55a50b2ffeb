"""A stand-in for the student's runner that needs no Keras: runs each cell with exec, records as agreed."""

from __future__ import annotations

import contextlib
import json
import os
import time
import traceback
from pathlib import Path
from typing import Any

from autograder.sandbox.child.student.runner_turns import RunnerTurns


def preload() -> None:
    """Nothing to import."""


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Run the cells of a notebook job; of a prediction job, write its requests; of a refit job, all of it."""
    out = Path(scratch, ".out")
    out.mkdir(exist_ok=True)
    if "requests" in job:
        (out / "requests.json").write_text(json.dumps(job["requests"]), encoding="utf-8")
        os.write(progress, b'{"done": true}')
        return
    if "architecture" in job:
        (out / "trained.json").write_text(json.dumps(job), encoding="utf-8")
        os.write(progress, b'{"done": true}')
        return
    turns = RunnerTurns(progress)
    names: dict[str, Any] = {"JOB": job, "SCRATCH": scratch, "OUT": out, "PROGRESS": progress, "TURNS": turns,
                             "tell": lambda value: (out / "answer.json").write_text(json.dumps(value))}
    with (out / "cells.jsonl").open("a", encoding="utf-8", buffering=1) as record:
        if any(cell["task"] for cell in job["cells"]):
            (out / "checkpoints.jsonl").touch()
        turns.tell({"ready": True})
        for cell in job["cells"]:
            if not (checkpoint(cell, job, names, turns) and turns.take("cell", cell["index"])):
                return
            line = execute(cell, names)
            with contextlib.suppress(OSError):
                record.write(json.dumps(line) + "\n")
            turns.end(line)
    turns.tell({"done": True})


def checkpoint(cell: dict[str, Any], job: dict[str, Any], names: dict[str, Any], turns: RunnerTurns) -> bool:
    """Write the names of a test cell's namespace, and a file for the calls of its task."""
    task, out = cell["task"], names["OUT"]
    if task is None:
        return True
    if not turns.take("checkpoint", cell["index"]):
        return False
    with contextlib.suppress(KeyboardInterrupt):
        names.get("SLOW", lambda: None)()
    with (out / "checkpoints.jsonl").open("a", encoding="utf-8") as record:
        record.write(json.dumps({"task": task, "cell": cell["index"], "names": {}}) + "\n")
    if "MODEL" in names:
        (out / f"model-{names['MODEL']}-1.json").write_text("{}", encoding="utf-8")
    turns.end()
    if task in job["calls"]:
        if not turns.take("calls", cell["index"]):
            return False
        (out / "calls-1.json").write_text("{}", encoding="utf-8")
        turns.end()
    return True


def execute(cell: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Run one cell and return its record."""
    started = time.monotonic()
    line: dict[str, Any] = {"cell": cell["index"], "status": "ok", "error": None}
    try:
        exec(compile(cell["source"], "<cell>", "exec"), names)
    except KeyboardInterrupt:
        line |= {"status": "interrupted", "error": "KeyboardInterrupt"}
    except BaseException as error:
        line |= {"status": "error", "error": "".join(traceback.format_exception_only(error)).strip()}
    line["seconds"] = time.monotonic() - started
    return line
