"""From a download of a learning platform to ``submitted/``: whose, when, which, and nothing lost.

    archive → layouts → owner → identify → moments → examine → choose → decide → store
"""

from autograder.pipeline.collect.intake import CollectOptions, collect
from autograder.pipeline.collect.layouts import Kind
from autograder.pipeline.collect.moments import TimesFrom

__all__ = ["CollectOptions", "Kind", "TimesFrom", "collect"]
