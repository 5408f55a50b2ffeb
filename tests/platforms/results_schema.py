"""A JSON Schema of `results.json` as Gradescope documents it, and nothing that its documentation does not name.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (output format, leaderboards).
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
POINTS = {"type": "number", "minimum": 0}
TEST = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "score": POINTS, "max_score": POINTS, "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string", "minLength": 1}, "name_format": FORMAT, "number": {"type": "string"},
        "output": {"type": "string"}, "output_format": FORMAT,
        "tags": {"type": "array", "items": {"type": "string"}}, "visibility": VISIBILITY,
        "extra_data": {"type": "object"},
    },
    "dependentRequired": {"score": ["max_score"]},
}
COLUMN = {
    "type": "object", "additionalProperties": False, "required": ["name", "value"],
    "properties": {"name": {"type": "string", "minLength": 1}, "value": {"type": ["number", "string"]},
                   "order": {"enum": ["asc", "desc"]}},
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object", "additionalProperties": False, "required": ["score", "output", "stdout_visibility", "tests"],
    "properties": {
        "score": POINTS, "execution_time": {"type": "integer", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT, "test_output_format": FORMAT, "test_name_format": FORMAT, "visibility": VISIBILITY,
        "stdout_visibility": {"const": "hidden"},  # what graders print is for staff only
        "extra_data": {"type": "object"}, "tests": {"type": "array", "items": TEST},
        "leaderboard": {"type": "array", "minItems": 1, "items": COLUMN},
    },
}


def faults(results: Any) -> list[str]:
    """Return what of a `results.json` is not as documented, with its place."""
    found = Draft202012Validator(SCHEMA).iter_errors(results)
    return sorted(f"{error.json_path}: {error.message}" for error in found)
