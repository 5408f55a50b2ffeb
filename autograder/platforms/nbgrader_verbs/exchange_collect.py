"""`nbgrader collect`, and formgrader's button for it, collect as `autograder collect` does.

nbgrader's own collecting replaces the folder of a submission, with every earlier upload and receipt in it, and copies
whatever a student put next to the notebook, a forged receipt included.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import check_mode
from traitlets import Unicode

from autograder.errors import AutograderError
from autograder.pipeline.collect import CollectOptions, collect
from autograder.workspace.layout import open_workspace


class CourseCollect(ExchangeCollect):  # type: ignore[misc]  # nbgrader has no types
    """Collects one assignment from a folder that all users can reach."""

    course = Unicode("", help="The course folder.").tag(config=True)
    output = Unicode("", help="The folder of submitted/.").tag(config=True)

    def init_src(self) -> None:
        """Find the course's folder in the exchange."""
        if self.coursedir.course_id == "":
            self.fail("No course id is known: set CourseDirectory.course_id.")
        self.inbound_path = str(Path(self.root, self.coursedir.course_id, "inbound"))
        if not Path(self.inbound_path).is_dir():
            self.fail(f"Nothing can be collected: the exchange has no folder {self.inbound_path}; release an "
                      "assignment first.")
        if not check_mode(self.inbound_path, read=True, execute=True):
            self.fail(f"The folder {self.inbound_path} cannot be read: change its permissions.")

    def copy_files(self) -> None:
        """Take every upload; which one counts follows from course.yml."""
        here = Path(self.output or self.coursedir.root)
        workspace = open_workspace(Path(self.course or here), here)
        student = self.coursedir.student_id
        options = CollectOptions(kind="exchange", only=self.coursedir.assignment_id,
                                 only_student=None if student in ("", "*") else student)
        try:
            receipts = collect(workspace, Path(self.inbound_path), options=options, on_note=self.log.info)
        except AutograderError as error:
            self.fail(str(error))
            return
        for receipt in receipts:
            if receipt.accepted:
                self.log.info(f"Collected: {receipt.student} {receipt.assignment}, handed in {receipt.received_at}"
                              f"{'' if receipt.counts else ' (kept; another upload counts)'}")
            else:
                self.log.warning(f"Refused: {receipt.student} {receipt.assignment}: {receipt.reason}")
        if not receipts:
            self.log.warning(f"No submissions of {self.coursedir.assignment_id} to collect.")
