"""Outputs are assembled as nbclient does, and from anything at all without an error or an invalid notebook."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.model import CellRun, CellStatus
from autograder.notebook.kernel_messages import parse_messages
from autograder.notebook.outputs import MAX_MIME_BYTES, MAX_TEXT, assemble


def notebook(code_cells: int = 2) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": "1", "outputs": [], "execution_count": 99}
        for i in range(code_cells)
    ]
    cells.append({"cell_type": "markdown", "id": "text", "metadata": {}, "source": "words"})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def message(cell: int, kind: str, **content: Any) -> dict[str, Any]:
    return {"cell": cell, "type": kind, "content": content}


def stream(cell: int, text: str, name: str = "stdout") -> dict[str, Any]:
    return message(cell, "stream", name=name, text=text)


def shown(cell: int, text: str, display: str | None = None, kind: str = "display_data", **more: Any) -> dict[str, Any]:
    transient = {"display_id": display} if display else {}
    return message(cell, kind, data={"text/plain": text}, metadata={}, transient=transient, **more)


def outputs(messages: list[dict[str, Any]], cell: int = 0) -> list[dict[str, Any]]:
    executed = assemble(notebook(), messages, ())
    nbformat.validate(nbformat.from_dict(executed))
    found: list[dict[str, Any]] = executed["cells"][cell]["outputs"]
    return found


def texts(messages: list[dict[str, Any]], cell: int = 0) -> list[str]:
    return [output.get("text") or output["data"]["text/plain"] for output in outputs(messages, cell)]


def test_adjacent_streams_of_one_name_are_merged() -> None:
    assert texts([stream(0, "a"), stream(0, "b"), stream(0, "c", "stderr"), stream(0, "d")]) == ["ab", "c", "d"]


def test_clearing_at_once_and_with_the_next_output() -> None:
    clear, wait = message(0, "clear_output", wait=False), message(0, "clear_output", wait=True)
    assert texts([stream(0, "a"), clear, stream(0, "b")]) == ["b"]
    assert texts([stream(0, "a"), wait]) == ["a"]
    assert texts([stream(0, "a"), wait, stream(0, "b"), stream(0, "c")]) == ["bc"]


def test_updates_reach_earlier_cells_and_not_cleared_ones() -> None:
    first, update = shown(0, "a", "id"), shown(1, "b", "id", "update_display_data")
    assert texts([first, update]) == ["b"] and texts([first, update], cell=1) == []
    assert texts([first, message(0, "clear_output"), update]) == []
    assert texts([first, shown(1, "c", "id")]) == ["c"]
    assert texts([update]) == []


def test_results_errors_and_counts() -> None:
    executed = assemble(
        notebook(), [shown(0, "1", kind="execute_result", execution_count=3),
                     message(1, "error", ename="E", evalue="v", traceback=["t"])],
        [CellRun(index=0, status=CellStatus.OK, execution_count=3), CellRun(index=1, status=CellStatus.NOT_RUN)],
    )
    assert executed["cells"][0]["execution_count"] == 3 and executed["cells"][1]["execution_count"] is None
    assert executed["cells"][0]["outputs"][0]["execution_count"] == 3
    assert executed["cells"][1]["outputs"] == [
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]}]


def test_the_cut_is_reported() -> None:
    [output] = outputs([{"cell": 0, "type": "truncated"}])
    assert output["name"] == "stderr" and "limit" in output["text"]


def test_the_notebook_given_is_not_changed() -> None:
    given = notebook()
    before = copy.deepcopy(given)
    assemble(given, [stream(0, "a")], ())
    assert given == before


def test_what_is_no_message_is_left_out() -> None:
    bad = [stream(7, "a"), stream(2, "a"), stream(0, "a", "stdfoo"), message(0, "comm_open"),
           message(0, "stream", text=3),
           message(0, "error", ename=1), message(0, "display_data", data=[1]), {"cell": True, "type": "stream"},
           {"cell": -1, "type": "stream", "content": {}}, {"type": 3}]
    assert outputs(bad) == [] and outputs(bad, cell=1) == []


def test_sizes_are_bounded() -> None:
    big = "x" * (MAX_MIME_BYTES + 1)
    [text] = texts([stream(0, "y" * MAX_TEXT), stream(0, "z")])
    assert len(text) <= MAX_TEXT
    [output] = outputs([message(0, "display_data", data={"text/html": big, "text/plain": big, "image/png": "ok"})])
    assert set(output["data"]) == {"text/plain", "image/png"} and len(output["data"]["text/plain"]) <= MAX_TEXT
    many = [shown(0, "a", "id") for _ in range(1500)] + [shown(0, "b" * 900_000, "id", "update_display_data")]
    assert sum(len(output["data"]["text/plain"]) for output in outputs(many)) < 2 * MAX_MIME_BYTES


def test_many_small_pieces_are_joined() -> None:
    [text] = texts([stream(0, "ab\n") for _ in range(100_000)])
    assert text == "ab\n" * 100_000


def test_lines_that_are_no_messages_are_counted() -> None:
    good = json.dumps(stream(0, "a")).encode()
    infinite = b'{"cell": 0, "type": "x", "content": 1e999}'
    data = b"\n".join([good, b"{", b"[]", infinite, b"\xff", b"", b"[" * 5000, good])
    parsed = parse_messages(data, 1 << 20)
    assert len(parsed.messages) == 2 and parsed.malformed == 5
    assert parse_messages(data, len(good) + 1).messages == (stream(0, "a"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=8,
)
KINDS = ["stream", "display_data", "execute_result", "error", "clear_output", "update_display_data", "truncated",
         "comm"]
MIMES = st.dictionaries(st.sampled_from(["text/plain", "image/png", "application/json", "image/svg+json", "odd"]), JSON)
CONTENT = st.fixed_dictionaries({}, optional={
    "name": JSON | st.just("stdout"), "text": JSON | st.text(), "data": JSON | MIMES, "metadata": JSON,
    "transient": JSON | st.just({"display_id": "d"}), "execution_count": JSON, "ename": JSON | st.text(),
    "evalue": JSON | st.text(), "traceback": JSON | st.lists(st.text()), "wait": JSON,
})
MESSAGES = st.lists(st.fixed_dictionaries(
    {"cell": st.integers(-1, 3) | JSON, "type": st.sampled_from(KINDS) | JSON}, optional={"content": CONTENT | JSON}))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_any_messages_give_a_valid_notebook(messages: list[dict[str, Any]]) -> None:
    data = "\n".join(json.dumps(m) for m in messages).encode()
    parsed = parse_messages(data, 1 << 20)
    executed = assemble(notebook(), parsed.messages, ())
    nbformat.validate(nbformat.from_dict(executed))
    nbformat.writes(nbformat.from_dict(executed)).encode()
