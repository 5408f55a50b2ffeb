"""Every error that this package raises for a user to read.

The whole tree::

    AutograderError                 exit code 2 unless the subclass says otherwise
    ├── CourseError                 course.yml or the course folder is invalid
    ├── NotebookError               bytes that are not a usable notebook
    ├── SubmissionError             a submission that cannot be collected
    ├── ReleaseError                the source notebook, its checks and its reference are inconsistent
    ├── CalibrationError             the reference is missing, or made with other data or versions
    ├── ArtifactError               data from a student's process that breaks the format or a limit
    ├── ReadingError                reading a student's bytes took more than its budget
    ├── IsolationError              this machine cannot isolate, or isolation broke   (exit code 3)
    ├── ExecutionError              the grader's own process died                      (exit code 4)
    ├── ClusterError                no scheduler, or no worker that fits               (exit code 11)
    ├── GraderError                 no grader here for the device that is needed        (exit code 8)
    ├── CheckError                  the hidden checks cannot run
    ├── GradebookError              nbgrader's gradebook refused
    ├── WorksheetError              a platform's table that grades cannot be entered into
    ├── PlatformError               a learning platform that refused or did not answer  (exit code 10)
    │   └── PlatformUnreachable     it does not answer, or is overloaded
    ├── HubError                    the JupyterHub of a service is missing or refuses   (exit code 10)
    ├── StorageError                a disk is full, read-only or failing               (exit code 7)
    └── DataError                   a data set is missing or invalid

A message is one sentence that says what was expected, what was seen and what to do.
``AutograderError`` is caught in one place only, the CLI.
"""

from __future__ import annotations

from typing import ClassVar


class AutograderError(Exception):
    """Base of all errors meant for users; ``exit_code`` is the exit code of the CLI."""

    exit_code: ClassVar[int] = 2


class CourseError(AutograderError):
    """``course.yml`` or the course folder is invalid."""


class NotebookError(AutograderError):
    """Bytes that are not a usable notebook."""


class SubmissionError(AutograderError):
    """A submission that cannot be collected."""


class ReleaseError(AutograderError):
    """The source notebook, its checks and its reference are inconsistent."""


class CalibrationError(AutograderError):
    """The reference is missing, or was made with other data or another major version."""


class ArtifactError(AutograderError):
    """Data from a student's process that breaks the format or a limit."""


class ReadingError(AutograderError):
    """Reading what a student handed in, or left behind, took more than its budget: a person has to look at it."""


class IsolationError(AutograderError):
    """This machine cannot isolate student code, or the isolation could not be set up."""

    exit_code = 3


class ExecutionError(AutograderError):
    """A process of the grader itself died or sent a malformed answer."""

    exit_code = 4


class ClusterError(AutograderError):
    """The scheduler, a worker that fits, or the way to them is missing."""

    exit_code = 11


class GraderError(AutograderError):
    """An assignment is graded on a device that this machine does not have."""

    exit_code = 8


class CheckError(AutograderError):
    """The hidden checks cannot be collected or run."""


class GradebookError(AutograderError):
    """nbgrader's gradebook refused an operation."""


class WorksheetError(AutograderError):
    """A table of a learning platform that is damaged, of another assignment, or not recognized."""


class PlatformError(AutograderError):
    """A learning platform that cannot be reached, refuses, or answers with something else than its standard says."""

    exit_code = 10


class PlatformUnreachable(PlatformError):
    """A learning platform that does not answer, or that is overloaded."""


class HubError(AutograderError):
    """The JupyterHub that a service belongs to is not there, or refuses."""

    exit_code = 10


class StorageError(AutograderError):
    """A disk is full, read-only or failing, or this user may not write there."""

    exit_code = 7


class DataError(AutograderError):
    """A data set is missing, or is not what its name says."""
