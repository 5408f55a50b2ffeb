"""The judge's container: the whole chain on the course that is mounted there, with notebooks run by the runner.

It holds hidden checks, reference, labels and submissions, and never a process with student code.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, BinaryIO

from autograder.errors import ExecutionError
from autograder.model import Isolation, Receipt, Result
from autograder.pipeline.containers.runner_pool import ContainerPool
from autograder.pipeline.grade.batch import grade_submission, run_in_lanes
from autograder.pipeline.grade.best_attempt import grade_attempts
from autograder.pipeline.session.session import beside_of, lanes_of, open_context, placed
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


def judge(
    workspace: Workspace, assignment: str, inbound: BinaryIO, outbound: BinaryIO, *, reporter: Reporter,
    students: Sequence[str] = (), lanes: int | None = None, force: bool = False, allow_stand_in: bool = False,
    isolation: Isolation | None = None,
) -> list[Result]:
    """Grade every collected submission of one assignment; each result is on disk as soon as it is made.

    Args:
        inbound, outbound: the runner's end of the wire.
        students: only these; empty: everyone.

    Raises:
        ExecutionError: the runner was lost; what was graded before is kept, and the same call goes on from there.
        AutograderError: as `autograder grade`.
    """
    placement = placed(workspace, assignment)
    lanes = placement.lanes(lanes_of(lanes))
    beside = placement.beside(lanes, beside_of(lanes))
    pools: list[ContainerPool] = []

    def make_pool(**settings: Any) -> ContainerPool:
        pools.append(ContainerPool(inbound, outbound, **settings))
        return pools[0]

    receipts = [receipt for receipt in workspace.receipts(assignment)
                if not students or receipt.student in students]
    results = []
    with (
        open_context(workspace, assignment, lanes=lanes, beside=beside, allow_stand_in=allow_stand_in,
                     isolation=isolation, reporter=reporter, make_pool=make_pool,
                     placement=placement, refits=True) as context,
        reporter.task(f"grade {assignment}", len(receipts)) as bar,
    ):
        def work(receipt: Receipt) -> Result:
            return grade_attempts(context, receipt, partial(grade_submission, force=force))

        for result in run_in_lanes(work, receipts, lanes + beside, context.stop):
            bar.advance(result.student)
            results.append(result)
            if pools[0].lost:
                raise ExecutionError("The runner container was lost; what was graded until then is kept.")
    return results
