"""What this machine offers, and what a missing part leaves open."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path

from autograder.model import Value

PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "nbgrader", "otter-grader", "pytest", "matplotlib")


class Finding(Value):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


class Diagnosis(Value):
    """All findings, and the isolation mode that follows from them."""

    isolation: str | None
    findings: tuple[Finding, ...]

    @property
    def can_grade(self) -> bool:
        """Whether `grade` works here without --unsafe."""
        return self.isolation is not None


def diagnose(data: Path | None) -> Diagnosis:
    """Look at isolation, packages, data and cores; nothing is changed and TensorFlow is not imported."""
    from autograder.execution import features

    mode = features.best_isolation()
    isolation = [Finding(name=f.name, ok=f.available, detail=f.detail) for f in features.survey()]
    return Diagnosis(isolation=mode.value if mode else None,
                     findings=(*isolation, *_packages(), _data(data), _cores()))


def _packages() -> tuple[Finding, ...]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    usable = importlib.util.find_spec(backend) is not None
    listed = ", ".join(f"{name} {version}" for name, version in found.items())
    detail = backend if usable else f"{backend} is not installed: install it with `pip install '.[cpu]'`"
    return (Finding(name="Keras backend", ok=usable, detail=detail),
            Finding(name="packages", ok={"keras", "nbgrader", "pytest"} <= found.keys(), detail=listed))


def _data(folder: Path | None) -> Finding:
    path = folder / "mnist.npz" if folder else Path("~/.keras/datasets/mnist.npz").expanduser()
    if path.is_file():
        return Finding(name="MNIST", ok=True, detail=f"{path.name} found in the data folder")
    return Finding(name="MNIST", ok=False, detail=(
        "not found: put mnist.npz into the data folder named in course.yml or in AUTOGRADER_DATA; "
        "until then only the demo and the tests run, on the embedded stand-in"))


def _cores() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding(name="machine", ok=True, detail=f"{platform.system()} {platform.release()}, {cores} cores, "
                                                   f"Python {platform.python_version()}")
