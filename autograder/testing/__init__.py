"""Fakes for tests of code that uses the grader: a pool, a check server, a small course, a session made of them.

Nothing here starts a process, so such tests take milliseconds::

    workspace = make_course(tmp_path)
    session = make_session(workspace, pool=FakePool([Ending.LOST, Ending.COMPLETED]))
    result = grade_submission(session, make_receipt("ada"), merged=make_merged(session))
"""

from autograder.testing.fakes import FakeCheckServer, FakePool, make_checks
from autograder.testing.sessions import make_layout, make_merged, make_session, make_slots
from autograder.testing.small_course import ASSIGNMENT, SPECS, make_course, make_notebook, make_receipt

__all__ = [
    "ASSIGNMENT",
    "SPECS",
    "FakeCheckServer",
    "FakePool",
    "make_checks",
    "make_course",
    "make_layout",
    "make_merged",
    "make_notebook",
    "make_receipt",
    "make_session",
    "make_slots",
]
