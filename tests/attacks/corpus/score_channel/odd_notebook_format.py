"""Hands in cells whose parts have the wrong types: sources that are numbers and trees, metadata that is a list, no ids.

Gains: a reader that halts the batch, or takes such a cell for a right answer.
"""

FILE = "raw"

import json


def upload(path, released):
    odd = [{"cell_type": "code", "source": ["X_train = 1", 7, None, {"a": 1}], "metadata": [], "outputs": {}},
           {"cell_type": "heading", "level": 99, "source": "x", "metadata": {}},
           {"cell_type": ["code"], "source": 13, "metadata": {"nbgrader": []}, "id": {"a": 1}},
           {"cell_type": "code", "source": "1", "metadata": {"nbgrader": {"grade_id": ["reshape"], "points": "NaN",
            "solution": "true", "schema_version": 99}}, "outputs": [{"output_type": "error"}], "id": "x" * 5_000},
           None, 13, "cell", []]
    released["cells"] += odd
    path.write_text(json.dumps(released | {"nbformat": 4, "nbformat_minor": 10**30, "worksheets": [{"cells": odd}]}))
