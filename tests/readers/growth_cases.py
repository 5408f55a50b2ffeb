"""What the readers of hostile bytes are given, in growing sizes: by name, a reader and what makes its input."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from autograder import artifacts, notebook
from autograder.artifacts.architecture import canonical
from autograder.artifacts.jsonguard import parse_lines
from autograder.artifacts.layer_spec import layout
from autograder.artifacts.npz import read_npz
from autograder.checks.legacy_names import modern_spelling
from autograder.errors import ArtifactError, NotebookError
from autograder.feedback.curves import charts
from autograder.feedback.notebook_cells import shown_cells
from autograder.feedback.page import inline
from autograder.feedback.terminal_text import terminal
from autograder.gradebook.autograded import scored_notebook
from autograder.gradebook.written_answers import written_answers
from autograder.pipeline.collect.platforms import _EXCHANGE
from autograder.pipeline.collect.times import parse_moment
from autograder.workspace.artifact_folder import FolderSource

RELEASE = json.loads((Path(__file__).resolve().parents[2] / "release/mlp-digits/mlp-digits.ipynb").read_bytes())
LOCKED = [cell for cell in RELEASE["cells"] if notebook.grade_id(cell) and not notebook.is_answer(cell)]

Make = Callable[[int], Any]
CASES: dict[str, tuple[Callable[[Any], object], Make]] = {}


def case(name: str, reader: Callable[[Any], object], make: Make) -> None:
    CASES[name] = reader, make


def repeated(text: str) -> Make:
    return lambda size: (text * (size // len(text) + 1))[:size]


# Intake


def read_any(data: bytes) -> None:
    with suppress(NotebookError):
        notebook.read(data, "x.ipynb", 20)


def as_bytes(cell: Callable[[int], dict[str, Any]], length: int) -> Make:
    def make(size: int) -> bytes:
        cells = [cell(number) for number in range(max(1, min(size // length, notebook.MAX_CELLS)))]
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
    return make


case("read: cells", read_any, as_bytes(lambda n: {"cell_type": "code", "source": "a = 1\n" * 60, "metadata": {}}, 400))
case("read: ids that are taken", read_any, as_bytes(
    lambda n: {"cell_type": "code", "source": "", "id": f"unnamed-{(n * 7) % 300}" + "x" * (n % 40)}, 80))
case("read: brackets", read_any, lambda size: b'{"nbformat":4,"cells":' + b"[" * size)
case("read: flat lists", read_any, lambda size: b'{"nbformat":4,"cells":[' + b"[]," * (size // 3) + b"1]}")
case("read: escapes", read_any, lambda size: b'{"nbformat":4,"cells":[{"source":"' + b"\\ud800" * (size // 6) + b'"}]}')
case("read: digits", read_any, lambda size: b'{"nbformat":4,"cells":[' + b"9" * size + b"]}")
case("read: lines", read_any, lambda size: json.dumps(
    {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["\r\n"] * (size // 8)}]}).encode())

# Merge


def merged(cells: list[dict[str, Any]]) -> None:
    notebook.merge(RELEASE, {"cells": cells, "metadata": RELEASE["metadata"], "nbformat": 4, "nbformat_minor": 5})


def own(number: int, kind: str, text: str, **metadata: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": metadata, "source": text}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def cells_of(make: Callable[[int], dict[str, Any]]) -> Make:
    def cells(size: int) -> list[dict[str, Any]]:
        found, used = [], 0
        while used < size and len(found) < notebook.MAX_CELLS:
            found.append(make(len(found)))
            used += len(found[-1]["source"]) + 20
        return found
    return cells


def near_copy(number: int) -> dict[str, Any]:
    cell = LOCKED[number % len(LOCKED)]
    return own(number, cell["cell_type"], notebook.source(cell) + f"\nword{number}")


RULE = notebook.source(LOCKED[0])
case("merge: near-copies of locked cells", merged, cells_of(near_copy))
case("merge: copies of locked cells", merged, cells_of(
    lambda n: own(n, LOCKED[n % len(LOCKED)]["cell_type"], notebook.source(LOCKED[n % len(LOCKED)]))))
case("merge: one locked cell again and again", merged, cells_of(lambda n: own(n, LOCKED[0]["cell_type"], RULE)))
case("merge: copies with ids", merged, cells_of(
    lambda n: own(n, LOCKED[0]["cell_type"], f"{RULE} {n}", nbgrader=LOCKED[0]["metadata"]["nbgrader"])))
case("merge: answers again and again", merged, cells_of(lambda n: own(n, "code", "x = 1\n" * 20)))
case("merge: ids of the release", merged, cells_of(
    lambda n: {**own(n, "code", f"x = {n}\n"), "id": RELEASE["cells"][n % 20]["id"]}))
case("merge: code in text cells", merged, cells_of(lambda n: own(n, "markdown", "x = [1, 2, f(3)]\n" * 50)))
case("merge: comments", merged, cells_of(lambda n: own(n, "code", "# y\n" * 100)))
case("merge: words of every locked cell", merged, cells_of(
    lambda n: own(n, "markdown", " ".join(notebook.source(cell) for cell in LOCKED[:3]) + str(n))))

# Outputs


def assembled(data: bytes) -> None:
    cells = [own(number, "code", "") for number in range(8)]
    notebook.assemble({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
                      notebook.parse_messages(data, 64 << 20).messages, ())


def lines_of(make: Callable[[int], dict[str, Any]]) -> Make:
    def data(size: int) -> bytes:
        out = io.BytesIO()
        number = 0
        while out.tell() < size:
            out.write(json.dumps(make(number)).encode() + b"\n")
            number += 1
        return out.getvalue()
    return data


def shown(number: int, kind: str, display: str, cell: int = 0, text: str = "a") -> dict[str, Any]:
    return {"cell": cell, "type": kind, "content": {
        "data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": display}}}


def or_cleared(number: int) -> dict[str, Any]:
    if number % 2:
        return {"cell": number % 8, "type": "clear_output", "content": {"wait": number % 4 == 1}}
    return shown(number, "display_data", f"d{number}", (number // 2) % 8)


case("outputs: updates of one display", assembled, lines_of(
    lambda n: shown(n, "display_data" if n % 2 else "update_display_data", "one", n % 8)))
case("outputs: long updates of many displays", assembled, lines_of(
    lambda n: shown(n, "display_data" if n % 20 else "update_display_data", "one", n % 8,
                    "b" * (1 if n % 20 else 2000))))
case("outputs: displays that are cleared", assembled, lines_of(or_cleared))
case("outputs: displays, each with an id", assembled, lines_of(lambda n: shown(n, "display_data", f"d{n}", n % 8)))
case("outputs: short pieces", assembled, lines_of(
    lambda n: {"cell": 0, "type": "stream", "content": {"name": ("stdout", "stderr")[n // 9 % 2], "text": "x"}}))
case("outputs: JSON", assembled, lines_of(
    lambda n: {"cell": 0, "type": "display_data", "content": {"data": {"application/json": [[[[n]]]] * 9}}}))
case("outputs: one message of lists", assembled,
     lambda size: b'{"cell":0,"type":"display_data","content":{"data":{"application/json":['
     + b"[]," * (size // 3) + b"1]}}}")
case("outputs: tracebacks", assembled, lines_of(lambda n: {
    "cell": 0, "type": "error", "content": {"ename": "E", "evalue": "\x1b[31m" * 9, "traceback": ["\x1b["] * 99}}))

# The page

MARKUP = {
    "emphasis": "**a*", "underscores": "_a__", "links": "[", "links that begin": "[a](",
    "pictures": "![a](", "less": "<", "tags": "<a ", "comments": "<!--", "entities": "&#",
    "quotes": "> ", "deep quotes": ">>>> ", "lists": "- ",
    "deep lists": "  - a\n", "numbers": "1. ", "ticks": "`a``", "fences": "```\n", "formulas": "$a", "blocks": "$$a$",
    "strikes": "~~a~", "tables": "|a", "rows": "a|b\n-|-\n", "references": "[a]: b\n", "autolinks": "<http:",
    "backslashes": "\\", "parentheses": "[a](((((", "titles": '[a](b "', "lines": "a\n", "bangs": "![[]()",
}
TERMINAL = {"colours": "\x1b[", "colours that end": "\x1b[31m", "titles": "\x1b]0;",
            "long titles": "\x1b]" + "a" * 2000,
            "back": "a\b", "return": "ab\r", "digits": "\x1b[" + "1;" * 31}


def page_of(make: Callable[[str], dict[str, Any]], text: str) -> Make:
    def cells(size: int) -> dict[str, Any]:
        whole = repeated(text)(size)
        return {"cells": [make(whole[start : start + 20_000]) for start in range(0, size, 20_000)]}
    return cells


for name, text in MARKUP.items():
    case(f"page: {name}", shown_cells, page_of(lambda part: {"cell_type": "markdown", "source": part}, text))
for name, text in TERMINAL.items():
    case(f"page: terminal, {name}", shown_cells, page_of(
        lambda part: {"cell_type": "code", "outputs": [{"output_type": "stream", "name": "stdout", "text": part}]},
        text))
    case(f"terminal: {name}", terminal, repeated(text))
case("page: a reference that is long", shown_cells, lambda size: {"cells": [
    {"cell_type": "markdown", "source": f"[a]: http://{'b' * 1900}\n" + "[a]" * 6000}] * (size // 20_000 + 1)})
case("page: outputs", shown_cells, lambda size: {"cells": [
    {"cell_type": "code",
     "outputs": [{"output_type": "display_data", "data": {"image/png": "A" * 50}}] * (size // 500)}] * 10})
case("page: sentences", inline, repeated("`a`b`"))
case("page: curves", lambda values: charts({"loss": values, "acc": values}, None), lambda size: [1.5] * (size // 8))

# Artifacts


def read_folder(folder: Path) -> None:
    found = artifacts.read(FolderSource(folder), sampling_key="00")
    for task in found.checkpoints:
        found.calls(task)
        for value in found.checkpoints[task].names.values():
            if isinstance(value, artifacts.ModelValue):
                found.model(value)


def lines(data: bytes) -> None:
    for line in parse_lines(data):
        str(type(line))


def npz(data: bytes) -> None:
    with suppress(ArtifactError):
        read_npz(data)


def members(size: int) -> bytes:
    out = io.BytesIO()
    np.savez(out, **{f"a{number}": np.zeros(1) for number in range(max(1, min(size // 260, 3000)))})
    return out.getvalue()


def model(layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "m", "layers": layers}}


def looked_at(document: dict[str, Any]) -> None:
    layout(document)
    with suppress(ArtifactError):
        canonical(document)


def dense(number: int, parents: int) -> dict[str, Any]:
    fed = [{"args": [{"class_name": "__keras_tensor__",
                      "config": {"keras_history": [f"d{number - 1 - parent}", 0, 0]}}]}
           for parent in range(min(parents, number))]
    return {"module": "keras.layers", "class_name": "Dense", "name": f"d{number}", "registered_name": None,
            "config": {"units": 3}, "inbound_nodes": fed}


case("JSON: lines", lines, lambda size: b'{"a":[[[1]]]}\n' * (size // 14))
case("JSON: brackets", lines, lambda size: b"[" * size)
case("JSON: one list", lines, lambda size: b"[" + b"[]," * (size // 3) + b"1]")
case("JSON: keys", lines, lambda size: json.dumps({f"k{n}": n for n in range(size // 12)}).encode())
case("JSON: escapes", lines, lambda size: b'["' + b"\\ud800" * (size // 6) + b'"]')
case("npz: members", npz, members)
case("npz: junk", npz, lambda size: b"PK\x05\x06" * (size // 4))
case("models: layers", looked_at, lambda size: model([dense(n, 1) for n in range(size // 300)]))
case("models: every layer fed by every other", looked_at, lambda size: model(
    [dense(n, 100) for n in range(max(1, size // 20_000))]))
case("models: nested", looked_at, lambda size: model([model([model([dense(0, 0)] * 20)] * 10)] * (size // 30_000 + 1)))
case("preprocessing", lambda rows: artifacts.recover(rows, rows), lambda size: np.arange(
    max(16, size // 8 // 16 * 16), dtype=np.float64).reshape(16, -1))

# What goes into formgrader, names of files, errors

case("gradebook: outputs", lambda given: scored_notebook(given, RELEASE, ()), lambda size: {"cells": [
    {**own(n, "code", "x"), "outputs": [{"output_type": "stream", "name": "stdout", "text": "a"}] * 10}
    for n in range(size // 600)]})
case("gradebook: cells with ids", lambda given: scored_notebook(given, RELEASE, ()), lambda size: {"cells": [
    {**LOCKED[n % len(LOCKED)]} for n in range(size // 600)]})
WRITTEN = {"cell_type": "markdown", "source": "Because.", "metadata": {"nbgrader": {
    "grade_id": "why", "grade": True, "solution": True}}}
case("written answers: cells around one", lambda given: written_answers(given, ["why"]), lambda size: {"cells": [
    WRITTEN, *({"cell_type": "markdown", "source": "a\u2060 " * 20, "metadata": {}} for _ in range(size // 200))]})
case("written answers: one answer many times", lambda given: written_answers(given, ["why"]), lambda size: {
    "cells": [WRITTEN] * (size // 200)})
case("written answers: long", lambda given: written_answers(given, ["why"]), lambda size: {
    "cells": [WRITTEN | {"source": ["a\u2060](data: "] * (size // 10)}]})
for name, text in {"plus": "a+", "stamp": "a+b+2026-10-01 12:00:00", "digits": "2026-10-01 12:00:00 "}.items():
    case(f"names: {name}", lambda given: (_EXCHANGE.fullmatch(given), parse_moment(given)), repeated(text))
ERRORS = {"layers": "keras.layers.", "identifier": "Could not interpret loss identifier: ", "quotes": "'has no"}
for name, text in ERRORS.items():
    case(f"errors: {name}", modern_spelling, repeated(text))


def checkpoints(names: Callable[[int], dict[str, Any]], size: int, **more: Any) -> bytes:
    return json.dumps({"task": "a", "cell": 1, "names": names(size), **more}).encode()


FOLDERS: dict[str, Callable[[int], dict[str, bytes]]] = {
    "100,000 names": lambda size: {"checkpoints.jsonl": checkpoints(
        lambda n: {f"n{i}": {"kind": "scalar", "type": "int", "value": i} for i in range(n // 60)}, size)},
    "nested lists": lambda size: {"checkpoints.jsonl": checkpoints(lambda n: {"x": {
        "kind": "sequence", "type": "list", "length": 9,
        "items": [{"kind": "sequence", "items": [{"kind": "other"}] * 9}] * (n // 250)}}, size)},
    "fits": lambda size: {"checkpoints.jsonl": checkpoints(lambda n: {}, size, fits=[
        {"fit": i, "model": 1, "history": {"loss": [0.5] * 9}} for i in range(size // 80)])},
    "history": lambda size: {"checkpoints.jsonl": checkpoints(lambda n: {}, size, fits=[
        {"fit": 1, "model": 1, "history": {"loss": [1] * (size // 3)}}])},
    "lines": lambda size: {"checkpoints.jsonl": b"".join(
        json.dumps({"task": f"t{i}", "names": {}}).encode() + b"\n" for i in range(size // 30))},
    "calls": lambda size: {"checkpoints.jsonl": checkpoints(lambda n: {}, 1), "calls-1.json": json.dumps({
        "task": "a", "calls": [{"key": f"k{i}", "value": {"kind": "other"}} for i in range(size // 50)]}).encode()},
}
