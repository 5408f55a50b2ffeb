"""Notebooks through a real kernel (nbclient and ipykernel) and through our runner: the outputs must be the same.

Only what has to differ between any two runs is taken out before they are compared: times, addresses, process numbers,
the bytes of images (not their size), and how often the two streams took turns.
"""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import struct
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.model import JobCell

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "golden"
SLOW = {"training", "magics", "display"}
NAMES = [pytest.param(path.stem, marks=[pytest.mark.slow] if path.stem in SLOW else [])
         for path in sorted(SAMPLES.glob("*.ipynb")) if path.stem != "asking"]
RUBBED_OUT = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"(?m)^(WARNING: All log messages before absl|[IWE]0000 ).*\n"), ""),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x…"),
    (re.compile(r"ipykernel_\d+"), "ipykernel_…"),
    (re.compile(r"\d+(\.\d+)?(e[+-]?\d+)? ?(s|ms|us|μs|µs|ns)\b"), "… s"),
    (re.compile(r"(?<!\S)\S*/(site-packages|lib/python3\.\d+)/"), "…/"),
    (re.compile(r"display_id=[0-9a-f]{32}"), "display_id=…"),
]


def real_kernel(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Execute a notebook as Jupyter would."""
    from nbclient import NotebookClient

    node = nbformat.from_dict(copy.deepcopy(notebook))
    client = NotebookClient(node, timeout=120, allow_errors=True, kernel_name="python3",
                            resources={"metadata": {"path": str(folder)}})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbclient and the event loop, not of ours
        client.execute()
    return json.loads(nbformat.writes(node))


@pytest.mark.parametrize("name", NAMES)
def test_outputs_equal_a_real_kernels(name: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    notebook = json.loads((SAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))
    folder = tmp_path / "real"
    folder.mkdir()
    expected = real_kernel(notebook, folder)
    cells = [JobCell(index=i, source=c["source"]) for i, c in enumerate(notebook["cells"]) if c["cell_type"] == "code"]
    seen = run(*cells).executed(notebook)
    nbformat.validate(nbformat.from_dict(seen))
    for index, (ours, theirs) in enumerate(zip(seen["cells"], expected["cells"], strict=True)):
        if ours["cell_type"] == "code":
            assert outline(ours) == outline(theirs), f"cell {index}: {ours['source']}"


def test_a_question_is_answered_by_an_error_that_says_what_to_do(run: Any) -> None:
    notebook = json.loads((SAMPLES / "asking.ipynb").read_text(encoding="utf-8"))
    seen = run(*[cell["source"] for cell in notebook["cells"]]).executed(notebook)["cells"]
    for index in (0, 2, 3):
        [error] = seen[index]["outputs"]
        assert error["ename"] == "StdinNotImplementedError"
        assert "assign the value in the cell" in error["evalue"]
    assert seen[1]["outputs"][0]["text"] == "on\n"


def outline(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell's outputs in the form that is compared: each stretch of streams as one text per stream."""
    outputs: list[dict[str, Any]] = []
    for output in copy.deepcopy(cell["outputs"]):
        if output["output_type"] == "stream":
            if not outputs or outputs[-1]["output_type"] != "streams":
                outputs.append({"output_type": "streams", "stdout": "", "stderr": ""})
            outputs[-1][output["name"]] += joined(output["text"])
            continue
        if "data" in output:
            output["data"] = {mime: content(mime, value) for mime, value in output["data"].items()}
        outputs.append(output)
    shown = [rubbed(output) for output in outputs]
    # What TensorFlow's C++ says while it is imported: the warm process has imported it long ago.
    shown = [output for output in shown if output != {"output_type": "streams", "stdout": "", "stderr": ""}]
    return {"count": cell["execution_count"], "outputs": shown}


def content(mime: str, value: Any) -> Any:
    if mime == "image/png":
        data = base64.b64decode(value)
        return struct.unpack(">II", data[16:24])
    if mime == "image/svg+xml":
        return len(re.sub(r"[0-9.]+", "", joined(value))) // 500
    return joined(value)


def joined(text: Any) -> Any:
    return "".join(text) if isinstance(text, list) else text


def rubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: rubbed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rubbed(item) for item in value]
    if isinstance(value, str):
        for pattern, sign in RUBBED_OUT:
            value = pattern.sub(sign, value)
        return "\n".join(overwritten(line) for line in value.replace(os.sep + "real", "").split("\n"))
    return value


def overwritten(line: str) -> str:
    """Return what is left of a line on a screen: a progress bar is drawn more often where time runs slower.

    Blanks at its end only cover what was longer before: a time of 13 ms takes a place more than one of 3 ms.
    """
    end = len(line.rstrip("\r\x08"))
    start = max(line.rfind("\r", 0, end), line.rfind("\x08", 0, end))
    return line[start + 1 :].rstrip(" ") if start >= 0 else line
