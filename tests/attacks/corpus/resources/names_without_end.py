"""Leaves 100,000 names behind, some of them like those that the checks ask for, and writes as many into a checkpoint.

Gains: a reader that compares each with every other.
"""

HONEST = []

# %% [reshape]
for number in range(100_000):
    globals()[f"X_trai{number}"] = number

# %% [one-hot]
import json

names = {f"Y_trai{number}": {"kind": "scalar", "type": "int", "value": number} for number in range(100_000)}
try:
    with open(".out/checkpoints.jsonl", "a") as file:
        for task in ("build", "parameters"):
            file.write(json.dumps({"task": task, "cell": 1, "names": names, "fits": [], "evaluations": []}) + "\n")
except OSError:
    pass
