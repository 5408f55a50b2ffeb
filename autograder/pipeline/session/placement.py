"""Which grader runs an assignment here: this machine's CPU, its GPUs, or none, so that its submissions wait.

| `grader:` in course.yml | with a usable GPU | without |
|---|---|---|
| `cpu` | CPU | CPU |
| `gpu` | GPU | waits |
| `any` | GPU where it is calibrated for the data, else CPU | CPU |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from autograder import calibration, data
from autograder.course import FULL, Assignment, Grader
from autograder.errors import GraderError
from autograder.model import Reference
from autograder.pipeline.session.course_files import data_files
from autograder.sandbox.isolation import gpu
from autograder.sandbox.isolation.gpu import Gpu, Gpus
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

Device = Literal["cpu", "gpu"]
CPU: Device = "cpu"
GPU: Device = "gpu"


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where submissions run, whose calibration they are compared with, and how many may run at the same time.

    ``most`` is the number that `cpus` and `memory` of the grader in course.yml allow; None: any.
    """

    device: Device = CPU
    gpus: tuple[Gpu, ...] = ()
    share: float = 1.0
    note: str | None = None
    most: int | None = None

    def workers(self, wanted: int) -> int:
        """Return how many of the ``wanted`` notebooks may run at the same time.

        No more than fit on the GPUs, and than the grader's `cpus` and `memory` allow.
        """
        fitting = min(wanted, gpu.per_gpu(self.share) * len(self.gpus)) if self.gpus else wanted
        return fitting if self.most is None else min(fitting, self.most)

    def bound_note(self, requested: int | None) -> str | None:
        """Return one sentence where fewer run at the same time than were requested; None: as many as requested."""
        if requested is None or self.workers(requested) == requested:
            return None
        most = self.workers(requested)
        what = "`cpus` and `memory` of the grader in course.yml allow" if self.most == most else "the GPUs take"
        return f"--workers {requested} was given, but {what} {most} at the same time, so {most} {_run(most)}."

    def spare(self, workers: int, wanted: int) -> int:
        """Return how many of the ``wanted`` submissions may be judged while ``workers`` notebooks run."""
        return wanted if self.most is None else max(0, min(wanted, self.most - workers))


def _run(number: int) -> str:
    return "runs" if number == 1 else "run"


ON_CPU = Placement()


def look() -> Gpus:
    """Return the GPUs of this machine. The only place that detects them: tests replace it."""
    return gpu.survey()


def place(
    workspace: Workspace, assignment: str, reference: Reference | None, *, stand_in: bool = False,
    look: Callable[[], Gpus] | None = None,
) -> Placement:
    """Return where submissions of an assignment run here.

    Args:
        reference: the assignment's calibrations; ``any`` uses a GPU only if there is one for it.
        stand_in: the embedded digits will be used although real data is available.
        look: finds the GPUs; None: those of this machine.

    Raises:
        GraderError: it is graded on a GPU, and no usable one is here.
    """
    found = _place(workspace, assignment, reference, stand_in=stand_in, survey=look or _look_here)
    return bounded(workspace, assignment, found)


def _look_here() -> Gpus:
    return look()


def bounded(workspace: Workspace, assignment: str, placement: Placement) -> Placement:
    """Return the placement with as many concurrent submissions as the grader's `cpus` and `memory` allow."""
    grader = workspace.course.graders.get(placement.device)
    if grader is None:
        return placement
    settings = workspace.course.assignment(assignment)
    limits = settings.profile(profile(workspace, settings, placement.device)).limits
    return replace(placement, most=grader.most_at_once(limits))


def _place(
    workspace: Workspace, assignment: str, reference: Reference | None, *, stand_in: bool, survey: Callable[[], Gpus]
) -> Placement:
    settings = workspace.course.assignment(assignment)
    if settings.grader == CPU:
        return ON_CPU
    grader = workspace.course.graders.get(GPU)
    if settings.grader == GPU:
        return on_gpus(assignment, grader, survey())
    name = _data_name(workspace, settings, stand_in=stand_in)
    used = gpu.backend_name()
    mine = reference.calibration(name, GPU, used) if reference else None
    other = reference.calibration(name, CPU, used) if reference else None
    if grader is None or mine is None:
        return ON_CPU  # a run on a GPU would have no calibration to compare with: no need to look for one
    if other is not None and not calibration.comparable(mine, other):
        return Placement(note=f"{assignment} runs on the CPU: its calibration for the GPU is for other data or sizes; "
                              f"run `autograder calibrate {assignment} --device gpu` on a machine with a GPU.")
    found = survey()
    if found.refusal is not None:
        return Placement(note=f"{assignment} runs on the CPU, as `grader: any` allows: {found.refusal}.")
    return on_gpus(assignment, grader, found)


def on_gpus(assignment: str, grader: Grader | None, found: Gpus) -> Placement:
    """Return the placement on the GPUs that were found, as many as course.yml allows.

    Raises:
        GraderError: there are none.
    """
    if found.refusal is not None or not found.found:
        raise GraderError(f"{assignment} is graded on a GPU, but {found.refusal or 'none was found here'}: "
                          f"{found.fix or 'run on a machine with one'}, then run the same command there.")
    grader = grader or Grader()
    return Placement(device=GPU, gpus=found.found[: grader.gpus or None], share=grader.share)


def for_calibration(workspace: Workspace, assignment: str, requested: Device | None) -> Placement:
    """Return where the solution runs for a calibration: on the assignment's device, or the requested one.

    Raises:
        GraderError: no submission is ever graded on that device, or it is not here.
    """
    settings = workspace.course.assignment(assignment)
    device = requested or (GPU if settings.grader == GPU else CPU)
    if settings.grader not in (device, "any"):
        raise GraderError(f"{assignment} should be calibrated on the {device}, but course.yml grades it with "
                          f"`grader: {settings.grader}`; calibrate it there, or write `grader: any`.")
    chosen = on_gpus(assignment, workspace.course.graders.get(GPU), look()) if device == GPU else ON_CPU
    return bounded(workspace, assignment, chosen)


def profile(workspace: Workspace, settings: Assignment, device: str, requested: str | None = None) -> str | None:
    """Return the profile of sizes in which a device runs an assignment, None for the notebook's own numbers.

    With `any`, both devices run the CPU's: students see one set of sizes and one bound.
    """
    grader = workspace.course.graders.get(CPU if settings.grader == "any" else device)
    wanted = requested or (grader.sizes if grader else None)
    return wanted if wanted == FULL or wanted in settings.sizes else None


def within_graders(
    workspace: Workspace, settings: Assignment, chosen: str | None, reporter: Reporter | None = None,
) -> Assignment:
    """Return an assignment as submissions run in a profile, with no more time than graders in course.yml give."""
    settings = settings.profile(chosen)
    note = workspace.course.time_note(settings)
    if note is not None and reporter is not None:
        reporter.note(note)
    return workspace.course.within_graders(settings)


def _data_name(workspace: Workspace, settings: Assignment, *, stand_in: bool) -> str:
    if settings.data == data.OWN:
        return data.OWN
    return data.STAND_IN if stand_in or not data_files(workspace, settings.data) else settings.data
