"""One thing to try for a check that has not passed, chosen by the words of what was seen. Pure."""

from __future__ import annotations

import re

from autograder.model import CheckResult, Status

_NAME = re.compile(r"`([A-Za-z_]\w{0,60})`")
_BY_WORDS: tuple[tuple[str, str], ...] = (
    (r"Nothing was written", "Write your answer under `# YOUR CODE HERE`, even a part of it: each check counts alone."),
    (r"There is no ", "Restart the kernel, run all cells, and type the name into a new cell: is it spelled so?"),
    (r"is not compiled|is compiled with", "Compare the arguments of `{name}.compile(` with those in the task."),
    (r"was never trained|did not run to its end|starting weights",
     "Search your notebook for `{name}.fit(`: is it there, under this name, and does it run to its end?"),
    (r"standardized|pixel values|mean|deviation", "Print `{name}.mean()` and `{name}.std()` at the end of your cell."),
    (r"has shape|has \d+ rows|has length", "Print `{name}.shape` at the end of your cell and compare."),
    (r"dtype|of the type", "Print `{name}.dtype` at the end of your cell."),
    (r"^Layer \d|layers?\b|parameters", "Call `{name}.summary()` at the end of your cell and compare it row by row."),
    (r"^Accuracy|accuracy", "Print mean and deviation of what goes into `fit`, and see which model is trained."),
    (r"figure|curve|legend|label", "Run the cell by itself after a restart: what do you see below it?"),
    (r"epoch|batch", "Look at the arguments of the call of `fit`: each is named in the task."),
)
_STOPPED = "Run this cell by itself after a restart: the first error is the one that counts."
_AGAIN = "Restart the kernel, run all cells from the top, and look at this value right after your cell."
_SUBJECT = "your_variable"


def to_try(check: CheckResult) -> str | None:
    """Return one thing that a student can do next, None where it is not the student's turn."""
    if check.status is not Status.FAILED:
        return None
    if "stopped with" in (check.hint or ""):
        return _STOPPED
    seen = check.seen or ""
    name = _NAME.search(seen)
    for words, sentence in _BY_WORDS:
        if re.search(words, seen) and (name or "{name}" not in sentence):
            return sentence.replace("{name}", name[1] if name else _SUBJECT)
    return _AGAIN
