"""The figures of one task: what is known about them, and how an assertion fails or leaves its answer to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.artifacts import Drawn
from autograder.artifacts import Field as Axes
from autograder.checks.blocking import BLANK
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.subject import Subject, claimed

Curves = Mapping[str, Sequence[float]]
UNREAD = "What this figure shows could not be read by the grader, so a person will look at it."
PRINTED = 100
"""The fewest characters that a cell prints if it prints numbers in place of a figure."""
END = "End each plot with `plt.show()`, so that the next one starts a new figure."


@dataclass(frozen=True, kw_only=True)
class FigureRecord:
    """What is known about the figures of one task.

    Attributes:
        figures: of the task's own cells.
        elsewhere: of other answers; a plot that is drawn there counts as drawn.
        printed: characters that the task's cells printed.
        whole: whether the record has all figures.
        blank: whether nothing was written into the task's cells.
        curves: name of a history → its curves, or those of all trainings so far where no history has the name.
        untrained: whether there is no history of a name because its training never ran to its end.
    """

    figures: Sequence[Drawn]
    elsewhere: Sequence[Drawn] = ()
    printed: int = 0
    whole: bool = True
    blank: bool = False
    curves: Callable[[str], Sequence[Curves]] = lambda _: ()
    untrained: Callable[[str], bool] = lambda _: False


class DrawnSubject(Subject):
    """The figures that the cells of one task show, and those of other answers."""

    def __init__(self, task: str, evidence: Evidence, record: FigureRecord) -> None:
        super().__init__(task, evidence)
        self.figures = tuple(record.figures)
        self._elsewhere = tuple(record.elsewhere)
        self._printed = record.printed
        self._whole = record.whole
        self._blank = record.blank
        self._curves = record.curves
        self._untrained = record.untrained

    @property
    def count(self) -> int:
        """How many figures the task's cells show."""
        return len(self.figures)

    def any(self) -> bool:
        """Whether any answer shows a figure."""
        return bool(self._all())

    @claimed
    def at_least(self, count: int) -> None:
        """The cells of the task show this many figures or more; two plots in one figure are one."""
        if self.count < count:
            if not self._whole:
                raise Unjudged(UNREAD, "there were more figures than the record has room for")
            seen = (
                "No figure was" if self.count == 0 else f"{self.count} figure{' was' if self.count == 1 else 's were'}"
            )
            raise self._failed(f"{seen} shown by this step.", f"At least {count} figure{'' if count == 1 else 's'}.",
                              END)

    def _something(self, or_printed: bool = False) -> None:
        """Fail where no figure is there at all."""
        if self._all():
            return
        if or_printed and self._printed >= PRINTED:
            raise Unjudged("No figure was shown; where the numbers were printed instead, a person will look at them.",
                           f"the cells printed {self._printed:,} characters")
        self.at_least(1)

    def _failed(self, seen: str, expected: str, hint: str | None = None) -> CheckFailed:
        return CheckFailed(BLANK) if self._blank and not self.figures else CheckFailed(seen, expected, hint)

    def _refuse(self, doubt: bool, seen: str, expected: str, hint: str) -> None:
        if doubt or self._unread():
            raise Unjudged(UNREAD, seen)
        raise self._failed(seen, expected, hint)

    def _doubt(self, figures: Sequence[Drawn]) -> None:
        if self._unread() or any(figure.picture for figure in figures):
            raise Unjudged(UNREAD, "a picture that matplotlib did not draw, or more figures than were recorded")

    def _unread(self) -> bool:
        return not self._whole or any(figure.picture for figure in self._all())

    def _all(self) -> tuple[Drawn, ...]:
        """Return the task's figures, and after them those of other answers."""
        return (*self.figures, *self._elsewhere)

    def _drawn_here(self) -> tuple[Drawn, ...]:
        return self.figures or self._elsewhere

    @staticmethod
    def _fields(figures: Sequence[Drawn]) -> list[Axes]:
        return [field for figure in figures for field in figure.fields]
