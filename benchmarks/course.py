"""The short course: `mlp-digits` with one epoch for each of its three models, derived from this repository.

The task of the longer ReLU training goes, with its cells and checks, and the sizes cell says one epoch, so that the
network with dropout is trained for as long as the other two. Everything else is the real assignment, released by the
real chain.
"""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from autograder.model import Calibration, MetricSpread, Reference
from autograder.notebook import with_sizes
from autograder.notebook.variants import Variant, apply_variant, parse_variant, solution_submission

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "mlp-digits"
GONE = "relu-ten"
SIZES = {"EPOCHS": 1}
LEFT_OUT = frozenset({"objects"})
"""Right variants whose one-epoch ReLU history has other names than the solution's plots ask for."""
MINIMUMS = {"relu-fit/relu_model": 0.6, "dropout-fit/dropout_model": 0.5}
"""Far below what one epoch reaches on MNIST, so that no run is repeated for bad luck."""

REPLACED = {
    "relu_ten_history": "relu_history",
    ", {{ minimum.relu_ten_accuracy }} after `EPOCHS` epochs": "",
    "ten epochs": "one epoch",
}
"""Replaced in every text, code and prose, in this order."""

Notebook = dict[str, Any]


class NotShort(Exception):
    """The assignment changed in a way that these replacements do not know."""


def shorten_text(text: str) -> str:
    """Return a text of the assignment without the removed network.

    Raises:
        NotShort: a trace of it is left.
    """
    for old, new in REPLACED.items():
        text = text.replace(old, new)
    if "relu_ten" in text or GONE in text:
        raise NotShort(f"“{text[:80]}…” still speaks of the longer ReLU training; adapt benchmarks/course.py.")
    return text


def short_notebook(source: Notebook) -> Notebook:
    """Return the source notebook without the longer ReLU training, everything else with one epoch."""
    cells = []
    for cell in with_sizes(source, SIZES)["cells"]:
        name = str(cell["metadata"]["nbgrader"]["grade_id"])
        if name.removeprefix("test-").removeprefix("about-") != GONE:
            cells.append({**cell, "source": shorten_text("".join(cell["source"]))})
    return {**source, "cells": cells}


def short_checks(text: str) -> str:
    """Return one file of hidden checks without those of the removed task."""
    lines = text.splitlines(keepends=True)
    for function in reversed([node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]):
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        if any(GONE in ast.unparse(decorator) for decorator in function.decorator_list):
            del lines[first - 1 : function.end_lineno]
    return shorten_text("".join(lines))


def short_variant(variant: Variant) -> Variant:
    """Return a variant for the short course."""
    cells = tuple(cell.model_copy(update={"source": shorten_text(cell.source)})
                  for cell in variant.cells if cell.task != GONE)
    return variant.model_copy(update={"cells": cells})


def right_variants(root: Path = ROOT) -> tuple[Variant, ...]:
    """Return the right variants that have a short form."""
    folder = root / "reference" / ASSIGNMENT / "variants" / "right"
    found = [parse_variant(path.read_text(encoding="utf-8"), path.stem, "right") for path in sorted(folder.glob("*.py"))
             if path.stem not in LEFT_OUT]
    return tuple(short for variant in found if (short := short_variant(variant)).cells)


def short_reference(root: Path = ROOT) -> Reference:
    """Return a reference of the same data sets that only knows the lowered minimums."""
    real = Reference.from_json((root / "reference" / ASSIGNMENT / "reference.json").read_bytes())
    metrics = {
        name: MetricSpread(values=(minimum,), mean=minimum, deviation=0.0, tolerance_bound=minimum, coverage=0.999,
                           confidence=0.95, slack=0.0, minimum=minimum, false_fail=None)
        for name, minimum in MINIMUMS.items()
    }
    return Reference(assignment=ASSIGNMENT, calibrations={
        key: Calibration(data=one.data, device="cpu", versions=one.versions, calibrated_at="", runs=("by hand",),
                         sizes={**one.sizes, **SIZES}, metrics=metrics)
        for key, one in real.calibrations.items()
    })


def settings_of(text: str, assignments: Sequence[str] = (ASSIGNMENT,)) -> str:
    """Return ``course.yml`` with these assignments only."""
    settings = yaml.safe_load(text)
    for grader in settings.get("graders", {}).values():
        grader.pop("sizes", None)  # a profile that only other assignments have
    settings["assignments"] = {name: settings["assignments"][name] for name in assignments}
    settings.pop("students", None)
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


SECRET = "be" * 32


def write_course(folder: Path, root: Path = ROOT) -> None:
    """Write the short course, not yet released, into the new folder."""
    for name in ("assignments", "reference", "tests/hidden"):
        (folder / name / ASSIGNMENT).mkdir(parents=True)
    (folder / "course.yml").write_text(settings_of((root / "course.yml").read_text(encoding="utf-8")))
    origin = root / "assignments" / ASSIGNMENT
    shutil.copytree(origin, folder / "assignments" / ASSIGNMENT, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns(".*", "*.ipynb"))
    source = short_notebook(json.loads((origin / f"{ASSIGNMENT}.ipynb").read_bytes()))
    (folder / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(source, indent=1))
    for path in sorted((root / "tests/hidden" / ASSIGNMENT).glob("*.py")):
        (folder / "tests/hidden" / ASSIGNMENT / path.name).write_text(short_checks(path.read_text(encoding="utf-8")))
    (folder / "reference" / ASSIGNMENT / "reference.json").write_text(short_reference(root).to_json())
    write_secret(folder)


def write_secret(folder: Path) -> None:
    """Write the secret that decides which trainings are repeated: with another one, runs could not be compared."""
    sampling = folder / ".cache" / "sampling-secret"
    sampling.parent.mkdir()
    sampling.write_text(SECRET)


def submissions(
    source: Notebook, release: Notebook, count: int, variants: Sequence[Variant]
) -> dict[str, Notebook]:
    """Return ``count`` hand-ins by student: the solution and the right variants in turn, no two alike.

    All of them train all three models, so each costs what a full solution costs.
    """
    kinds: list[Variant | None] = [None, *variants]
    made = {}
    for number in range(1, count + 1):
        variant = kinds[(number - 1) % len(kinds)]
        notebook = (solution_submission(source, release) if variant is None
                    else apply_variant(source, variant, release))
        made[f"student{number:03d}"] = _signed(notebook, number)
    return made


def _signed(notebook: Notebook, number: int) -> Notebook:
    answer = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code"
                  and cell["metadata"].get("nbgrader", {}).get("solution"))
    answer["source"] = f"# hand-in {number}\n" + "".join(answer["source"])
    return notebook


def write_submissions(
    made: Mapping[str, Notebook], folder: Path, students: Iterable[str] | None = None, *, assignment: str = ASSIGNMENT
) -> None:
    """Write hand-ins as ``<student>/mlp-digits/mlp-digits.ipynb``."""
    for student in made if students is None else students:
        path = folder / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(made[student], indent=1, ensure_ascii=False), encoding="utf-8")
