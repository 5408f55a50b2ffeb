"""Run as a script: ``tight.py <budgets as JSON> <arguments of autograder>``, with less time for some students' work.

The budgets are ``{step: [student, seconds]}``; a step keeps its own budget where neither its arguments name the folder
of the student nor the notebook has cells whose ids begin with the student.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from autograder.cli import main
from autograder.readers import Budget, Readers

_RUN = Readers.run


def tighten(budgets: dict[str, tuple[str, float]]) -> None:
    def run(self: Readers, step: str, arguments: dict[str, Any], what: str, *, payload: bytes, budget: Budget) -> Any:
        student, seconds = budgets.get(step, ("", budget.seconds))
        if f"/{student}/" in json.dumps(arguments) or f'"{student}-'.encode() in payload:
            budget = Budget.model_validate({**budget.model_dump(), "seconds": seconds})
        return _RUN(self, step, arguments, what, payload=payload, budget=budget)

    Readers.run = run  # type: ignore[method-assign, assignment]  # on purpose


if __name__ == "__main__":
    tighten(json.loads(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    main()
