"""What this machine offers for grading, what a missing part leaves open, and the command that fixes it.

`probe` inspects the machine; `diagnose`, which is pure, derives findings from that.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from autograder.data import DefaultData, true_file
from autograder.model import DEFAULT_BACKEND, Isolation, Value
from autograder.sandbox.isolation import features, gpu, kernel
from autograder.sandbox.isolation.gpu import Gpus
from autograder.sandbox.isolation.kernel import Kernel

PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy", "nbgrader", "otter-grader", "pytest",
            "matplotlib")
NEEDED = ("keras", "numpy", "nbgrader", "pytest")
LEAVES_OPEN = {
    Isolation.FULL: "memory is checked every 50 ms and not limited by the kernel",
    Isolation.NAMESPACES: "one layer less of protection for files than in full",
    Isolation.RESTRICTED: "names and sizes of files outside can be read; the scratch folder's size is checked "
                          "every half second; without root, submissions share your user id",
}
"""As in docs/operating/security.md."""
_PATIENCE = 10.0  # seconds for an engine to answer

Group = Literal["isolation", "machine", "software", "data"]


class Finding(Value):
    """One feature that was checked."""

    name: str
    group: Group
    ok: bool
    optional: bool = Field(False, description="grading works without it")
    detail: str = Field(description="what it provides, or what its absence leaves open")
    fix: str | None = Field(None, description="the command or change that provides it, where it is missing")


class Diagnosis(Value):
    """All findings, and the isolation modes that follow from them."""

    isolation: str | None = Field(description="the mode that `grade` uses here; null: none without --unsafe")
    modes: tuple[str, ...] = Field(description="every mode that can be built, strongest first")
    leaves_open: str = Field(description="what the mode in use does not prevent")
    findings: tuple[Finding, ...]

    @property
    def can_grade(self) -> bool:
        """Whether `grade` works here without --unsafe."""
        return self.isolation is not None


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A container engine on the PATH: its version, or why it does not answer."""

    name: str
    version: str | None = None
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What `probe` found, not yet judged.

    Attributes:
        packages: installed distributions and their versions.
        backend: Keras's backend; ``importable`` says whether it is installed.
        data: the file with the default data set that would be used.
        cores: the number that this process may use.
    """

    kernel: Kernel
    gpus: Gpus
    engines: tuple[Engine, ...] = ()
    packages: dict[str, str]
    backend: str = DEFAULT_BACKEND
    importable: bool = True
    data: Path | None = None
    cores: int = 1
    python: str = ""


def probe(*data: Path) -> Seen:
    """Inspect this machine; nothing is changed, and no backend is imported into this process.

    Args:
        data: the course's data folders.
    """
    backend = gpu.backend_name()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Seen(
        kernel=kernel.look(), gpus=gpu.survey(), engines=tuple(filter(None, map(_engine, ("podman", "docker")))),
        packages=_installed(), backend=backend, importable=importlib.util.find_spec(backend) is not None,
        data=true_file(*data), cores=cores, python=platform.python_version(),
    )


def diagnose(seen: Seen) -> Diagnosis:
    """Return the findings that follow from what was seen."""
    modes = features.offered(seen.kernel)
    walls = [Finding(name=one.name, group="isolation", ok=one.available, optional=one.optional, detail=one.detail,
                     fix=one.fix) for one in features.explain(seen.kernel)]
    return Diagnosis(
        isolation=modes[0].value if modes else None, modes=tuple(mode.value for mode in modes),
        leaves_open=LEAVES_OPEN[modes[0]] if modes else "everything: `grade` refuses without --unsafe",
        findings=(*walls, _engines(seen.engines), _gpu(seen.gpus), _machine(seen), _backend(seen), _packages(seen),
                  _data(seen.data)),
    )


def _installed() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _engine(name: str) -> Engine | None:
    """Return an engine and its version; for docker that of its service, which it cannot work without."""
    path = shutil.which(name)
    if path is None:
        return None
    asked = ["version", "--format", "{{.Server.Version}}"] if name == "docker" else ["--version"]
    try:
        done = subprocess.run([path, *asked], capture_output=True, text=True, timeout=_PATIENCE, check=False,
                              stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Engine(name=name, refusal=type(error).__name__)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        return Engine(name=name, refusal=said[-1][:200] if said else f"it ended with {done.returncode}")
    return Engine(name=name, version=done.stdout.strip().split()[-1])


def _engines(engines: tuple[Engine, ...]) -> Finding:
    working = [f"{one.name} {one.version}" for one in engines if one.version]
    if working:
        return Finding(name="container engine", group="machine", ok=True, optional=True, detail=(
            f"{', '.join(working)}, for `autograder container build` and `autograder container run`"))
    broken = [f"{one.name} is installed, but does not answer ({one.refusal})" for one in engines]
    fix = "`sudo systemctl start docker`, and be in its group: `sudo usermod -aG docker $USER`" if broken else \
        "`sudo apt-get install podman runc` (Debian, Ubuntu) or `sudo dnf install podman` (Fedora)"
    return Finding(name="container engine", group="machine", ok=False, optional=True, fix=fix, detail=(
        f"{'; '.join(broken) or 'neither podman nor docker is installed'}: submissions can only be graded on this "
        "machine "
        "itself"))


def _gpu(gpus: Gpus) -> Finding:
    if gpus.refusal is None:
        names = ", ".join(one.name for one in gpus.found)
        return Finding(name="GPU", group="machine", ok=True, optional=True,
                       detail=f"{names}: assignments with `grader: gpu` or `any` can run on it")
    return Finding(name="GPU", group="machine", ok=False, optional=True, fix=gpus.fix, detail=(
        f"{gpus.refusal}: assignments with `grader: gpu` are left queued, `any` runs on the CPU"))


def _machine(seen: Seen) -> Finding:
    return Finding(name="machine", group="machine", ok=True, detail=(
        f"{seen.kernel.system}, kernel {seen.kernel.release}, {seen.cores} core{'s' * (seen.cores != 1)}, "
        f"Python {seen.python}" + (f", in a {seen.kernel.container} container" if seen.kernel.container else "")))


def _backend(seen: Seen) -> Finding:
    if seen.importable:
        bounds = "" if seen.backend == DEFAULT_BACKEND else (
            "; `autograder status` lists the assignments without bounds of its own, which use those of TensorFlow")
        return Finding(name="Keras backend", group="software", ok=True, detail=seen.backend + bounds)
    extra = "cpu" if seen.backend == DEFAULT_BACKEND else seen.backend
    fix = f"`pip install '.[{extra}]'`" + ("" if extra == "cpu" else ", or unset KERAS_BACKEND")
    return Finding(name="Keras backend", group="software", ok=False, fix=fix,
                   detail=f"{seen.backend} is not installed: no notebook can train")


def _packages(seen: Seen) -> Finding:
    missing = [name for name in NEEDED if name not in seen.packages]
    listed = ", ".join(f"{name} {version}" for name, version in seen.packages.items())
    return Finding(name="packages", group="software", ok=not missing,
                   detail=(f"{', '.join(missing)} missing; here are: " if missing else "") + (listed or "none"),
                   fix="`pip install --constraint requirements.lock '.[cpu]'`" if missing else None)


def _data(path: Path | None) -> Finding:
    if path is not None:
        return Finding(name=DefaultData.title, group="data", ok=True, detail=f"{path.name} in {path.parent}")
    return Finding(name=DefaultData.title, group="data", ok=False, optional=True, fix=(
        f"put {DefaultData.file} into the folder that course.yml's `data` or AUTOGRADER_DATA names; with a network, "
        f"`{DefaultData.download}` puts it into Keras's cache"),
        detail=f"{DefaultData.file} was not found: only the demo, the tests and `grade --stand-in` run, on the "
               "embedded digits")
