"""An import is released with proof by the real command as soon as what it lists has been done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "tests" / "samples" / "imports" / "nbgrader-source.ipynb"
COURSE = """\
id: tiny
title: Tiny
defaults:
  limits: {cell_time: 30 s, notebook_time: 2 min, memory: 2 GiB}
"""
LEFT = "    # To be written: the following lines of cell 11 have no translation.\n    #     assert table[1, 0] == 10"


@pytest.mark.slow
@pytest.mark.rotates(part=2)
def test_an_import_is_released_after_the_listed_items(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
        return subprocess.run([sys.executable, "-m", "autograder", "--course", str(tmp_path), *arguments], cwd=ROOT,
                              env=kept | {"HOME": str(tmp_path)}, capture_output=True, text=True, check=False)

    (tmp_path / "course.yml").write_text(COURSE)
    imported = run("import", "nbgrader", str(SAMPLE), "--name", "arrays", "--json")
    assert imported.returncode == 0, imported.stderr
    found = json.loads(imported.stdout)
    assert [sentence for sentence in found["look"] if "test_table" in sentence] and not found["impossible"]

    checks = tmp_path / "tests" / "hidden" / "arrays" / "test_arrays.py"
    text = checks.read_text()
    assert LEFT in text
    checks.write_text(text.replace(LEFT, '    assert student.array("table").values()[1, 0] == 10'))
    released = run("release", "arrays")
    assert released.returncode == 0 and "proved" in released.stderr, released.stderr
    notebook = (tmp_path / "release" / "arrays" / "arrays.ipynb").read_text()
    assert "arange" not in notebook and "# YOUR CODE HERE" in notebook and "[1, 2, 4]" not in notebook
