"""Attacks as files: one-line description, what an attacker would gain, and the answer cells; read, never imported.

See README.md next to this file for the format.
"""

from __future__ import annotations

import ast
import copy
import difflib
import functools
import inspect
import json
import re
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.model import CheckResult
from autograder.notebook.variants import Variant, VariantCell, apply_variant
from autograder.pipeline.session.variant_files import as_file

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = HERE / "corpus"
REAL_CORPUS = HERE / "corpus_real"
SMALL = "digits-mini"
"""The assignment of the attacked course, for which an attack without ``ASSIGNMENT`` was written."""
FAMILIES = ("score_channel", "harness", "leakage", "forgery", "resources", "neighbours")
MODES = ("full", "namespaces", "restricted")
TASKS = ("reshape", "one-hot", "build", "parameters", "fit", "evaluate", "error-rate")
BOARDS = ("any", "below", "off")
_KEYS = ("HONEST", "REST", "FLAGGED", "CLAIMED", "MODES", "FILE", "FAILS")
_REAL_KEYS = (*_KEYS, "ASSIGNMENT", "BASELINE", "BOARD", "NICKNAME")
_LISTS = ("HONEST", "MODES")
_TEXTS = ("FAILS", "NICKNAME")
_CELL = re.compile(r"^# %%\s*\[([^\]]*)\]\s*(before|markdown)?\s*$")
_GAINS = re.compile(r"^Gains:\s*(.+)", re.DOTALL | re.MULTILINE)
Notebook = dict[str, Any]


class AttackError(Exception):
    """A file of the corpus is not as the format asks."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack of the corpus.

    ``honest`` names the tasks, or single checks as ``task/check``, whose points its honest part may earn; ``claimed``
    is ``none``, ``caught`` or ``open``. ``baseline``: what the same submission earns with the attacked answers left
    blank is allowed too. ``board``: ``off`` must not be on the leaderboard, ``below`` not above the honest neighbours.
    ``fails``: why it gets through today.
    """

    name: str
    family: str
    path: Path
    what: str
    gains: str
    honest: tuple[str, ...] = ()
    rest: str = "blank"
    flagged: bool = False
    claimed: str = "none"
    modes: tuple[str, ...] = MODES
    raw: bool = False
    cells: tuple[VariantCell, ...] = ()
    assignment: str = SMALL
    baseline: bool = False
    board: str = "any"
    nickname: str | None = None
    fails: str | None = None

    @property
    def attacked(self) -> frozenset[str]:
        """The tasks whose answers it replaces."""
        return frozenset(cell.task for cell in self.cells if cell.place != "before")

    def may_earn(self, check: CheckResult) -> bool:
        """Whether the points of a check are those of its honest part."""
        return check.task in self.honest or f"{check.task}/{check.id}" in self.honest

    def upload(self, source: Notebook, released: Notebook, places: Mapping[str, str]) -> bytes:
        """Return the bytes that the attacker hands in.

        Args:
            source: the instructor's notebook, for the answers of an attack combined with a solution.
            released: what students got.
            places: the values of ``{{ course }}`` and the like.
        """
        if self.raw:
            return self._written(released, places)
        cells = tuple(cell.model_copy(update={"source": filled(cell.source, places)}) for cell in self.cells)
        variant = Variant(name=self.name, kind="wrong", why=self.what, cells=cells)
        # With the release as its own source, an answer that is not replaced stays blank.
        made: bytes = as_file(apply_variant(source if self.rest == "solution" else released, variant, released))
        return made

    def _written(self, released: Notebook, places: Mapping[str, str]) -> bytes:
        upload = runpy.run_path(str(self.path)).get("upload")
        path = Path(places["scratch"]) / f"{self.name}.ipynb"
        if not inspect.isfunction(upload):
            raise AttackError(f"{self.name} says FILE, so a function upload(path) was expected, but there is none.")
        upload(*(path, copy.deepcopy(released))[: len(inspect.signature(upload).parameters)])
        return path.read_bytes()


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return a text with ``{{ name }}`` replaced."""
    for name, value in places.items():
        text = text.replace("{{ " + name + " }}", value)
    return text


def load_corpus(corpus: Path = CORPUS) -> list[Attack]:
    """Return all attacks of a folder by family and name.

    Raises:
        AttackError: a file is not as the format asks, or two have one name.
    """
    return _distinct([read_attack(path) for path in sorted(corpus.glob("*/*.py"))])


def load_real() -> list[Attack]:
    """Return the attacks on this course's own assignments.

    Raises:
        AttackError: as `load_corpus`.
    """
    return load_corpus(REAL_CORPUS)


def load_all() -> list[Attack]:
    """Return the attacks on the small assignment, then those on real ones.

    Raises:
        AttackError: as `load_corpus`.
    """
    return _distinct([*load_corpus(), *load_real()])


def _distinct(attacks: list[Attack]) -> list[Attack]:
    for attack in attacks:
        if sum(other.name == attack.name for other in attacks) > 1:
            raise AttackError(f"Two attacks are called {attack.name}: rename one, names are unique in all families.")
    return attacks


@functools.cache
def tasks_of(assignment: str) -> tuple[str, ...]:
    """Return the tasks of the small assignment or of one of this course, in the order of the notebook."""
    if assignment == SMALL:
        return (*TASKS, "why")
    released = json.loads((ROOT / "release" / assignment / f"{assignment}.ipynb").read_bytes())
    grading = [cell["metadata"].get("nbgrader", {}) for cell in released["cells"]]
    return tuple(one["grade_id"] for one in grading if one.get("solution"))


def assignments() -> tuple[str, ...]:
    """Return the assignments of this course."""
    return tuple(sorted(path.name for path in (ROOT / "release").iterdir() if path.is_dir()))


def read_attack(path: Path) -> Attack:
    """Return the attack that a file describes, without running it.

    Raises:
        AttackError: unknown family, key, assignment, task or value, no docstring, no ``Gains:``, no cell.
    """
    name, real = path.stem, REAL_CORPUS in path.parents
    header, cells = _split(path.read_text(), name)
    try:
        module = ast.parse(header)
    except SyntaxError as error:
        raise AttackError(f"{name}, line {error.lineno}: {error.msg}.") from None
    what, gains = _told(ast.get_docstring(module), name)
    settings = _settings(module.body[1:], name, _REAL_KEYS if real else _KEYS)
    raw = settings.pop("FILE", None) == "raw"
    if not real and path.parent.name not in FAMILIES:
        raise AttackError(f"{name} lies in {path.parent.name}, but the families are {', '.join(FAMILIES)}.")
    if raw == bool(cells):
        raise AttackError(f"{name} must have either cells under # %% [task] or FILE = \"raw\" with upload(path).")
    if real and "ASSIGNMENT" not in settings:
        raise AttackError(f"{name} must say which assignment it attacks: ASSIGNMENT = \"mlp-digits\", or another one.")
    tasks = tasks_of(settings.get("ASSIGNMENT", SMALL))
    for number, cell in cells:
        _known(cell.task, tasks, f"{name}, line {number}: task")
    attacked = {cell.task for _, cell in cells if cell.place != "before"}
    settings["HONEST"] = _honest(settings.get("HONEST", ()), tasks, attacked, name)
    settings["BASELINE"] = "BASELINE" in settings
    return Attack(name=name, family=path.parent.name, path=path, what=what, gains=gains, raw=raw,
                  cells=tuple(cell for _, cell in cells), **{key.lower(): value for key, value in settings.items()})


def _honest(given: tuple[str, ...] | str, tasks: Sequence[str], attacked: set[str], name: str) -> tuple[str, ...]:
    """Return the tasks whose points may be earned; ``"rest"`` says all whose answer is not replaced."""
    if isinstance(given, str):
        return tuple(task for task in tasks if task not in attacked)
    for one in given:
        _known(one.partition("/")[0], tasks, f"{name}: HONEST")
    return given


def _split(text: str, name: str) -> tuple[str, list[tuple[int, VariantCell]]]:
    """Cut a file at its cell headers, each with its line; a file with none is all header."""
    header: list[str] = []
    found: list[tuple[int, str, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# %%"):
            match = _CELL.match(line)
            if match is None:
                raise AttackError(f"{name}, line {number}: {line!r} is not a cell header; write # %% [task].")
            found.append((number, match[1].strip(), match[2] or "replace", []))
        else:
            (found[-1][3] if found else header).append(line)
    return "\n".join(header), [
        (number, VariantCell.model_validate({"task": task, "place": place, "source": "\n".join(lines).strip("\n")}))
        for number, task, place, lines in found]


def _told(docstring: str | None, name: str) -> tuple[str, str]:
    first, _, rest = (docstring or "").partition("\n")
    gains = _GAINS.search(rest)
    if not first.endswith((".", "…")) or gains is None:
        raise AttackError(f"{name} must begin with one sentence on one line that says what it does, then `Gains: …`.")
    return first, " ".join(gains[1].split())


def _settings(statements: Sequence[ast.stmt], name: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return the settings of a header; a raw file may also have imports and functions."""
    found: dict[str, Any] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=key)]) if key in keys:
                found[key] = _value(key, statement.value, name)
            case ast.Assign(targets=[ast.Name(id=key)]) if key.isupper() and not _is_raw(statements):
                _known(key, keys, f"{name}: key")
            case _ if not _is_raw(statements):
                raise AttackError(f"{name}, line {statement.lineno}: before the first # %% only "
                                  f"{', '.join(keys)} are allowed.")
    return found


def _is_raw(statements: Sequence[ast.stmt]) -> bool:
    return any(isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id == "FILE"
               for one in statements)


def _value(key: str, node: ast.expr, name: str) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        raise AttackError(f"{name}: {key} must be written out as a plain value.") from None
    if key == "HONEST" and value == "rest":
        return value
    if key in _LISTS:
        if not isinstance(value, list):
            raise AttackError(f"{name}: {key} must be a list, but it is {value!r}.")
        if key == "MODES":
            for item in value:
                _known(item, MODES, f"{name}: {key}")
        return tuple(value)
    if key in _TEXTS:
        if not isinstance(value, str) or not value:
            raise AttackError(f"{name}: {key} must be a text, but it is {value!r}.")
        return value
    allowed: dict[str, tuple[object, ...]] = {
        "REST": ("blank", "solution"), "FLAGGED": (True, False), "CLAIMED": ("caught", "open"), "FILE": ("raw",),
        "BASELINE": ("blank",), "BOARD": BOARDS, "ASSIGNMENT": assignments()}
    if value not in allowed[key]:
        raise AttackError(f"{name}: {key} must be one of {', '.join(map(repr, allowed[key]))}, but it is {value!r}.")
    return value


def _known(item: object, known: Sequence[str], what: str) -> None:
    if item not in known:
        nearest = difflib.get_close_matches(str(item), known, n=1, cutoff=0.0)[0]
        raise AttackError(f"{what} {item!r} is unknown; the nearest is {nearest!r}, and there are {', '.join(known)}.")
