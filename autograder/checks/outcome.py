"""How a check reports what it found and on what evidence: three exceptions, and a record of the evidence used.

A check that returns has passed. Any other outcome is an exception: one of these three, or the grader's fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.model import Basis, LayerRow


class CheckFailed(AssertionError):
    """The student's work does not meet the check: three parts, each a sentence or less.

    Attributes:
        seen: what was found, e.g. ``"`X_train` has shape (60000, 28, 28)."``
        expected: what the task requires.
        hint: what that usually means; None where there is nothing to add.
        layers: the student's layers and the required ones, where the check compared them.
        marks: what was wrong, in a form that is equal wherever the same mistake was found.
    """

    def __init__(self, seen: str, expected: str | None = None, hint: str | None = None, *,
                 layers: tuple[LayerRow, ...] = (), marks: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(part for part in (seen, expected, hint) if part))
        self.seen = seen
        self.expected = expected
        self.hint = hint
        self.layers = layers
        self.marks = marks


class Unjudged(Exception):
    """The work cannot be judged by a machine: its points are withheld until a person decides.

    ``reason`` is one sentence for the student, ``staff_note`` one for staff only.
    """

    def __init__(self, reason: str, staff_note: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.staff_note = staff_note


class Consequence(Unjudged):
    """The work cannot meet the check, since what it builds on never happened: a check of an earlier step blocks it.

    ``otherwise`` is the outcome where no check of an earlier step failed.
    """

    def __init__(self, otherwise: CheckFailed | Unjudged) -> None:
        super().__init__(str(otherwise), "what this check looks at builds on a step that did not happen")
        self.otherwise = otherwise


def holds(assertion: Callable[[], object]) -> bool:
    """Whether an assertion holds, where the check continues either way: ``holds(lambda: network.contains("Dropout"))``.

    The evidence that it used counts for the check. `Unjudged` and mistakes in the check itself are raised as usual,
    since neither answers the question.
    """
    try:
        assertion()
    except CheckFailed:
        return False
    return True


class Evidence:
    """Which kinds of evidence the assertions of one check have used."""

    def __init__(self) -> None:
        self._claims: list[str] = []
        self._measurements: list[str] = []
        self._values: dict[str, float] = {}
        self._constants: dict[str, float] = {}

    def note(self, basis: Basis, assertion: str) -> None:
        """Record that ``assertion`` used evidence of this basis."""
        (self._claims if basis is Basis.CLAIMED else self._measurements).append(assertion)

    def measure(self, metric: str, value: float, constant: float | None = None) -> None:
        """Keep a number that the check measured itself, for the calibration.

        Args:
            constant: what one answer for every row reaches; None where it is unknown.
        """
        self._values[metric] = value
        if constant is not None:
            self._constants[metric] = constant

    @property
    def constants(self) -> Mapping[str, float]:
        """What a constant answer reaches, by metric."""
        return dict(self._constants)

    @property
    def measured(self) -> Mapping[str, float]:
        """Numbers that the check measured itself, by metric."""
        return dict(self._values)

    @property
    def claims(self) -> tuple[str, ...]:
        """Assertions that only repeated what the student's process says."""
        return tuple(dict.fromkeys(self._claims))

    @property
    def weakest(self) -> Basis | None:
        """The weakest basis used; None while no assertion was made."""
        if self._claims:
            return Basis.CLAIMED
        return Basis.MEASURED if self._measurements else None
