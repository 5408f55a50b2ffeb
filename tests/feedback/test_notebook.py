"""The executed notebook on the page: text as a terminal shows it, checked pictures, safe Markdown, any JSON."""

from __future__ import annotations

import base64
import json
import struct
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.feedback import markdown, pictures, render
from autograder.feedback.notebook_cells import LEFT_OUT, MOST_IMAGE, MOST_TEXT, NO_PICTURE, shown_cells
from autograder.feedback.terminal_text import CUT, LONGEST_TEXT, terminal
from autograder.model import CellRun, CellStatus, Ending, Execution, Isolation, Result


def page(notebook: Any, **changed: Any) -> str:
    result = Result(**{"student": "ada", "assignment": "a", "status": "graded"} | changed)
    return render(result, executed=notebook, reference=None, assignment_title="Digits")


@pytest.mark.parametrize("written, seen", [
    ("plain\ntext\n", "plain\ntext\n"), ("one\r\ntwo", "one\ntwo"),
    ("10%\r20%\r100%\n", "100%\n"), ("done\rok\n", "okne\n"), ("12345\rab", "ab345"),
    ("10%\b\b\b20%", "20%"), ("a\b\b\bb", "b"), ("x\r", "x"), ("\r\r\rx", "x"), ("tab\tstays", "tab\tstays"),
    ("\x1b[1m47/47\x1b[0m \x1b[32m━━━\x1b[0m", "47/47 ━━━"), ("\x1b]0;title\x07text", "text"),
    ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"), ("\x00\x07\x0c\x7fx", "x"),
    ("if admin:\u202e # \u2066 return", "if admin:[U+202E] # [U+2066] return"),
])
def test_output_reads_as_on_a_terminal(written: str, seen: str) -> None:
    assert terminal(written) == seen


@given(st.text(alphabet=st.sampled_from("ab\r\b\n"), max_size=60))
def test_lines_are_overwritten_as_a_terminal_does(text: str) -> None:
    lines: list[dict[int, str]] = [{}]  # a terminal: one sign per column, the cursor in between
    column = 0
    for sign in text.replace("\r\n", "\n"):
        if sign == "\n":
            lines.append({})
            column = 0
        elif sign in "\r\b":
            column = 0 if sign == "\r" else max(column - 1, 0)
        else:
            lines[-1][column] = sign
            column += 1
    assert terminal(text) == "\n".join("".join(line[at] for at in sorted(line)) for line in lines)


def test_a_long_output_is_cut_once() -> None:
    shown = terminal("y" * 10_000_000)
    assert shown == "y" * LONGEST_TEXT + CUT


def sized_png(width: int, height: int, length: int = 100) -> str:
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return base64.b64encode(header + bytes(length)).decode()


def sized_jpeg(width: int, height: int, before: bytes = b"") -> str:
    start = b"\xff\xd8" + before + b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return base64.b64encode(start + frame).decode()


@pytest.mark.parametrize("mime, content, shown", [
    ("image/png", sized_png(640, 480), True), ("image/png", sized_png(60_000, 60_000), False),
    ("image/png", sized_png(0, 480), False), ("image/jpeg", sized_png(640, 480), False),
    ("image/jpeg", sized_jpeg(640, 480), True), ("image/jpeg", sized_jpeg(640, 480, before=b"\xff\xff"), True),
    ("image/jpeg", sized_jpeg(65_000, 65_000), False), ("image/png", sized_jpeg(640, 480), False),
    ("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xe0\xff\xff").decode(), False), ("image/png", "", False),
    ("image/jpeg", base64.b64encode(b"\xff\xd8" + b"\xff" * 5_000).decode(), False),
    ("image/png", "iVBORw0KGgo\" onerror=alert(1)", False), ("image/png", "ü", False),
    ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", True), ("image/svg+xml", "<html>", False),
    ("image/svg+xml", "<!DOCTYPE svg [<!Entity a 'aaaa'>]><svg>&a;</svg>", False),
])
def test_a_picture_is_what_it_says_and_of_a_size_to_bear(mime: str, content: str, shown: bool) -> None:
    uri = pictures.data_uri(mime, content)
    assert uri.startswith(f"data:{mime};base64,") if shown else uri == ""


@given(st.binary(max_size=60))
def test_any_bytes_behind_the_magic_of_a_picture_are_judged(rest: bytes) -> None:
    for mime, magic in (("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff")):
        pictures.data_uri(mime, base64.b64encode(magic + rest).decode())


def test_a_real_picture_of_matplotlibs_is_shown() -> None:
    import io

    import matplotlib.figure

    figure = matplotlib.figure.Figure()
    figure.subplots().plot([1, 2, 3], marker="o")
    for kind, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
        out = io.BytesIO()
        figure.savefig(out, format=kind)
        content = out.getvalue().decode() if kind == "svg" else base64.b64encode(out.getvalue()).decode()
        assert pictures.data_uri(mime, content)


@pytest.mark.parametrize("source, made", [
    ("[a](https://x.org/?p=1&q=2)", '<a href="https://x.org/?p=1&amp;q=2" rel="noopener noreferrer nofollow">a</a>'),
    ("[a](mailto:ta@x.org)", '<a href="mailto:ta@x.org" rel="noopener noreferrer nofollow">a</a>'),
    *((f"[a]({target})", "<p>a</p>") for target in (
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java&#x73;cript:alert(1)", "&#9;javascript:alert(1)",
        "vbscript:x", "data:text/html,x", "file:///etc/passwd", "ftp://x", "tel:1", "//evil.example", "x.html",
        "../../results/overview.html", "#task-fit", "/x", "http:x", "blob:x", "https://")),
    ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>"),
    ("![b](https://x.org/y.png)", "<p>[picture: b]</p>"), ("# One\n###### Six", "<h3>One</h3>\n<h6>Six</h6>"),
    ("`a_b`", "<p><code>a_b</code></p>"), ("```python x\" y\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
    ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"), ("$a_1 b_2$", '<p><code class="math">a_1 b_2</code></p>'),
    ("it costs 5$ or 6$", "<p>it costs 5$ or 6$</p>"),
])
def test_markdown_becomes_text_and_nothing_that_acts(source: str, made: str) -> None:
    assert made in str(markdown.html(source))


def test_a_table_is_aligned_without_a_style() -> None:
    made = str(markdown.html("| a | b |\n|:-:|--:|\n| 1 | 2 |"))
    assert '<td class="center">1</td>' in made and '<td class="right">2</td>' in made and "style" not in made


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["cells", "cell_type", "source", "outputs", "metadata", "nbgrader", "grade_id", "data",
                         "output_type", "text", "execution_count", "image/png", "text/plain"]), inner, max_size=4),
    max_leaves=12)
CELL = st.fixed_dictionaries({}, optional={
    **dict.fromkeys(("source", "outputs", "metadata", "execution_count"), JSON),
    "cell_type": st.sampled_from(["code", "markdown", 7])})


@settings(deadline=None)
@given(st.dictionaries(st.just("cells"), JSON) | st.fixed_dictionaries({"cells": st.lists(CELL | JSON, max_size=4)}))
def test_any_json_in_the_place_of_a_notebook_gives_a_page(notebook: dict[str, Any]) -> None:
    text = page(notebook)
    assert text.endswith("</html>") or text.endswith("</html>\n")
    text.encode("utf-8")


def test_half_of_a_surrogate_pair_costs_no_page(samples: ModuleType) -> None:
    text = json.loads('"x\\ud800y"')
    shown = page({"cells": [samples.cell("code", text, "", [samples.stream(text)]), samples.cell("markdown", text)]})
    assert shown.encode("utf-8").count(b"x?y") == 3


def test_two_hundred_outputs_are_a_page_of_reasonable_size(samples: ModuleType) -> None:
    printing = samples.cell("code", "train()", "", [samples.stream(f"epoch {number}\n" * 100) for number in range(100)])
    text = page({"cells": [printing, printing]})
    assert text.count('<div class="output">') == 200
    assert len(text) < 400_000


def test_outputs_beyond_the_budget_of_a_page_are_left_out_and_said(samples: ModuleType) -> None:
    long = samples.cell("code", "", "", [samples.stream("z" * LONGEST_TEXT)] * 60)
    big = sized_png(640, 480, length=3_000_000)
    drawing = samples.cell("code", "", "", [samples.display(image_png=big)])
    cells = shown_cells({"cells": [long, long, *[drawing] * 5]})
    assert sum(len(output.text) for cell in cells for output in cell.outputs) < MOST_TEXT + 1_000
    assert sum(len(output.image) for cell in cells for output in cell.outputs) <= MOST_IMAGE
    assert [output.text for output in cells[1].outputs][-1] == LEFT_OUT and cells[0].outputs[-1].text != LEFT_OUT
    assert [bool(cell.outputs[0].image) for cell in cells[2:]] == [True, True, True, False, False]


def test_html_widgets_and_scripts_are_never_inserted(samples: ModuleType) -> None:
    cell = samples.cell("code", "df", "", [
        samples.display(text_html="<table><script>alert(1)</script></table>", text_plain="   a\n0  1"),
        samples.display(text_html="<b>only HTML</b>"), samples.display(application_javascript="alert(1)"),
        samples.display(image_gif="R0lGODlhAQABAAAAACw="),
    ])
    [shown] = shown_cells({"cells": [cell]})
    assert [output.text for output in shown.outputs] == ["   a\n0  1"]
    [refused] = shown_cells({"cells": [samples.cell("code", "", "", [samples.display(image_png="R0lGODlh")])]})
    assert refused.outputs[0].text == NO_PICTURE


def test_a_cell_that_did_not_end_by_itself_is_named(samples: ModuleType) -> None:
    cells = [samples.cell("markdown", "text"), *[samples.cell("code", f"line{number}") for number in range(4)]]
    statuses = (CellStatus.OK, CellStatus.INTERRUPTED, CellStatus.UNFINISHED, CellStatus.NOT_RUN)
    runs = tuple(CellRun(index=place, status=status) for place, status in enumerate(statuses, start=1))
    text = page({"cells": cells}, execution=Execution(ending=Ending.DIED, isolation=Isolation.FULL, cells=runs))
    places = [text.index(said) for said in (
        "line0", "ran out of time</strong>", "line1", "ended in this cell</strong>", "line2", "was not run</strong>",
        "line3")]
    assert places == sorted(places)
    assert text.count("<strong>ran out of time") == 1


@pytest.mark.parametrize(("source", "title"), [
    ("# @title Picture: the network\nplt.show()", "Picture: the network"), ("import keras\nx = 1", "import keras"),
    (f"# {'word ' * 30}", f"{'word ' * 15}word…"), ("", ""),
])
def test_a_folded_cell_has_the_title_that_colab_shows(samples: ModuleType, source: str, title: str) -> None:
    [shown] = shown_cells({"cells": [samples.cell("code", source, "")]})
    assert shown.title == title
