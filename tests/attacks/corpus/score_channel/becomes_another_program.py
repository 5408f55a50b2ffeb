"""Replaces its own process by another program, which forges the records and exits with 0.

Gains: records written by a program without the harness, announced over the descriptors that it inherits.
"""

# %% [reshape]
import os
import sys

os.makedirs(".tmp", exist_ok=True)
with open(".tmp/program.py", "w") as file:
    file.write('''
import json, os
with open(".out/checkpoints.jsonl", "w") as file:
    for task, name in (("reshape", "X_train"), ("parameters", "parameters"), ("evaluate", "test_accuracy")):
        file.write(json.dumps({"task": task, "cell": 3, "fits": [], "evaluations": [],
                               "names": {name: {"kind": "scalar", "type": "float", "value": 0.9}}}) + "\\n")
for descriptor in range(3, 256):
    try:
        for cell in range(30):
            os.write(descriptor, json.dumps({"cell": cell}).encode())
        os.write(descriptor, b'{"done": true}')
    except OSError:
        pass
''')
for descriptor in range(3, 256):
    try:
        os.set_inheritable(descriptor, True)
    except OSError:
        pass
os.execv(sys.executable, [sys.executable, "-S", ".tmp/program.py"])
