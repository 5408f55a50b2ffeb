"""A stand-in for the student's runner that needs no Keras: runs each cell with exec, records as agreed."""

from __future__ import annotations

import contextlib
import json
import os
import time
import traceback
from pathlib import Path
from typing import Any


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
    names: dict[str, Any] = {"JOB": job, "SCRATCH": scratch, "OUT": out, "PROGRESS": progress,
                             "tell": lambda value: (out / "answer.json").write_text(json.dumps(value))}
    with (out / "cells.jsonl").open("a", encoding="utf-8", buffering=1) as record:
        for cell in job["cells"]:
            os.write(progress, json.dumps({"cell": cell["index"]}).encode())
            started = time.monotonic()
            line: dict[str, Any] = {"cell": cell["index"], "status": "ok", "error": None}
            try:
                exec(compile(cell["source"], "<cell>", "exec"), names)
            except KeyboardInterrupt:
                line["status"] = "interrupted"
            except BaseException as error:
                line |= {"status": "error", "error": "".join(traceback.format_exception_only(error)).strip()}
            line["seconds"] = time.monotonic() - started
            with contextlib.suppress(OSError):
                record.write(json.dumps(line) + "\n")
    os.write(progress, b'{"done": true}')
