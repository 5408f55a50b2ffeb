"""Attacks as files: one-line description, what an attacker would gain, and the answer cells; read, never imported.

See README.md beside this file for the format.
"""

from __future__ import annotations

import ast
import copy
import difflib
import inspect
import re
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.notebook.variants import Variant, VariantCell, apply_variant
from autograder.pipeline.variants import as_file

CORPUS = Path(__file__).resolve().parent / "corpus"
FAMILIES = ("score_channel", "harness", "leakage", "forgery", "resources", "neighbours")
MODES = ("full", "namespaces", "restricted")
TASKS = ("reshape", "one-hot", "build", "parameters", "fit", "evaluate", "error-rate")
_KEYS = ("HONEST", "REST", "FLAGGED", "CLAIMED", "MODES", "FILE")
_CELL = re.compile(r"^# %%\s*\[([^\]]*)\]\s*(before)?\s*$")
_GAINS = re.compile(r"^Gains:\s*(.+)", re.DOTALL | re.MULTILINE)
Notebook = dict[str, Any]


class AttackError(Exception):
    """A file of the corpus is not as the format asks."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack of the corpus.

    ``honest`` names the tasks whose points its honest part may earn; ``claimed`` is ``none``, ``caught`` or ``open``.
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

    def upload(self, source: Notebook, released: Notebook, places: Mapping[str, str]) -> bytes:
        """Return the bytes that the attacker hands in.

        Args:
            source: the instructor's notebook, for the answers of an attack beside a solution.
            released: what students got.
            places: what stands for ``{{ course }}`` and the like.
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
    """Return all attacks by family and name.

    Raises:
        AttackError: a file is not as the format asks, or two have one name.
    """
    attacks = [read_attack(path) for path in sorted(corpus.glob("*/*.py"))]
    for attack in attacks:
        same = [other for other in attacks if other.name == attack.name]
        if len(same) > 1:
            raise AttackError(f"Two attacks are called {attack.name}: rename one, names are unique in all families.")
    return attacks


def read_attack(path: Path) -> Attack:
    """Return the attack that a file describes, without running it.

    Raises:
        AttackError: unknown family, key, task or value, no docstring, no ``Gains:``, no cell.
    """
    header, cells = _split(path.read_text(), path.stem)
    try:
        module = ast.parse(header)
    except SyntaxError as error:
        raise AttackError(f"{path.stem}, line {error.lineno}: {error.msg}.") from None
    what, gains = _told(ast.get_docstring(module), path.stem)
    settings = _settings(module.body[1:], path.stem)
    raw = settings.pop("FILE", None) == "raw"
    if path.parent.name not in FAMILIES:
        raise AttackError(f"{path.stem} lies in {path.parent.name}, but the families are {', '.join(FAMILIES)}.")
    if raw == bool(cells):
        raise AttackError(f"{path.stem} must have either cells under # %% [task] or FILE = \"raw\" with upload(path).")
    return Attack(name=path.stem, family=path.parent.name, path=path, what=what, gains=gains, raw=raw, cells=cells,
                  **{key.lower(): value for key, value in settings.items()})


def _split(text: str, name: str) -> tuple[str, tuple[VariantCell, ...]]:
    """Cut a file at its cell headers; a file with none is all header."""
    header: list[str] = []
    found: list[tuple[str, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# %%"):
            match = _CELL.match(line)
            if match is None:
                raise AttackError(f"{name}, line {number}: {line!r} is no cell header; write # %% [task].")
            _known(match[1].strip(), TASKS, f"{name}, line {number}: task")
            found.append((match[1].strip(), match[2] or "replace", []))
        else:
            (found[-1][2] if found else header).append(line)
    return "\n".join(header), tuple(
        VariantCell.model_validate({"task": task, "place": place, "source": "\n".join(lines).strip("\n")})
        for task, place, lines in found)


def _told(docstring: str | None, name: str) -> tuple[str, str]:
    first, _, rest = (docstring or "").partition("\n")
    gains = _GAINS.search(rest)
    if not first.endswith((".", "…")) or gains is None:
        raise AttackError(f"{name} must begin with one sentence on one line that says what it does, then `Gains: …`.")
    return first, " ".join(gains[1].split())


def _settings(statements: Sequence[ast.stmt], name: str) -> dict[str, Any]:
    """Return the settings of a header; imports and functions may stand there for a raw file, anything else may not."""
    found: dict[str, Any] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=key)]) if key in _KEYS:
                found[key] = _value(key, statement.value, name)
            case ast.Assign(targets=[ast.Name(id=key)]) if key.isupper() and not _is_raw(statements):
                _known(key, _KEYS, f"{name}: key")
            case _ if not _is_raw(statements):
                raise AttackError(f"{name}, line {statement.lineno}: before the first # %% only "
                                  f"{', '.join(_KEYS)} may stand.")
    return found


def _is_raw(statements: Sequence[ast.stmt]) -> bool:
    return any(isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id == "FILE"
               for one in statements)


def _value(key: str, node: ast.expr, name: str) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        raise AttackError(f"{name}: {key} must be written out as a plain value.") from None
    if key in ("HONEST", "MODES"):
        if not isinstance(value, list):
            raise AttackError(f"{name}: {key} must be a list, but it is {value!r}.")
        for item in value:
            _known(item, TASKS if key == "HONEST" else MODES, f"{name}: {key}")
        return tuple(value)
    allowed: dict[str, tuple[object, ...]] = {
        "REST": ("blank", "solution"), "FLAGGED": (True, False), "CLAIMED": ("caught", "open"), "FILE": ("raw",)}
    if value not in allowed[key]:
        raise AttackError(f"{name}: {key} must be one of {', '.join(map(repr, allowed[key]))}, but it is {value!r}.")
    return value


def _known(item: object, known: Sequence[str], what: str) -> None:
    if item not in known:
        nearest = difflib.get_close_matches(str(item), known, n=1, cutoff=0.0)[0]
        raise AttackError(f"{what} {item!r} is unknown; the nearest is {nearest!r}, and there are {', '.join(known)}.")
