"""Grades submissions as they arrive, with processes that stay warm.

    scan → arrivals → inbox (collect) → line (whose turn) → grade → gradebook → page, status
"""

from autograder.watch.inbox import Source
from autograder.watch.line import Ending
from autograder.watch.watch import WatchOptions, watch

__all__ = ["Ending", "Source", "WatchOptions", "watch"]
