"""What nbgrader's own commands and formgrader's buttons do in a course: the same as ours.

nbgrader finds these classes by the names in `autograder.gradebook.nbgrader_config`. Importing them imports nbgrader.
"""

from autograder.platforms.nbgrader_verbs.exchange_collect import CourseCollect
from autograder.platforms.nbgrader_verbs.export_plugin import CourseExport
from autograder.platforms.nbgrader_verbs.page_exporter import PageExporter
from autograder.platforms.nbgrader_verbs.release_exporter import ReleaseExporter

__all__ = ["CourseCollect", "CourseExport", "PageExporter", "ReleaseExporter"]
