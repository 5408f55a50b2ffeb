"""What every child is forked with, before any program is loaded."""

from __future__ import annotations

import subprocess
import sys


def test_the_warm_process_itself_loads_nothing_that_acts_at_a_fork() -> None:
    """`logging` takes locks around every fork, in Python: a KeyboardInterrupt that arrives there is lost."""
    code = "import autograder.sandbox.child.zygote, sys; print(sorted({'logging', 'packaging'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
