"""What ``graders`` of course.yml says about containers: image, cores, memory, and how many submissions fit in."""

from __future__ import annotations

from typing import Final

from autograder.container.engine import Bounds, Target
from autograder.course import Course, Grader

IMAGE: Final = "localhost/autograder:{target}"
WARM_MIB: Final = 1024
"""Memory of the runner's container for the warm process that holds Keras, which is no submission's."""


def image_of(course: Course | None, target: Target, asked: str | None = None) -> str:
    """Return the name of the image: as asked for, else that of the grader in course.yml, else the usual one."""
    grader = course.graders.get(target) if course is not None else None
    return asked or (grader.image if grader else None) or IMAGE.format(target=target)


def bounds_of(course: Course, target: Target) -> Bounds:
    """Return what a container may take of the machine."""
    grader = course.graders.get(target, Grader())
    return Bounds(cpus=grader.cpus, memory_mib=grader.memory_mib)


def lanes_option(course: Course, assignment: str, target: Target) -> tuple[str, ...]:
    """Return the judge's option for how many submissions fit into the runner's memory, next to its warm process."""
    grader = course.graders.get(target)
    if grader is None or grader.memory_mib is None:
        return ()
    return (f"--lanes={grader.most_at_once(course.assignment(assignment).limits, reserve_mib=WARM_MIB)}",)
