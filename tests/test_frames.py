"""Calls are fast wherever they stand."""

from __future__ import annotations

import json
import subprocess
import sys

from autograder.frames import with_large_frame

CALLS = 2000
# Every piece that the interpreter asks the kernel for is touched at once, so page faults count them. No times here.
WORST = f"""
import json, resource
from autograder.frames import with_large_frame

def leaf(a, b, c, d):
    return a

def faults(depth):
    if depth:
        return faults(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in range({CALLS}):
        leaf(1, 2, 3, number)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def worst():
    return max(faults(depth) for depth in range(300))

print(json.dumps([worst(), with_large_frame(worst)()]))
"""


def test_no_depth_asks_the_kernel_for_room_at_every_call():
    done = subprocess.run([sys.executable, "-c", WORST], capture_output=True, check=True)
    plain, in_one_piece = json.loads(done.stdout)
    assert plain >= CALLS, "this interpreter keeps frames in another way: `with_large_frame` may be superfluous"
    assert in_one_piece < CALLS / 20


def test_arguments_results_and_errors_pass():
    assert with_large_frame(divmod)(7, 2) == (3, 1)
    assert with_large_frame(sorted)([2, 1], reverse=True) == [2, 1]
    try:
        with_large_frame(int)("x")
    except ValueError as error:
        assert "'x'" in str(error)
    else:
        raise AssertionError("no error")
