"""The notebooks as JupyterLab shows them, blank and solved, as released and as Colab saves them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.notebook import read
from tests.assignments.common import every_assignment
from tests.support import notebook_pictures
from tests.support.browser import BROWSER, open_browser
from tests.support.notebook_pictures import as_colab_saves, jupyterlab, keep, kinds, show
from tests.support.pictures import size_of

pytestmark = [
    pytest.mark.browser, pytest.mark.slow, pytest.mark.rotates(parts=9),
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
BROKEN = {"cells": [
    {"cell_type": "markdown", "metadata": {}, "source": "A formula without its end: $$x + 1"},
    {"cell_type": "markdown", "metadata": {}, "source": "An unknown command: $\\nosuchcommand{x}{$"},
    {"cell_type": "markdown", "metadata": {}, "source": '<img src="no-such-file.png">'},
    {"cell_type": "markdown", "metadata": {}, "source": "|a|\n|---|\n| `" + "wide" * 60 + "` |"},
], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with jupyterlab(root) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.mark.parametrize("name", every_assignment())
def test_nothing_looks_wrong(name: str, root: Path, address: str, browser: Any) -> None:
    for kind, notebook in kinds(name, run=False).items():
        (root / f"{name}-{kind}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        page = browser.new_page()
        assert show(page, f"{address}{name}-{kind}.ipynb") == [], kind
        width, height = size_of(keep(page, f"lab-{name}-{kind}-light"))
        assert width >= 2 * notebook_pictures.WIDTH and height == notebook_pictures.SEGMENT, kind
        page.close()


def test_what_looks_wrong_is_found(root: Path, address: str, browser: Any) -> None:
    (root / "broken.ipynb").write_text(json.dumps(BROKEN), encoding="utf-8")
    found = show(browser.new_page(), f"{address}broken.ipynb")
    assert {one.split(":")[0] for one in found} >= {
        "Markdown that is not rendered", "picture that does not show", "wider than its cell"}, found


def test_what_colab_saves_is_the_same_notebook() -> None:
    blank = notebook_pictures.release_of("first-network")
    saved = as_colab_saves(blank)
    assert (saved["nbformat"], saved["nbformat_minor"]) == (4, 0) and not any("id" in cell for cell in saved["cells"])
    again = read(json.dumps(saved).encode(), "saved.ipynb")
    assert ["".join(cell["source"]) for cell in again["cells"]] == ["".join(cell["source"]) for cell in blank["cells"]]
    assert [cell["metadata"]["nbgrader"] for cell in again["cells"]] == [
        cell["metadata"]["nbgrader"] for cell in blank["cells"]]
