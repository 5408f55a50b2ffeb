"""Takes a learning platform's download into ``submitted/``: finds each file's owner, time and assignment.

    archive → layouts → owner → identify → moments → examine → choose → decide → store
"""

from autograder.pipeline.collect.intake import CollectOptions, collect
from autograder.pipeline.collect.layouts import Kind
from autograder.pipeline.collect.moments import TimesFrom

__all__ = ["CollectOptions", "Kind", "TimesFrom", "collect"]
