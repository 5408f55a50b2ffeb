"""What nbgrader's gradebook says about one submission: the part of a grade that people have a hand in. Pure."""

from __future__ import annotations

from pydantic import Field

from autograder.model import Value


class CellMarks(Value):
    """One grade cell. nbgrader counts ``manual`` where there is one, else ``automatic``, plus ``extra``."""

    cell: str
    points: float = Field(description="the most that the cell is worth")
    automatic: float | None = Field(None, description="the newest automatic points")
    manual: float | None = Field(None, description="points that a person gave, or an earlier grade that is held")
    extra: float | None = Field(None, description="extra credit")
    open: bool = Field(False, description="a person has to look at it")
    held: float | None = Field(None, description="the earlier grade, where grading again would have lowered it")
    comment: str | None = Field(None, description="what a person wrote at the task's answer")

    @property
    def counted(self) -> float | None:
        """The points that nbgrader counts, None where it has none and counts 0."""
        base = self.manual if self.manual is not None else self.automatic
        return base if self.extra is None else (base or 0.0) + self.extra


class Marks(Value):
    """One submission in the gradebook.

    ``penalty`` follows from the points as they are now and from the deadline as it is now, with every extension.
    """

    cells: tuple[CellMarks, ...] = ()
    penalty: float = 0.0
    handed_in: str | None = Field(None, description="ISO 8601 in UTC without a zone, as nbgrader writes it; None: no "
                                                    "time that may cost points")
    due: str | None = Field(None, description="the student's own deadline, with every extension, in the same way")
    extended: bool = Field(False, description="it is later than that of the class")

    def cell(self, name: str) -> CellMarks | None:
        """Return the marks of one grade cell, None where the gradebook has none."""
        return next((cell for cell in self.cells if cell.cell == name), None)
