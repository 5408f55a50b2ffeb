"""Grading in two containers, one that runs students' code and one that judges."""

from autograder.pipeline.containers.judge import judge_assignment
from autograder.pipeline.containers.run import ContainerOptions, grade_in_containers
from autograder.pipeline.containers.runner import serve

__all__ = [
    "ContainerOptions",
    "grade_in_containers",
    "judge_assignment",
    "serve",
]
