"""Run as a script: ``tight.py <budgets as JSON> <arguments of autograder>``, with less time for some readers."""

from __future__ import annotations

import json
import sys

from autograder.cli import main
from autograder.pipeline.reading.budgets import BUDGETS
from autograder.readers import Budget

if __name__ == "__main__":
    for step, seconds in json.loads(sys.argv[1]).items():
        BUDGETS[step] = Budget.model_validate({**BUDGETS[step].model_dump(), "seconds": seconds})
    sys.argv[1:] = sys.argv[2:]
    main()
