"""Writes results with full marks under every name and in every folder where a grader might look for them.

Gains: full marks, if a file that student code can write were ever read as a result.
"""
FLAGGED = True

# %% [reshape]
import json
import os

full = {"schema_version": 1, "status": "graded", "score": 13, "max_score": 13, "complete": True, "withheld": 0,
        "student": "forged_result_files", "assignment": "digits-mini", "tests": [{"score": 13, "max_score": 13}]}
names = ("result.json", "results.json", "execution.json", "executed.ipynb", "curves.json", "reference.json",
         "receipt.json", "gradebook.db", ".OTTER_LOG", "results.pkl", "predictions/index.json", "artifacts/result.json")
folders = (".", "..", ".out", ".out/..", "/", "/tmp", "/data", "/results", "/autograder/results", os.path.expanduser("~"),
           "{{ output }}/results/forged_result_files/digits-mini", "{{ output }}", "{{ course }}", "{{ home }}")
for folder in folders:
    for name in names:
        path = os.path.join(folder, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                json.dump(full, file)
        except OSError:
            continue
