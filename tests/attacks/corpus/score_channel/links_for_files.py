"""Replaces the records by links to files of the machine, of the course and of a neighbour.

Gains: what the grader can read and the student cannot: secrets in the feedback, or another student's record as one's own.
"""
FLAGGED = True

# %% [reshape]
X_train = np.zeros((600, 784), "float32")

# %% [error-rate]
import os

neighbour = "{{ output }}/results/{{ neighbour }}/digits-mini/artifacts"
targets = {"messages.jsonl": "{{ course }}/tests/hidden/digits-mini/test_digits_mini.py", "cells.jsonl": "/etc/passwd",
           "checkpoints.jsonl": f"{neighbour}/checkpoints.jsonl", "rows-1.npz": f"{neighbour}/rows-1.npz",
           "model-1-1.json": f"{neighbour}/model-1-1.json", "weights-1-1.npz": f"{neighbour}/weights-1-1.npz",
           "probe-1-1.npz": f"{neighbour}/probe-1-1.npz", "calls-1.json": "/proc/self/environ"}
for name, target in targets.items():
    path = os.path.join(".out", name)
    if os.path.lexists(path):
        os.remove(path)
    os.symlink(target, path)
for target in ("/etc/passwd", "/data/mnist.npz"):
    try:
        os.link(target, ".out/hard-" + os.path.basename(target))
    except OSError:
        continue
