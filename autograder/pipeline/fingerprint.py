"""What a result depends on, as hashes: equal hashes mean that nothing has to be done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from autograder.model import Limits, NotebookJob

PACKAGE = Path(__file__).resolve().parents[1]
CREDITING = ("pipeline/grade/continuation.py", "pipeline/grade/given.py", "pipeline/grade/reruns.py",
             "pipeline/grade/settings.py", "pipeline/grade/student_variant.py", "pipeline/grade/typed_numbers.py",
             "pipeline/grade/variant_checks.py")
"""Modules that decide from which run a check counts, or that a person
decides: after a change of their rules, stored results are judged again."""


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def files_digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 over names and contents of files; a missing one counts as empty."""
    total = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes() if path.is_file() else b""
        total.update(path.name.encode() + b"\0" + len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


@cache
def _own_code(*folders: str) -> str:
    """Return the hash of our own modules that affect what a run records or how it is judged.

    Raises:
        FileNotFoundError: a module was moved, but not its name here: a hash of nothing would never change.
    """
    named = [PACKAGE / folder for folder in folders]
    modules = {*named, *(path for place in named for path in place.rglob("*.py"))}
    if missing := sorted(str(path) for path in modules if not path.exists()):
        raise FileNotFoundError(f"The modules {', '.join(missing)} belong to the fingerprints, but do not exist.")
    return files_digest(path for path in modules if path.is_file())


def execution_fingerprint(
    job: NotebookJob, *, data: str, isolation: str, versions: Mapping[str, str],
    continuation: Mapping[str, tuple[str, ...]], compiled: Mapping[str, tuple[str, ...]],
) -> str:
    """Return the hash of everything that determines the files that a run of this job leaves."""
    mounted = {mount.target: mount.source for mount in job.mounts}
    return digest({
        "cells": [cell.model_dump(exclude={"place"}) for cell in job.cells], "seed": job.seed,
        "sampling": job.sampling_key,
        "limits": job.limits.model_dump(), "data": data, "isolation": isolation, "versions": dict(versions),
        "continuation": dict(continuation), "compiled": dict(compiled),
        "calls": {task: [call.key for call in made] for task, made in job.calls.items()},
        **({"files": {name: files_digest(_below(mounted[place])) for name, place in job.files.items()}}
           if job.files else {}),
        "runner": _own_code("sandbox/child/student", "sandbox/child/probing.py"),
    })


def _below(place: Path) -> list[Path]:
    return [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]


def checks_fingerprint(hidden: Path, reference: Path, source: Path) -> str:
    """Return the hash of everything that determines how stored artifacts are judged.

    Args:
        source: the notebook with the solution, whose arrays and settings a run may continue from.
    """
    own = [_own_code("checks", "artifacts", "calibration", "model", "notebook"), _own_code(*CREDITING)]
    return digest({"hidden": files_digest([*hidden.rglob("*.py"), reference, source]), "own": own})


def refit_fingerprint(
    work: object, *, seeds: Iterable[int], limits: Limits, data: str, versions: Mapping[str, str]
) -> str:
    """Return the hash of everything that determines the outcome of training a model again."""
    return digest({
        "work": work, "seeds": list(seeds), "limits": limits.model_dump(), "data": data, "versions": dict(versions),
        "own": _own_code("artifacts", "sandbox/child/refitter.py", "sandbox/child/predictor.py",
                         "sandbox/child/backend.py"),
    })
