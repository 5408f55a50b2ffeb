"""What ``graders`` in course.yml sets for containers: image, cores, memory, and how many submissions fit."""

from __future__ import annotations

from typing import Final

from autograder.container.engine import Bounds, Target
from autograder.course import Course, Grader
from autograder.pipeline.session.placement import Placement, bounded
from autograder.sandbox.isolation import gpu
from autograder.workspace.layout import Workspace

IMAGE: Final = "localhost/autograder:{target}"
WARM_MIB: Final = 1024
"""Memory of the runner's container that the warm process with Keras needs, in addition to submissions."""


def image_of(course: Course | None, target: Target, requested: str | None = None) -> str:
    """Return the name of the image: the requested one, else that of the grader in course.yml, else the default."""
    grader = course.graders.get(target) if course is not None else None
    return requested or (grader.image if grader else None) or IMAGE.format(target=target)


def bounds_of(course: Course, target: Target) -> Bounds:
    """Return how much of the machine a container may use."""
    grader = course.graders.get(target, Grader())
    return Bounds(cpus=grader.cpus, memory_mib=grader.memory_mib)


def workers_option(course: Course, assignment: str, target: Target) -> tuple[str, ...]:
    """Return the judge's option for how many submissions fit into the runner's memory, next to its warm process."""
    grader = course.graders.get(target)
    if grader is None or grader.memory_mib is None:
        return ()
    return (f"--workers={grader.most_at_once(course.assignment(assignment).limits, reserve_mib=WARM_MIB)}",)


def bound_note(workspace: Workspace, assignment: str, target: Target, requested: int | None) -> str | None:
    """Return the sentence about ``--workers`` of a judge, which bounds them: its own words stay in its container."""
    placement = Placement(device=target)
    if target == "gpu":
        grader = workspace.course.graders.get(target, Grader())
        placement = Placement(device=target, gpus=gpu.installed().found[: grader.gpus or None], share=grader.share)
    return bounded(workspace, assignment, placement).bound_note(requested)
