"""The judge's container: the whole chain for the course mounted there, with notebooks run by the runner.

It contains hidden checks, reference, labels and submissions, and never a process with student code.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import BinaryIO

from autograder.pipeline.containers.runner_pool import ContainerPool
from autograder.pipeline.grade.batch import grade_assignment, summarize
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.grade.results import Grading
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


def judge_assignment(
    workspace: Workspace, assignment: str, inbound: BinaryIO, outbound: BinaryIO, options: RunOptions,
    reporter: Reporter,
) -> Grading:
    """Grade every collected submission of one assignment; each result is stored as soon as it is made.

    The gradebook is the host's.

    Args:
        inbound, outbound: the runner's end of the wire.

    Raises:
        ExecutionError: the runner was lost; what was graded before is kept, and the same call grades the rest.
        AutograderError: as `autograder grade`.
    """
    workspace.course.assignment(assignment)  # an unknown assignment is an error, not an empty class
    options = replace(options, open_pool=partial(ContainerPool, inbound, outbound))
    return summarize(grade_assignment(workspace, assignment, options, reporter, Recording(workspace, wanted=False)))
