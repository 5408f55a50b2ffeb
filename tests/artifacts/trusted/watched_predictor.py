"""The predictor, which first tells what it can see and is watched from then on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import watch

from autograder.sandbox.child import predictor
from autograder.sandbox.isolation import readable_paths

REPORT = "watched.jsonl"
SECRETS = ("holdout_labels.npy", "test_labels.npy", "train_labels.npy", "mnist.npz", "gradebook.db", "course.yml",
           "result.json", "executed.ipynb", "checkpoints.jsonl", "reference/digits-mini/reference.json",
           "tests/hidden/digits-mini/test_digits_mini.py")
"""Tried in every folder above a mounted file, as it lies on the host."""


def preload() -> None:
    """Warm up as the predictor does."""
    predictor.preload()


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Look around, then answer the requests."""
    look_around(job, scratch)
    predictor.run(job, scratch, progress)


def look_around(job: dict[str, Any], scratch: str) -> None:
    """Report every file in sight and the modules of others; from then on this process is watched."""
    out = Path(scratch) / ".out"
    out.mkdir(mode=0o700, exist_ok=True)
    report = watch.install(out / REPORT, keras=True)
    code = [name for name, module in sys.modules.items()
            if str(getattr(module, "__file__", None) or "").startswith((scratch, "/tmp"))]
    report.add("modules", names=[name for name in code if name not in ("watch", __name__)],
               main=sorted(name for name in vars(sys.modules["__main__"]) if not name.startswith("_")))
    known = (*readable_paths.readable(), "/proc", "/dev", "/sys", str(out), str(Path(__file__).parent))
    hosts = [parent for mount in job["mounts"] for parent in Path(mount["source"]).parents]
    targets = {str(Path(mount["target"]).parent) for mount in job["mounts"]}
    roots = dict.fromkeys(["/", "/tmp", "/home", "/root", scratch, *targets, *map(str, hosts)])
    names = (*SECRETS, *(Path(mount["target"]).name for mount in job["mounts"]))
    report.add("sees", files=watch.visible(tuple(roots), known, names), job=sorted(job))
