"""Pictures of the released notebooks and their solutions in JupyterLab, and what looks wrong in them.

``python -m tests.support.notebook_pictures [NAME ...] [--run]`` keeps them in `build/pictures`, for all assignments
or some; ``--run`` executes the solutions first, which takes as long as they train and needs real data in
``AUTOGRADER_DATA``.
"""

from __future__ import annotations

import copy
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fairness.judged import release_of, solution_of
from tests.support.browser import open_browser
from tests.support.pictures import FOLDER

Notebook = dict[str, Any]
WIDTH, SEGMENT = 1000, 4_000
"""Pixels: of the window, and of one column of a picture; what is longer continues in the next column."""
SECONDS = 180
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none", "recordTiming": False},
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
READY = """() => {
    const markdown = [...document.querySelectorAll('.jp-Notebook .jp-MarkdownCell')];
    return markdown.length > 0 && markdown.every(one => one.querySelector('.jp-RenderedMarkdown')?.childElementCount);
}"""
DATA = """import keras, numpy

def load_data():
    with numpy.load({path!r}) as found:
        return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])

keras.datasets.mnist.load_data = load_data"""
"""Runs before the notebook: Keras downloads its own file where the one that is there has other bytes."""
UNFOLD = "() => document.querySelectorAll('.jp-Notebook details').forEach(one => one.open = true)"
HEIGHT = """() => Math.max(...[...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(
    one => one.getBoundingClientRect().bottom)) - Math.min(0, document.querySelector('.jp-Notebook .jp-Cell')
    .getBoundingClientRect().top)"""
FINDINGS = r"""() => {
    const found = [], say = (what, one) => found.push(what + ': ' + (one.innerText || one.src || '').slice(0, 80));
    for (const cell of document.querySelectorAll('.jp-Notebook .jp-Cell')) {
        const width = cell.getBoundingClientRect().right + 1;
        const shown = [...cell.querySelectorAll('.jp-RenderedMarkdown, .jp-OutputArea-output')];
        for (const one of shown.flatMap(area => [...area.querySelectorAll('table, img, svg, mjx-math')]))
            if (one.getBoundingClientRect().right > width) say('wider than its cell', one);
        for (const one of cell.querySelectorAll('img'))
            if (one.complete && !one.naturalWidth && !/^https/.test(one.src)) say('picture that does not show', one);
        for (const one of cell.querySelectorAll('mjx-merror')) say('formula that is not understood', one);
    }
    for (const one of document.querySelectorAll('.jp-Notebook .jp-RenderedMarkdown')) {
        const text = [...one.querySelectorAll('p, li, td, th')].map(part => {
            const copy = part.cloneNode(true);
            copy.querySelectorAll('code, mjx-container').forEach(inner => inner.remove());
            return copy.textContent;
        }).join('\n');
        if (/\$|\{\{|\*\*|<\/?(details|summary|sup)|^#+ /m.test(text)) say('Markdown that is not rendered', one);
    }
    return found;
}"""


def as_colab_saves(notebook: Notebook) -> Notebook:
    """Return a notebook as Colab writes it: ids in the metadata, its own entries, format 4.0, sources as lists."""
    saved = copy.deepcopy(notebook)
    for number, cell in enumerate(saved["cells"]):
        cell.pop("id", None)
        text = "".join(cell["source"])
        cell["source"] = text.splitlines(keepends=True)
        cell["metadata"] = cell.get("metadata", {}) | {"id": f"Q{number:02}x{number * 7919 % 9973}"}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"o{number}-1f2e"}
    saved["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True}, "language_info": {"name": "python"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return saved | {"nbformat": 4, "nbformat_minor": 0}


def run_solution(name: str) -> Notebook:
    """Return the solution with its outputs, run on the data of ``AUTOGRADER_DATA``."""
    import nbformat
    from nbclient import NotebookClient

    solution = solution_of(name)
    own = {"cell_type": "code", "id": "own-data", "metadata": {}, "outputs": [], "execution_count": None,
           "source": DATA.format(path=str(Path(os.environ["AUTOGRADER_DATA"]).resolve() / "mnist.npz"))}
    given = solution | {"cells": [own, *solution["cells"]]}
    with tempfile.TemporaryDirectory() as made:
        notebook: Any = nbformat.from_dict(given)  # type: ignore[no-untyped-call]  # nbformat types only half
        NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": made}}).execute()
    del notebook["cells"][0]
    found: Notebook = json.loads(nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    return found


@contextmanager
def jupyterlab(root: Path, scheme: str = "light") -> Iterator[str]:
    """Serve a folder with JupyterLab in a theme; yields the address that the path of a notebook is added to."""
    settings = {**SETTINGS, "apputils-extension/themes": {"theme": THEMES[scheme]}}
    home = root / f".lab-{scheme}"
    for name, values in settings.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    given = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
         "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}", "--IdentityProvider.token=",
         "--LabApp.news_url=", "--LabApp.extension_manager=readonly"],
        env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"{address}/api", server)
        yield f"{address}/doc/tree/"
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(SECONDS * 2):
        assert server.poll() is None, "JupyterLab ended before it served a page"
        try:
            direct.open(address).close()
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"JupyterLab should serve {address} within {SECONDS} seconds")


def show(page: Any, address: str) -> list[str]:
    """Show a notebook with all its hints open, at full height, and return what looks wrong."""
    page.set_default_timeout(SECONDS * 1000)
    page.set_viewport_size({"width": WIDTH, "height": SEGMENT})
    page.goto(address)
    page.wait_for_function(READY)
    page.evaluate(UNFOLD)
    page.wait_for_function("() => !document.querySelector('.jp-Notebook .jp-mod-pending')")
    try:  # formulas are set after the rest; a page with one that never is ends up in the findings
        page.wait_for_function(f"() => !({FINDINGS})().some(one => one.startsWith('Markdown'))", timeout=20_000)
    except Exception as error:
        if type(error).__name__ != "TimeoutError":
            raise
    found: list[str] = page.evaluate(FINDINGS)
    return found


def keep(page: Any, name: str) -> Path:
    """Keep what `show` showed as one picture, in columns from left to right."""
    from PIL import Image

    height = int(page.evaluate(HEIGHT)) + 120
    page.set_viewport_size({"width": WIDTH, "height": max(height, 400)})
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as whole:
        pieces = [whole.crop((0, top, WIDTH, min(top + SEGMENT, whole.height)))
                  for top in range(0, whole.height, SEGMENT)]
    sheet = Image.new("RGB", (WIDTH * len(pieces), SEGMENT), "grey")
    for column, piece in enumerate(pieces):
        sheet.paste(piece, (column * WIDTH, 0))
    sheet.save(path)
    return path


def kinds(name: str, *, run: bool) -> dict[str, Notebook]:
    """Return an assignment's notebooks: blank and solved, as released and as Colab saves them."""
    solved = run_solution(name) if run else solution_of(name)
    blank = release_of(name)
    return {"blank": blank, "solved": solved,
            "blank-colab": as_colab_saves(blank), "solved-colab": as_colab_saves(solved)}


def main(arguments: Sequence[str]) -> int:
    """Make the pictures and print what looks wrong; returns 1 where something does."""
    from tests.assignments.common import every_assignment

    names = [one for one in arguments if not one.startswith("-")] or every_assignment()
    wrong = 0
    with tempfile.TemporaryDirectory() as made, open_browser() as browser:
        root = Path(made)
        shown = {f"{name}-{kind}": one for name in names
                 for kind, one in kinds(name, run="--run" in arguments).items()}
        for name, notebook in shown.items():
            (root / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        for scheme in THEMES:
            with jupyterlab(root, scheme) as address:
                for name in shown:
                    page = browser.new_page()
                    found = show(page, f"{address}{name}.ipynb")
                    print(keep(page, f"lab-{name}-{scheme}"), *found, sep="\n  ", flush=True)
                    wrong += len(found)
                    page.close()
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
