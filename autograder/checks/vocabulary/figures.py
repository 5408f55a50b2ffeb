"""Assertions about figures, counted among the outputs of the executed notebook."""

from __future__ import annotations

from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.subject import Subject, claimed


class FiguresSubject(Subject):
    """The figures that the cells of one task show."""

    def __init__(self, task: str, count: int, evidence: Evidence) -> None:
        super().__init__(task, evidence)
        self.count = count

    @claimed
    def at_least(self, count: int) -> None:
        """The cells of the task show this many figures or more; two plots in one figure are one."""
        if self.count < count:
            seen = (
                "No figure was" if self.count == 0 else f"{self.count} figure{' was' if self.count == 1 else 's were'}"
            )
            raise CheckFailed(f"{seen} shown by this step.", f"At least {count} figure{'' if count == 1 else 's'}.",
                              "End each plot with `plt.show()`, so that the next one starts a figure of its own.")
