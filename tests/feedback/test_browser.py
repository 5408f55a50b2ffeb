"""The page in a real browser: nothing is fetched, nothing runs, everything fits."""

from __future__ import annotations

import html
import http.server
import json
import re
import shutil
import struct
import subprocess
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.feedback import HandIns, Learned, Rules, render, render_notebook
from autograder.model import Calibration, Result

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), "")
pytestmark = [
    pytest.mark.browser, pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")


def browse(folder: Path, *arguments: str) -> str:
    """Run the browser once and return what it printed."""
    profile = folder / "profile"
    out = subprocess.run([BROWSER, *FLAGS, f"--user-data-dir={profile}", *arguments], capture_output=True, text=True,
                         check=True, timeout=120)
    return out.stdout


def pixels(path: Path) -> tuple[int, int, list[bytes]]:
    """Return width, height and the rows of an 8-bit RGB or RGBA picture without interlacing, unfiltered."""
    content = path.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    assert depth == 8 and kind in (2, 6)
    size = 3 if kind == 2 else 4
    packed, place = b"", 8
    while place < len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        packed += content[place + 8 : place + 8 + length] if name == b"IDAT" else b""
        place += length + 12
    return width, height, unfiltered(zlib.decompress(packed), width * size, size)


def unfiltered(raw: bytes, length: int, size: int) -> list[bytes]:
    """Undo the line filters (PNG specification, chapter 9)."""
    import numpy as np

    rows: list[bytes] = []
    before = np.zeros(length, np.uint8)
    for start in range(0, len(raw), length + 1):
        kind, line = raw[start], np.frombuffer(raw[start + 1 : start + 1 + length], np.uint8)
        if kind == 2:
            line = line + before
        elif kind == 1:
            line = np.cumsum(line.reshape(-1, size), axis=0, dtype=np.uint8).reshape(-1)
        elif kind in (3, 4):
            line = _predicted(kind, line.tolist(), before.tolist(), size, np)
        rows.append(line.tobytes())
        before = line
    return rows


def _predicted(kind: int, line: list[int], above: list[int], size: int, np: Any) -> Any:
    for at in range(len(line)):
        left, up, corner = (line[at - size], above[at], above[at - size]) if at >= size else (0, above[at], 0)
        guess = left + up - corner
        near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        line[at] = (line[at] + ((left + up) // 2 if kind == 3 else near)) % 256
    return np.array(line, np.uint8)


@pytest.fixture
def page(
    tmp_path: Path, result: Result, notebook: dict[str, Any], curves: Any, misread: Any, reference: Calibration,
    samples: ModuleType,
) -> Path:
    """The sample page, with long words that a phone cannot show on one line."""
    notebook["cells"].append(samples.cell("code", "x" * 300, "", [samples.stream("w" * 400)]))
    result = result.model_copy(update={"merge_notes": ("unbreakable" * 30,)})
    path = tmp_path / "page.html"
    path.write_text(render(result, executed=notebook, reference=reference,
                           learned=Learned(curves=curves, misread=misread), assignment_title="Digits"))
    return path


class _Listener(http.server.BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down what is asked of it: its address, and the paths."""
    seen: list[str] = []
    handler = type("Handler", (_Listener,), {"seen": seen})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def test_the_page_is_drawn_without_scripts(page: Path, tmp_path: Path) -> None:
    shot, frame = tmp_path / "shot.png", tmp_path / "frame.html"
    # A sandboxed frame runs no script, whatever the page says.
    frame.write_text("<body style='margin: 0'><iframe sandbox src='page.html' width='900' height='1400' "
                     "style='border: 0'></iframe>")
    # Virtual time runs on until the frame, a process of its own, has been painted too: on a busy machine that is late.
    for budget in (5_000, 20_000, 60_000):
        browse(tmp_path, f"--virtual-time-budget={budget}", "--window-size=900,1400", f"--screenshot={shot}",
               frame.as_uri())
        width, height, rows = pixels(shot)
        if len(set(rows)) > 1:
            break
    assert (width, height) == (900, 1400)
    assert len(set(rows)) > 200  # lines of text all the way down, not an empty or a broken page
    assert len({row[at : at + 3] for row in rows[:600] for at in range(0, len(row), 3)}) > 30


def test_the_dark_scheme_is_dark(page: Path, tmp_path: Path) -> None:
    grounds = []
    for scheme in (0, 1):
        shot = tmp_path / f"{scheme}.png"
        browse(tmp_path, f"--blink-settings=preferredColorScheme={scheme}", "--window-size=600,400",
               f"--screenshot={shot}", page.as_uri())
        grounds.append(pixels(shot)[2][0][0])
    assert grounds[0] < 60 and grounds[1] > 240


def test_a_hostile_page_asks_nobody_and_runs_nothing(
    listener: tuple[str, list[str]], samples: ModuleType, tmp_path: Path
) -> None:
    address, seen = listener
    act = (f"<script>fetch('{address}/s')</script><img src={address}/i onerror=alert(1)>"
           f"<link rel=stylesheet href={address}/c>")
    drawing = (f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"fetch('{address}/o')\"><image href='{address}/d'/>"
               f"<script>fetch('{address}/e')</script></svg>")
    cells = [samples.cell("markdown", f"{act}\n\n![x]({address}/p)\n\n<style>@import '{address}/y'</style>"),
             samples.cell("code", act, act, [samples.stream(act), samples.display(text_html=act),
                                             samples.display(**{"image_svg+xml": drawing})])]
    result = Result(student=act, assignment="a", status="graded", merge_notes=(act,))
    text = render(result, executed={"cells": cells}, reference=None, assignment_title=act)
    path = tmp_path / "page.html"
    path.write_text(text)
    shown = browse(tmp_path, "--dump-dom", path.as_uri())
    assert "<h1>" in shown and shown.count("<script") == shown.count("<style>") - 1 == 0
    assert seen == []
    path.write_text(f"<img src='{address}/control'>")
    browse(tmp_path, "--dump-dom", path.as_uri())
    assert seen == ["/control"]  # the listener would have heard


def test_the_policy_stops_what_should_ever_get_through(
    page: Path, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, seen = listener
    act = (f"<script>document.title = 'ran'; fetch('{address}/s')</script><img src='{address}/i'>"
           f"<style>@import '{address}/c'; h1 {{ background: url({address}/b) }}</style>"
           f"<iframe src='{address}/f'></iframe>")
    broken = tmp_path / "broken.html"
    broken.write_text(page.read_text().replace("<main>", f"<main>{act}"))
    assert "<title>ran" not in browse(tmp_path, "--dump-dom", broken.as_uri())
    assert seen == []


MEASURE = """
const faults = [];
const scrolls = one => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX);
for (const one of document.querySelectorAll('body *')) {
  if (scrolls(one) && one.tabIndex < 0 && !one.querySelector('a, summary')) faults.push('keyboard ' + one.className);
  if (/^(TH|SUMMARY|A|H1|H2|H3)$/.test(one.tagName) && !one.textContent.trim()) faults.push('empty ' + one.tagName);
}
return [document.documentElement.scrollWidth, document.documentElement.scrollHeight, ...faults];
"""
"""Width, height, and what axe-core calls scrollable-region-focusable, empty-table-header and empty names."""


def measured(folder: Path, page: Path, width: int, *, unfolded: bool) -> tuple[int, int, list[str]]:
    """Return width and height of a page in a window of a width, and what a keyboard or a screen reader cannot reach.

    A window of a headless browser cannot be as narrow as a phone: a frame can. The policy of the page is taken out for
    this measure alone, which needs a script.
    """
    bare, frame = folder / "bare.html", folder / "frame.html"
    open_all = "document.querySelectorAll('details').forEach(one => one.open = true);" if unfolded else ""
    measure = ("<script>addEventListener('load', () => document.title = JSON.stringify((() => { "
               f"{open_all} {MEASURE} }})()))</script>")
    text = page.read_text()
    start = text.index('<meta http-equiv')
    bare.write_text(text[:start] + measure + text[text.index("\n", start):])
    frame.write_text(f"<body><iframe src='bare.html' width='{width}' height='800' style='border:0'></iframe><script>"
                     "addEventListener('load', () => document.title = document.querySelector('iframe')"
                     ".contentDocument.title)</script>")
    shown = browse(folder, "--dump-dom", "--allow-file-access-from-files", frame.as_uri())
    across, down, *faults = json.loads(html.unescape(shown.split("<title>")[1].split("</title>")[0]))
    return across, down, faults


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_is_wider_than_the_screen_or_out_of_reach(page: Path, tmp_path: Path, width: int) -> None:
    assert measured(tmp_path, page, width, unfolded=True)[::2] == (width, [])


def test_who_has_36_of_40_reads_three_screens_and_prints_two_pages(
    mistaken: tuple[Result, dict[str, Any]], curves: Any, misread: Any, reference: Calibration, tmp_path: Path
) -> None:
    result, work = mistaken
    learned = dict.fromkeys(("sigmoid-fit", "relu-fit", "relu-ten", "dropout-fit"), curves["fit"])
    misread = {name: one for name, one in misread.items() if name != "fit/model"}  # it has no such task
    path, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    path.write_text(render(
        result, executed=work, learned=Learned(curves=learned, misread=misread), reference=reference,
        assignment_title="A multilayer perceptron reads digits",
        hand_ins=HandIns(notebook="notebook.html", rules=Rules(until="19 March", attempts=5))))
    width, height, faults = measured(tmp_path, path, 360, unfolded=False)
    assert (width, faults) == (360, [])
    assert height < 3.3 * 800, "a phone's screen has about 360 × 800"
    assert measured(tmp_path, path, 360, unfolded=True)[::2] == (360, [])
    browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", path.as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) <= 2
    notebook = tmp_path / "notebook.html"
    notebook.write_text(render_notebook(result, work, assignment_title="Digits", page="page.html"))
    assert measured(tmp_path, notebook, 360, unfolded=True)[::2] == (360, []), "with all of our own text"
