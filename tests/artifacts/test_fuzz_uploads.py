"""Uploads that no honest program makes: taken, or refused in one sentence; nobody else's upload is lost by them."""

from __future__ import annotations

import copy
import json
import os
import runpy
import shutil
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import notebook
from autograder.errors import NotebookError, SubmissionError
from autograder.model import CellRun, CellStatus, Receipt
from autograder.notebook.kernel_messages import parse_messages
from autograder.notebook.outputs import assemble
from autograder.pipeline.collect import collect
from autograder.workspace.layout import Workspace, open_workspace

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ARCHIVES = runpy.run_path(str(HERE / "crafted" / "archives.py"))
REPLACEMENTS: list[Any] = runpy.run_path(str(HERE / "crafted" / "documents.py"))["REPLACEMENTS"]
RELEASE = (HERE.parent / "samples" / "submissions" / "release.ipynb").read_bytes()
DOCUMENT: dict[str, Any] = json.loads(RELEASE)
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
COURSE = """\
id: sample
title: Sample
assignments: {sums: {title: Sums}}
students: [ada, bob]
collect: {notebook: 1 MiB, archive: 8 MiB, files: 200}
"""
fuzz = settings(max_examples=40, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow])
BYTES = st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), min_size=1, max_size=5)
EDITS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 1 << 16), st.integers(0, 2)), min_size=1, max_size=6)


def flipped(data: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    result = bytearray(data)
    for place, change in edits:
        start = place % max(1, len(result))
        result[start : start + len(change)] = change
    return bytes(result)


def holders(node: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) below a node."""
    items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [(node, key) for key, _ in items]
    return found + [inner for key, value in list(items) or [(k, node[k]) for _, k in found] for inner in holders(value)]


def changed(document: Any, edits: list[tuple[int, int, int]]) -> Any:
    result = copy.deepcopy(document)
    for place, what, kind in edits:
        places = holders(result)
        if not places:
            break
        holder, key = places[place % len(places)]
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(REPLACEMENTS[what % len(REPLACEMENTS)])
    return result


class Class:
    """A course of two students, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = folder / "course"
        (root / "assignments" / "sums").mkdir(parents=True)
        (root / "course.yml").write_text(COURSE)
        self.space: Workspace = open_workspace(root, folder / "out")
        for path in (self.space.release("sums"), self.space.archived_release("sums", "2026.1")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(RELEASE)

    def collect(self, source: Path) -> dict[str, list[Receipt]]:
        """Return the receipts by student; forget all earlier uploads."""
        shutil.rmtree(self.space.submitted_root, ignore_errors=True)
        found: dict[str, list[Receipt]] = {}
        for receipt in collect(self.space, source, now=NOW):
            assert receipt.accepted or (receipt.reason or "").endswith("."), receipt
            assert "\n" not in (receipt.reason or "")
            found.setdefault(receipt.student, []).append(Receipt.from_json(receipt.to_json()))
        return found

    def beside_bob(self, data: bytes, name: str = "work.zip") -> list[Receipt]:
        """Collect what ada hands in together with bob's good work; bob's must be taken."""
        source = self.folder / "in"
        shutil.rmtree(source, ignore_errors=True)
        for student, file, content in (("ada", name, data), ("bob", "sums.ipynb", RELEASE)):
            (source / student).mkdir(parents=True)
            (source / student / file).write_bytes(content)
        found = self.collect(source)
        assert [receipt.accepted for receipt in found.pop("bob")] == [True]
        assert {path.relative_to(self.folder).parts[0] for path in self.folder.rglob("*")} == {"course", "out", "in"}
        return [receipt for receipts in found.values() for receipt in receipts]


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("class"))


CRAFTED: dict[str, bytes] = ARCHIVES["uploads"](RELEASE)
READ = {"size too large"}
"""Python's zipfile ends where the deflate stream ends; the checksum is right, so the content is what was packed."""


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_zip_of_a_student_costs_nobody_else(class_: Class, name: str) -> None:
    tracemalloc.start()
    receipts = class_.beside_bob(CRAFTED[name])
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()
    assert any(receipt.accepted for receipt in receipts) == (name in READ), receipts


@pytest.mark.parametrize("name", CRAFTED)
def test_the_same_zip_as_the_whole_class_is_refused(class_: Class, tmp_path: Path, name: str) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(CRAFTED[name])
    try:
        found = class_.collect(path)
    except SubmissionError as error:
        assert str(error).endswith(".")
        return
    assert not any(receipt.accepted for receipts in found.values() for receipt in receipts)


def test_names_of_any_bytes_and_closed_folders_cost_themselves_only(class_: Class, tmp_path: Path) -> None:
    for name in (b"bob/sums.ipynb", b"ad\xff/sums.ipynb", b"ada/w\xfe.ipynb", b"\xed\xa0\x80_sums.ipynb",
                 b"ada/a\nb.ipynb"):
        path = tmp_path / "in" / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(RELEASE)
    found = class_.collect(tmp_path / "in")
    assert found["bob"][0].accepted and len(found["ada"]) == 2
    assert all(not receipt.accepted for receipt in found["unknown"])


@pytest.mark.rotates(part=5)
@fuzz
@given(damage=BYTES, tail=st.integers(0, 40))
def test_a_damaged_zip_costs_nobody_else(class_: Class, damage: list[tuple[int, bytes]], tail: int) -> None:
    data = flipped(ARCHIVES["one"](RELEASE, b"sums.ipynb"), damage)
    class_.beside_bob(data[: len(data) - tail])


@pytest.mark.rotates(part=5)
@fuzz
@given(damage=BYTES, start=st.integers(0, 100))
def test_a_damaged_table_of_contents_costs_nobody_else(
    class_: Class, damage: list[tuple[int, bytes]], start: int
) -> None:
    """The last hundred bytes are the entry and the end record: all places and sizes."""
    data: bytes = ARCHIVES["one"](RELEASE, b"sums.ipynb")
    edits = [(len(data) - 100 + (place + start) % 100, change) for place, change in damage]
    class_.beside_bob(flipped(data, edits)[: len(data)])


def taken(data: bytes) -> dict[str, Any] | None:
    """Read an upload; assert that what is read is a valid notebook that can be written."""
    try:
        found = notebook.read(data, "x.ipynb", 1)
    except NotebookError as error:
        assert str(error).endswith(".") and len(str(error)) < 600
        return None
    nbformat.validate(nbformat.from_dict(found))
    json.dumps(found, allow_nan=False).encode()
    return found


@fuzz
@given(edits=EDITS)
def test_a_changed_notebook_is_merged_whole_or_refused(edits: list[tuple[int, int, int]]) -> None:
    release = notebook.read(RELEASE, "release")
    found = taken(json.dumps(changed(DOCUMENT, edits)).encode())
    if found is None:
        return
    merged = notebook.merge(release, found)
    locked = [cell["source"] for cell in release["cells"] if cell["metadata"].get("nbgrader", {}).get("locked")]
    assert [text for text in locked if text not in [cell["source"] for cell in merged.notebook["cells"]]] == []
    nbformat.validate(nbformat.from_dict(merged.notebook))
    json.dumps(merged.notebook, allow_nan=False).encode()


@fuzz
@given(damage=BYTES)
def test_a_damaged_notebook_is_read_or_refused(damage: list[tuple[int, bytes]]) -> None:
    taken(flipped(RELEASE, damage))


def test_numbers_beyond_the_floats_do_not_come_back_as_words() -> None:
    odd = '"metadata": {"a": 1e999, "b": -1e999, "c": 1e3, '
    found = taken(json.dumps(DOCUMENT).replace('"metadata": {', odd).encode())
    assert found is not None and found["metadata"]["a"] is None and found["metadata"]["c"] == 1000.0


MESSAGE: list[Callable[[], dict[str, Any]]] = [
    lambda: {"cell": 1, "type": "stream", "content": {"name": "stdout", "text": "x"}},
    lambda: {"cell": 1, "type": "display_data", "content": {"data": {"text/plain": "x", "application/json": {"a": [1]}},
                                                            "metadata": {}, "transient": {"display_id": "d"}}},
    lambda: {"cell": 1, "type": "update_display_data", "content": {"data": {"text/plain": "y"}, "metadata": {},
                                                                   "transient": {"display_id": "d"}}},
    lambda: {"cell": 1, "type": "error", "content": {"ename": "E", "evalue": "v", "traceback": ["t"]}},
    lambda: {"cell": 1, "type": "clear_output", "content": {"wait": True}}, lambda: {"cell": 1, "type": "truncated"},
]


@fuzz
@given(edits=EDITS, damage=BYTES)
def test_any_output_of_a_run_gives_a_valid_notebook(
    edits: list[tuple[int, int, int]], damage: list[tuple[int, bytes]]
) -> None:
    messages = changed([make() for make in MESSAGE], edits)
    data = b"\n".join(json.dumps(message).encode() for message in messages)
    skeleton = {"cells": [{"cell_type": kind, "id": kind, "metadata": {}, "source": "", **(
        {"outputs": [], "execution_count": None} if kind == "code" else {})} for kind in ("markdown", "code")],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    runs = [CellRun(index=1, status=CellStatus.OK, seconds=0.1, execution_count=1)]
    for content in (data, flipped(data, damage)):
        executed = assemble(skeleton, parse_messages(content, 1 << 20).messages, runs)
        nbformat.validate(nbformat.from_dict(executed))
        json.dumps(executed, allow_nan=False).encode()
