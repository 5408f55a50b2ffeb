"""Hands in JSON in which keys stand twice, so that two readers see two notebooks: other cells, ids and points.

Gains: a notebook that is merged as one thing and run or recorded as another.
"""

FILE = "raw"

import json


def upload(path, released):
    text = json.dumps(released)
    text = text.replace('"locked": true', '"locked": false, "locked": true').replace(
        '"points": ', '"points": 1000, "points": ').replace('"grade_id": "reshape"',
        '"grade_id": "reshape", "grade_id": "error-rate"')
    path.write_text('{"cells": [], "metadata": {"autograder": {"score": 13}}, ' + text[1:-1] + ', "nbformat": 4, "cells": '
                    + json.dumps(released["cells"][:3]) + "}")
