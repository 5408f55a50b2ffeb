"""From the bytes of a foreign notebook to everything that an import writes. Pure.

    read → recognise → read its parts → group them into tasks → make the source notebook → draft the checks
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograder import notebook
from autograder.course import DEFAULT_DATA, KERAS_NAMES, OWN
from autograder.errors import NotebookError, ReleaseError
from autograder.installed import EVERYWHERE
from autograder.notebook.code_names import parse
from autograder.pipeline.release.validate import check_source
from autograder.platforms.importing.assemble import assemble
from autograder.platforms.importing.cell_names import heading
from autograder.platforms.importing.drafts import Draft, checks_file, draft_checks
from autograder.platforms.importing.grouping import group
from autograder.platforms.importing.nbgrader_source import is_nbgrader, read_nbgrader
from autograder.platforms.importing.otter_marks import is_otter
from autograder.platforms.importing.otter_source import read_otter
from autograder.platforms.importing.parts import Findings, Part
from autograder.platforms.importing.plain_source import is_plain, read_plain

System = Literal["nbgrader", "otter"]
Kind = Literal["nbgrader", "otter", "plain"]


@dataclass(frozen=True, kw_only=True)
class Converted:
    """An assignment as it will be written.

    Attributes:
        notebook: the source notebook.
        checks: the text of the file with the drafts of hidden checks.
        data: the default data set where the notebook loads it, else ``own``.
    """

    kind: Kind
    title: str
    notebook: dict[str, Any]
    checks: str
    drafts: Sequence[Draft]
    data: str
    found: Findings

    @property
    def points(self) -> float:
        """The points of all tasks and written answers."""
        return sum(notebook.points(cell) for cell in self.notebook["cells"])


def convert(data: bytes, name: str, assignment: str, system: System) -> Converted:
    """Return the assignment that a notebook becomes.

    Args:
        data: the bytes of the file; no code in them is run.
        name: the file's name, for sentences.
        assignment: its id here.
        system: which one the person named.

    Raises:
        NotebookError: the bytes are no notebook.
        ReleaseError: it is no notebook of this system, or cannot be read as one.
    """
    found = Findings()
    foreign = notebook.read(data, name)
    kind = _recognised(foreign, name, system)
    _refuse_other_languages(foreign, name)
    items = group(_read(kind, foreign, found), found)
    made, tasks = assemble(items, found)
    if not any(notebook.points(cell) for cell in made["cells"]):
        raise ReleaseError(f"{name} has nothing that is graded: no answer with a test that has points, and no written "
                           "answer; name the notebook with the solutions, or give its tests points.")
    drafts = draft_checks(tasks, found)
    check_source(made)
    _look_at_imports(made, found)
    found.look.append("The entry in course.yml has no deadline yet: add `due`, and the limits if its training is long.")
    return Converted(kind=kind, title=_title(made, assignment), notebook=made, drafts=drafts, found=found,
                     checks=checks_file(assignment, name, drafts), data=_data(made))


def _recognised(foreign: dict[str, Any], name: str, system: System) -> Kind:
    """Return what a notebook was written for.

    Raises:
        ReleaseError: for the other system, or for none and without a place for an answer.
    """
    written_for: dict[System, bool] = {"nbgrader": is_nbgrader(foreign), "otter": is_otter(foreign)}
    if written_for[system]:
        return system
    other: System = "otter" if system == "nbgrader" else "nbgrader"
    if written_for[other]:
        raise ReleaseError(f"{name} is a notebook for {other}, not for {system}: run `autograder import {other}`.")
    if is_plain(foreign):
        return "plain"
    raise ReleaseError(f"Expected {name} to have nbgrader's metadata, the marks of `otter assign`, or cells with "
                       "`# YOUR CODE HERE`, `...` or nothing in them, but it has none: mark where students write.")


def _refuse_other_languages(foreign: dict[str, Any], name: str) -> None:
    kernel = foreign["metadata"].get("kernelspec")
    language = kernel.get("language", "python") if isinstance(kernel, dict) else "python"
    if isinstance(language, str) and language.lower() not in ("python", "python3", "ipython", ""):
        raise NotebookError(f"{name} is a notebook in {language[:40]}, but only Python is graded here.")


def _read(kind: Kind, foreign: dict[str, Any], found: Findings) -> list[Part]:
    if kind == "nbgrader":
        return read_nbgrader(foreign, found)
    if kind == "otter":
        return read_otter(foreign, found)
    found.done.append("The notebook is of neither system: its placeholders and empty cells became answers.")
    return read_plain(foreign, found)


def _title(made: dict[str, Any], assignment: str) -> str:
    texts = (notebook.source(cell) for cell in made["cells"] if cell["cell_type"] == "markdown")
    first = next((line for text in texts for line in text.splitlines() if line.lstrip().startswith("#")), "")
    title = heading(first) or assignment.replace("-", " ").capitalize()
    return "".join(char for char in title if char.isprintable())


def _data(made: dict[str, Any]) -> str:
    code = "\n".join(notebook.source(cell) for cell in made["cells"] if notebook.is_code(cell))
    others = [name for name in KERAS_NAMES if DEFAULT_DATA in name]
    loads = DEFAULT_DATA in code and "load_data" in code and not any(name in code for name in others)
    return DEFAULT_DATA if loads else OWN


def _look_at_imports(made: dict[str, Any], found: Findings) -> None:
    """Report packages that a grader may not have, and lines that need a network."""
    known = set(EVERYWHERE) | set(sys.stdlib_module_names)
    missing: set[str] = set()
    shell: list[str] = []
    for cell in filter(notebook.is_code, made["cells"]):
        text = notebook.source(cell)
        shell += [line.strip()[:60] for line in text.splitlines() if line.lstrip().startswith(("!", "%pip", "%conda"))]
        for node in ast.walk(parse(text) or ast.Module(body=[], type_ignores=[])):
            if isinstance(node, ast.Import):
                missing |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                missing.add(node.module.partition(".")[0])
    if missing - known:
        found.look.append(f"The notebook imports {', '.join(sorted(missing - known))}, which not every grader has: "
                          "name their packages under `requirements` in course.yml and run `autograder build`.")
    if shell:
        found.look.append(f"Graders have no network and run no shell: remove “{'”, “'.join(shell[:5])}”.")
