"""Bytes that somebody handed in: a clean notebook, or one sentence that says what they are instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import NotebookError, ReleaseError
from autograder.notebook import MAX_CELLS, layout, read

SAMPLE = (Path(__file__).parents[1] / "samples" / "submissions" / "release.ipynb").read_bytes()


def document(**changes: Any) -> bytes:
    return json.dumps({**json.loads(SAMPLE), **changes}).encode()


def cells(*found: Any) -> bytes:
    return document(cells=list(found))


def valid(data: bytes) -> dict[str, Any]:
    notebook = read(data, "x.ipynb")
    nbformat.validate(nbformat.from_dict(notebook))
    json.dumps(notebook, allow_nan=False).encode("utf-8")
    return notebook


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"# My answers\n\nI did it.", "Markdown"),
        (b"Dear professor,\n\n# Task 1\n", "Markdown"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\n\n<html>", "web page"),
        (b"import keras\nprint(1)\n", "Python script"),
        (b"hello", "plain text"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "zip archive"),
        (SAMPLE[: len(SAMPLE) // 2], "breaks off"),
        (SAMPLE.rstrip()[:-1], "breaks off"),
        (b"{", "breaks off"),
        (b'{"cells": [1,, 2]}', "not valid JSON (line 1"),
        (SAMPLE + b"}", "not valid JSON"),
        (SAMPLE.decode().encode("utf-16"), "UTF-16"),
        (SAMPLE.decode().encode("utf-16-le"), "UTF-16"),
        (SAMPLE.replace(b"Squares", "Größen".encode("latin-1")), "not UTF-8"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"cells": ' + b'{"a":' * 100_000, "nested deeper"),
        (b'{"cells": ' + b"[" * 80 + b"]" * 80 + b"}", "nested deeper"),
        (b"[" + b"[]," * 1_000_001 + b"[]]", "more lists and objects"),
        (b'{"cells": [], "nbformat": ' + b"9" * 5000 + b"}", "too long"),
        (b"[]", "no cells"),
        (b'{"a": 1}', "no cells"),
        (document(cells={"a": 1}), "no list of cells"),
        (document(cells=None), "no list of cells"),
        (document(nbformat="four"), "no notebook version"),
        (document(nbformat=None), "no notebook version"),
        (document(nbformat=True), "no notebook version"),
        (document(nbformat=2), "old notebook format 2"),
        (document(nbformat=5), "newest known"),
        (document(nbformat=10**30), "newest known"),
        (cells("print(1)"), "cell 1 is not a cell"),
        (cells(*[{"cell_type": "raw"}] * (MAX_CELLS + 1)), "at most 2000"),
    ],
)
def test_what_is_no_notebook_is_one_sentence(data: bytes, part: str) -> None:
    with pytest.raises(NotebookError) as caught:
        read(data, "work of\nada.ipynb")
    message = str(caught.value)
    assert part in message
    assert message.startswith("'work of?ada.ipynb' ") and message.endswith(".") and "\n" not in message


def test_size_is_checked_before_anything_is_parsed() -> None:
    with pytest.raises(NotebookError, match=r"has 2\.0 MiB, but at most 1 MiB"):
        read(b"[" * 2**21, "big.ipynb", limit_mib=1)


def test_a_byte_order_mark_and_line_ends_are_fine() -> None:
    assert valid(b"\xef\xbb\xbf" + SAMPLE) == valid(SAMPLE)
    assert valid(SAMPLE.replace(b"\n", b"\r\n")) == valid(SAMPLE)
    assert valid(SAMPLE.replace(b"\\n", b"\\r\\n")) == valid(SAMPLE)


def test_reading_what_was_read_changes_nothing() -> None:
    once = valid(SAMPLE)
    assert valid(json.dumps(once).encode()) == once


def test_small_defects_are_repaired() -> None:
    notebook = valid(document(cells=[
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
        {"cell_type": "code", "source": "c", "id": "same", "outputs": None, "execution_count": "x", "metadata": []},
        {"cell_type": "markdown", "source": None, "id": "same"},
        {"cell_type": "raw", "id": "not a valid id!", "source": "r"},
        {"cell_type": "heading", "level": 2, "source": "Title"},
        {"source": "kept"},
        {"cell_type": "code", "source": 3, "id": "x" * 65},
    ], metadata=None, nbformat_minor="x"))
    assert [cell["source"] for cell in notebook["cells"]] == ["a = 1\nb = 2", "c", "", "r", "## Title", "kept", ""]
    assert len({cell["id"] for cell in notebook["cells"]}) == 7
    assert notebook["cells"][1]["id"] == "same"


def test_outputs_that_are_none_are_dropped_and_good_ones_kept() -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": ["a", "b"]}
    outputs = [stream, "x", {"output_type": "stream", "name": "stdin"}, {"output_type": "bad"}, None,
               {"output_type": "display_data", "data": {"text/plain": "x"}},
               {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": 3},
               {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t", 3]}]
    (cell,) = valid(cells({"cell_type": "code", "source": "", "outputs": outputs}))["cells"]
    kinds = [output["output_type"] for output in cell["outputs"]]
    assert kinds == ["stream", "display_data", "execute_result", "error"]
    assert cell["outputs"][0]["text"] == "ab"


def test_constants_and_surrogates_that_cannot_be_written_are_replaced() -> None:
    data = cells({"cell_type": "code", "source": "x", "metadata": {"a": "NUMBER"}}).replace(b'"NUMBER"', b"NaN")
    assert valid(data)["cells"][0]["metadata"] == {"a": None}
    data = cells({"cell_type": "code", "source": "s = '\ud800' + '\U0001f600'"})
    assert valid(data)["cells"][0]["source"] == "s = '?' + '\U0001f600'"


def test_version_3_is_upgraded() -> None:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [{"cells": [
        {"cell_type": "heading", "level": 1, "source": ["Title"]},
        {"cell_type": "code", "input": ["a = 1\n", "a"], "language": "python", "prompt_number": 4, "outputs": [
            {"output_type": "pyout", "prompt_number": 4, "text": ["1"]}]},
        {"cell_type": "markdown", "source": "words"}]}]}
    notebook = valid(json.dumps(old).encode())
    assert [(cell["cell_type"], cell["source"]) for cell in notebook["cells"]] == [
        ("markdown", "# Title"), ("code", "a = 1\na"), ("markdown", "words")]
    assert notebook["cells"][1]["execution_count"] == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["cells", "cell_type", "source", "metadata", "id", "outputs", "nbformat", "worksheets"])
        | st.text(max_size=3), inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_valid_notebook_or_one_sentence(data: bytes) -> None:
    try:
        valid(data)
    except NotebookError as error:
        assert "\n" not in str(error)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.dictionaries(
    st.sampled_from(["cell_type", "source", "metadata", "id", "outputs", "attachments", "execution_count"]),
    st.sampled_from(["code", "markdown", "raw"]) | JSON, max_size=7), max_size=5))
def test_any_cells_are_repaired(found: list[Any]) -> None:
    try:
        valid(document(cells=found))
    except NotebookError as error:
        assert "nested" in str(error)


def test_a_layout_needs_answers_before_tests_and_ids_of_their_own() -> None:
    notebook = read(SAMPLE, "x.ipynb")
    broken = {**notebook, "cells": [cell for cell in notebook["cells"] if cell["id"] != "squares"]}
    with pytest.raises(ReleaseError, match="'test-squares' needs an answer cell 'squares' before it, but none is"):
        layout(broken)
    with pytest.raises(ReleaseError, match="'contract' occurs twice"):
        layout({**notebook, "cells": notebook["cells"] * 2})
