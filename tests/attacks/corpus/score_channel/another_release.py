"""Hands in a notebook that says it is of another release, another assignment and another schema of metadata.

Gains: to be merged with a skeleton of its choice, such as one without tests or with the answers.
"""

FILE = "raw"

import json


def upload(path, released):
    released["metadata"]["autograder"] = {"assignment": "../solution", "release": "0" * 64, "schema": 10**9,
                                          "releases": {"0" * 64: released["cells"]}, "points": 1000}
    for cell in released["cells"]:
        cell["metadata"]["autograder"] = {"continue": ["X_train", "X_test"], "sizes": True, "title": "<b>13</b>"}
    path.write_text(json.dumps(released))
