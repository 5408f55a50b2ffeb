"""Assembles the executed notebook from the messages that a student's process wrote, as nbclient does from a kernel's.

The messages are untrusted: what is malformed or unknown is left out, no size exceeds its bound, and the work is
linear in the bytes of the messages. All outputs of one display id show the last update of that id, so updates are
only noted; they are written into the outputs once, at the end, within a budget for the whole notebook.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograder.model import CellRun, CellStatus
from autograder.notebook.cells import is_code, is_locked
from autograder.notebook.kernel_messages import Message, is_message

MAX_MIME_BYTES = 4 << 20
MAX_TEXT = 1 << 20
MAX_OUTPUTS = 2000
MAX_NOTEBOOK = 32 << 20
"""Characters of all outputs of a notebook together, as JSON: one display may be shown thousands of times."""
_MAX_MIMES = 20
_MAX_NAME = 200
_MAX_TRACEBACK = 500
_MAX_DEPTH = 20
_JSON = re.compile(r"application/(.*\+)?json")
_STREAMS = ("stdout", "stderr")
_MIMES = ("text/", "image/", "application/")
_DROPPED = "\n[Further output of this notebook was left out: the limit was reached.]\n"
_TEXT_LEFT_OUT = "[This text was left out: a person has to read it in the notebook that was handed in.]"
_CUT = "\n[The rest of this output was left out: it was too long.]\n"
_OVER = "[This output was left out: the outputs of this notebook are too large.]\n"

Output = dict[str, Any]


def assemble(notebook: Mapping[str, Any], messages: Iterable[Message], cells: Iterable[CellRun]) -> dict[str, Any]:
    """Return the notebook with the outputs and execution counts of one run.

    Args:
        notebook: nbformat 4 JSON; not changed.
        messages: as parsed by `parse_messages`; those of cells that are not code cells are left out.
        cells: how each code cell ended; ``index`` is the position in the notebook.
    """
    executed: dict[str, Any] = copy.deepcopy(dict(notebook))
    all_cells = executed["cells"]
    for cell in all_cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    for run in cells:
        if run.index < len(all_cells) and all_cells[run.index]["cell_type"] == "code":
            all_cells[run.index]["execution_count"] = run.execution_count if run.status != CellStatus.NOT_RUN else None
    assembly = _Assembly(cells=all_cells)
    for message in messages:
        if is_message(message):
            assembly.take(message)
    assembly.join()
    return executed


class _Shown(NamedTuple):
    """An output of a cell, and the display id under which later messages may change it."""

    output: Output
    display: str | None


def without_outputs(notebook: Mapping[str, Any], cells: Iterable[CellRun]) -> dict[str, Any]:
    """Return the notebook as `assemble` does, but without outputs and without what a student wrote as text.

    Nothing in it has to be inspected: code and the release's own cells have no effect where people open it.
    """
    bare = assemble(notebook, (), cells)
    for cell in bare["cells"]:
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "nbgrader"}
        if not is_locked(cell) and not is_code(cell):
            cell["source"] = _TEXT_LEFT_OUT
            cell.pop("attachments", None)
    return bare


@dataclass(kw_only=True, slots=True)
class _Assembly:
    """The outputs of each cell so far, the last update of each display id, and which cells wait to be cleared."""

    cells: list[dict[str, Any]]
    shown: dict[int, list[_Shown]] = field(default_factory=dict)
    latest: dict[str, tuple[Output, int]] = field(default_factory=dict)
    clearing: set[int] = field(default_factory=set)
    room: int = MAX_NOTEBOOK

    def take(self, message: Message) -> None:
        index = message["cell"]
        if index >= len(self.cells) or self.cells[index]["cell_type"] != "code":
            return
        kind, content = message["type"], message.get("content", {})
        if kind == "clear_output":
            if content.get("wait"):
                self.clearing.add(index)
            else:
                self.shown.pop(index, None)
            return
        output = _output(kind, content, self.cells[index]["execution_count"])
        if output is None:
            return
        display = _display_id(content) if kind in ("display_data", "execute_result", "update_display_data") else None
        if display is not None:
            self.latest[display] = output, _size(output)
        if kind != "update_display_data":
            self._append(index, output, display)

    def _append(self, index: int, output: Output, display: str | None) -> None:
        if index in self.clearing:
            self.clearing.discard(index)
            self.shown.pop(index, None)
        outputs = self.shown.setdefault(index, [])
        if len(outputs) >= MAX_OUTPUTS:
            return
        if output["output_type"] == "stream":
            # Joined at the end: a hundred thousand short pieces must not take quadratic time.
            if outputs and outputs[-1].output.get("name") == output["name"]:
                outputs[-1].output["text"].append(output["text"])
                return
            output["text"] = [output["text"]]
        outputs.append(_Shown(output, display))

    def join(self) -> None:
        """Write the outputs into their cells: streams joined, displays in their last state."""
        ordered = sorted(self.shown.items())
        displays = [display for _, outputs in ordered for _, display in outputs if display is not None]
        left = Counter(displays)
        many = {display for display, times in left.items() if times * self.latest[display][1] > MAX_MIME_BYTES}
        for index, outputs in ordered:
            finished = []
            for output, display in outputs:
                if display is not None:
                    left[display] -= 1
                    if display not in many or not left[display]:
                        # One large message must not be multiplied: then only the last of its displays changes.
                        self._update(output, display)
                finished.append(self._finished(output))
            self.cells[index]["outputs"] = finished

    def _update(self, output: Output, display: str) -> None:
        last, _ = self.latest[display]
        # A copy: two outputs of one display id must not become one object.
        output["data"], output["metadata"] = copy.deepcopy((last["data"], last["metadata"]))

    def _finished(self, output: Output) -> Output:
        """Return the output as it is written, or a sentence where the notebook has no room for it."""
        if output["output_type"] == "stream":
            output["text"] = _bounded("".join(output["text"]))
        size = _size(output)
        if size > self.room:
            return {"output_type": "stream", "name": "stderr", "text": _OVER}
        self.room -= size
        return output


def _size(output: Output) -> int:
    return len(json.dumps(output))


def _output(kind: str, content: Mapping[str, Any], execution_count: int | None) -> Output | None:
    """Return the output that a message describes; None for one that is unknown or malformed."""
    if kind == "truncated":
        return {"output_type": "stream", "name": "stderr", "text": _DROPPED}
    if kind == "stream":
        name, text = content.get("name"), content.get("text")
        if name not in _STREAMS or not isinstance(text, str) or not text:
            return None
        return {"output_type": "stream", "name": name, "text": _bounded(_clean(text))}
    if kind == "error":
        return _error(content)
    if kind not in ("display_data", "execute_result", "update_display_data"):
        return None
    data = _bundle(content.get("data"))
    if data is None:
        return None
    output: Output = {"output_type": "execute_result" if kind == "execute_result" else "display_data",
              "data": data, "metadata": _metadata(content.get("metadata"))}
    if kind == "execute_result":
        count = content.get("execution_count")
        output["execution_count"] = count if type(count) is int and count >= 0 else execution_count
    return output


def _error(content: Mapping[str, Any]) -> Output | None:
    name, value, lines = content.get("ename"), content.get("evalue"), content.get("traceback")
    if not isinstance(name, str) or not isinstance(value, str) or not isinstance(lines, list):
        return None
    traceback = [_bounded(_clean(line)) for line in lines[:_MAX_TRACEBACK] if isinstance(line, str)]
    return {"output_type": "error", "ename": _clean(name)[:_MAX_NAME], "evalue": _bounded(_clean(value)),
            "traceback": traceback}


def _bundle(data: Any) -> dict[str, Any] | None:
    """Return the pieces of a display that are well formed and not too large; None when ``data`` is not a bundle."""
    if not isinstance(data, dict):
        return None
    kept: dict[str, Any] = {}
    for mime, given in list(data.items())[:_MAX_MIMES]:
        if len(mime) > _MAX_NAME or not mime.startswith(_MIMES):
            continue
        value = given
        if _JSON.fullmatch(mime):
            if _depth(value) <= _MAX_DEPTH and len(json.dumps(value)) <= MAX_MIME_BYTES:
                kept[_clean(mime)] = _cleaned(value)
            continue
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            value = "".join(value)
        # Half an image or half a page is useless, so only plain text is cut.
        if isinstance(value, str) and (mime == "text/plain" or len(value) <= MAX_MIME_BYTES):
            kept[_clean(mime)] = _bounded(_clean(value)) if mime == "text/plain" else _clean(value)
    return kept


def _metadata(metadata: Any) -> dict[str, Any]:
    if not isinstance(metadata, dict) or _depth(metadata) > _MAX_DEPTH or len(json.dumps(metadata)) > MAX_TEXT:
        return {}
    cleaned: dict[str, Any] = _cleaned(metadata)
    return cleaned


def _display_id(content: Mapping[str, Any]) -> str | None:
    transient = content.get("transient")
    display = transient.get("display_id") if isinstance(transient, dict) else None
    return display if isinstance(display, str) and display else None


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= _MAX_DEPTH:
        depth += 1
        level = [item for node in level if isinstance(node, (dict, list))
                 for item in (node.values() if isinstance(node, dict) else node)]
    return depth


def _cleaned(value: Any) -> Any:
    """Return JSON whose texts can be written as UTF-8."""
    if isinstance(value, dict):
        return {_clean(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
