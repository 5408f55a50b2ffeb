"""What the files and folders of a course are called; where they are is said by `autograder.workspace.layout`."""

from __future__ import annotations

from autograder.course.source import FILE

COURSE_FILE = FILE
REQUIREMENTS_LOCK = "requirements.lock"
RESULT = "result.json"
EXECUTED = "executed.ipynb"
EXECUTION = "execution.json"
CURVES = "curves.json"
ARTIFACTS = "artifacts"
PREDICTIONS = "predictions"
MISREAD = "misread.json"
REFIT = "refit.json"
CONTINUED = "continued"
"""All of these are in the folder of a result. This one has, for each task that went wrong, the run that continued from
the correct arrays, with the same files."""
HISTORY = "history.jsonl"
"""Next to a result: every change of its grade. It stays when another run replaces the other files."""
GIVEN = "given.json"
"""In each of those: what was given to the run."""
RECEIPT = "receipt.json"
UPLOADS = ".uploads"
TIMESTAMP = "timestamp.txt"
"""nbgrader's own file with the time of a hand-in."""
EXCHANGE_KEY = "submission_secret.txt"
"""nbgrader's own file: only who knows its content finds the feedback in the exchange."""
LTI_STATE = "lti.json"
"""In the output folder: which scores a platform has."""
CACHE = ".cache"
IGNORED = ".gitignore"
VARIANTS = "variants"
"""In the output folder: each student's copy of a released notebook."""
VARIANTS_KEY = ".variants-secret"
"""In the course, for its staff only: with another one all students would have other numbers."""
DATA_VARIABLE = "AUTOGRADER_DATA"
