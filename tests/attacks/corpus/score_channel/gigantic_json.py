"""Writes records of many megabytes: very deep, very wide, with one endless line and a million names.

Gains: a grader that runs out of time, memory or stack while it reads.
"""
FLAGGED = True

# %% [error-rate]
import json

with open(".out/checkpoints.jsonl", "w") as file:
    file.write("[" * 1_000_000 + "\n")
    file.write('{"a":' * 100_000 + "1" + "}" * 100_000 + "\n")
    names = ", ".join(f'"n{number}": {{"kind": "scalar", "type": "int", "value": 1}}' for number in range(100_000))
    file.write(f'{{"task": "reshape", "cell": 3, "fits": [], "evaluations": [], "names": {{{names}}}}}\n')
with open(".out/messages.jsonl", "w") as file:
    file.write(json.dumps({"cell": 3, "type": "stream", "content": {"name": "stdout", "text": "x" * 12_000_000}}) + "\n")
with open(".out/cells.jsonl", "w") as file:
    file.write("x" * 5_000_000)
