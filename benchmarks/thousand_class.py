"""What a class of any size hands in: of twenty, thirteen are right, four wrong, one hostile, one blank, one broken."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

from autograder.notebook import grade_id, source
from autograder.notebook.variants import Variant, apply_variant, parse_variant, solution_submission
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file
from autograder.workspace.layout import open_workspace
from benchmarks.faults_class import ASSIGNMENT, ROOT

Kind = Literal["right", "wrong", "hostile", "blank", "broken"]
PATTERN: tuple[Kind, ...] = ("right",) * 5 + ("wrong",) * 2 + ("right",) * 4 + ("hostile", "blank") + \
    ("right",) * 4 + ("wrong",) * 2 + ("broken",)
HOSTILE = ("leaves", "forged_files", "looks_around", "patches_the_libraries", "lying_arrays", "replaces_the_recorder",
           "hostile_objects", "memory_hog", "kills_its_parents", "stays_behind")
"""Of tests/samples/hostile: all but those that only wait until their time is over."""
Notebook = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Work:
    """One upload: its bytes, its kind, and the checks that it must not pass (None: all of them)."""

    content: bytes
    kind: Kind
    name: str
    loses: frozenset[str] | None = frozenset()


def hand_ins(course: Path, students: int) -> dict[str, Work]:
    """Return one upload per student of a released course, no two alike."""
    workspace = open_workspace(course)
    original = read_source(workspace.source(ASSIGNMENT))
    released: Notebook = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    variants = workspace.variants(ASSIGNMENT)
    solution = solution_submission(original, released)
    kinds: dict[Kind, Iterator[tuple[str, Notebook, frozenset[str] | None]]] = {
        "right": cycle([("solution", solution, frozenset()), *made(original, released, variants / "right")]),
        "wrong": cycle(made(original, released, variants / "wrong")),
        "hostile": cycle([one for one in made(original, released, ROOT / "tests" / "samples" / "hostile")
                          if one[0] in HOSTILE]),
        "blank": cycle([("blank", released, None)]),
    }
    broken = cycle(broken_files(as_file(solution)).items())
    uploads = {}
    for number, kind in zip(range(1, students + 1), cycle(PATTERN), strict=False):
        if kind == "broken":
            name, content = next(broken)
            work = Work(content=content, kind=kind, name=name, loses=None)
        else:
            name, notebook, loses = next(kinds[kind])
            work = Work(content=as_file(signed(notebook, number)), kind=kind, name=name, loses=loses)
        uploads[f"student{number:04d}"] = work
    return uploads


def made(original: Notebook, released: Notebook, folder: Path) -> list[tuple[str, Notebook, frozenset[str] | None]]:
    """Return name, notebook and lost checks of each variant in a folder."""
    variants: list[Variant] = [
        parse_variant(path.read_text(encoding="utf-8"), path.stem, "right" if folder.name == "right" else "wrong")
        for path in sorted(folder.glob("*.py"))]
    return [(one.name, apply_variant(original, one, released), frozenset(one.loses)) for one in variants]


def signed(notebook: Notebook, number: int) -> Notebook:
    """Return the notebook with a comment of the student's own, so that no two hand-ins are the same bytes."""
    own = copy.deepcopy(notebook)
    cell = next(cell for cell in own["cells"] if grade_id(cell) == "scale")
    cell["source"] = f"{source(cell)}\n# hand-in {number}"
    return own


def broken_files(right: bytes) -> dict[str, bytes]:
    """Return files under the name of a notebook that are none."""
    return {
        "empty": b"", "cut": right[: len(right) // 2], "markdown": b"# My notes\n\nReshape first.\n",
        "zip": b"PK\x03\x04" + bytes(200), "list": b"[1, 2, 3]", "page": b"<!doctype html><title>Sign in</title>",
    }
