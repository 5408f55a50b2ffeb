"""What a reader opens: ordinary outputs look as before, and nothing that a student writes acts."""

from __future__ import annotations

import base64
import io
import random
import struct
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.safe import (
    allowed_html,
    html,
    plain_text,
    plain_words,
    safe_notebook,
    without_joiners,
)
from autograder.safe import (
    clean as notebook,
)

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 4, 4) + b"\x08\x02\0\0\0").decode()
SUMMARY = ("<pre style=\"white-space:pre;overflow-x:auto;line-height:normal;"
           "font-family:Menlo,'DejaVu Sans Mono',consolas,'Courier New',monospace\">"
           "┃<span style=\"font-weight: bold\"> Param # </span>┃\n"
           "│ dense (<span style=\"color: #0087ff; text-decoration-color: #0087ff\">Dense</span>) │\n</pre>\n")
PIECES = ["<", ">", "</", "<!--", "-->", "script", "img", "svg", "math", "style", "table", "a", "p", "b", " ", "\n",
          "\"", "'", "=", "src", "href", "onerror", "style", "javascript:", "data:", "http://x/", "&", "&#58;",
          "&colon;", ";", "url(", ")", "(", "[", "]", "!", ":", "#", "$", "`", "```", "\\href", "\\", "/", "id", "x",
          "\x1b[", "31m", "\0"]
PLAIN = ("p h1 h2 h3 h4 h5 h6 ul ol li pre code a img blockquote em strong hr br b",
         "table thead tbody tr th td del span div dl dt dd input")
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80)


class _Seen(HTMLParser):
    """Every element and attribute of a text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def shown(data: dict[str, Any], metadata: Any = None) -> list[dict[str, Any]]:
    """Return the outputs that are left of one display."""
    cell = {"cell_type": "code", "source": "", "metadata": {}, "execution_count": 1,
            "outputs": [{"output_type": "display_data", "data": data, "metadata": metadata or {}}]}
    outputs: list[dict[str, Any]] = safe_notebook({"cells": [cell], "metadata": {}})["cells"][0]["outputs"]
    return outputs


def markdown(source: str) -> str:
    """Return a Markdown cell's text as people get it."""
    cells = safe_notebook({"cells": [{"cell_type": "markdown", "source": source, "metadata": {}}]})["cells"]
    return str(cells[0]["source"])


def test_a_table_of_pandas_is_the_same_table() -> None:
    table = ('<div>\n<style scoped>\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n</style>\n'
             '<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n      <th></th>\n'
             '      <th>a &lt; b</th>\n    </tr>\n  </thead>\n  <tbody>\n    <tr>\n      <th>0</th>\n      <td>1</td>\n'
             "    </tr>\n  </tbody>\n</table>\n</div>")
    (output,) = shown({"text/html": table, "text/plain": "   a"})
    kept = output["data"]["text/html"]
    assert '<table border="1" class="dataframe">' in kept and '<tr style="text-align: right">' in kept
    assert "<th>a &lt; b</th>" in kept and "style scoped" not in kept
    assert output["data"]["text/plain"] == "   a"


def test_a_models_summary_keeps_its_colours() -> None:
    (output,) = shown({"text/html": SUMMARY})
    kept = output["data"]["text/html"]
    assert "white-space: pre; overflow-x: auto; line-height: normal" in kept
    assert '<span style="color: #0087ff; text-decoration-color: #0087ff">Dense</span>' in kept


def test_a_drawing_of_matplotlib_stays_a_drawing() -> None:
    from matplotlib.figure import Figure

    figure, file = Figure(), io.StringIO()
    axes = figure.subplots()
    axes.plot([1, 2], [3, 4], label="training")
    axes.legend()
    figure.savefig(file, format="svg")
    (output,) = shown({"image/svg+xml": file.getvalue()})
    kept = output["data"]["image/svg+xml"]
    root = ElementTree.fromstring(kept)  # noqa: S314 - our own drawing
    assert len(root.findall(".//{*}path")) == file.getvalue().count("<path ")
    ids = {part.get("id") for part in root.iter()}
    used = {part.get("{http://www.w3.org/1999/xlink}href", "")[1:] for part in root.findall(".//{*}use")}
    assert used and used <= ids


def test_pictures_and_words_stay_as_they_are() -> None:
    outputs = shown({"image/png": PNG, "text/plain": "<Figure size 640x480 with 1 Axes>"}, {"image/png": {"width": 20}})
    assert outputs == [{"output_type": "display_data", "metadata": {"image/png": {"width": 20}},
                        "data": {"image/png": PNG, "text/plain": "<Figure size 640x480 with 1 Axes>"}}]
    words = "100%|##########| 10/10\r\x1b[32mok\x1b[0m a < b && c\n"
    assert plain_text.terminal(words) == words


@pytest.mark.parametrize("written", [
    "Because a < b, and $x_1 \\le \\frac{a}{b}$ holds.", "- one\n- two\n\n1. *three* **four** `x[0]`",
    "See [the page](https://keras.io/api?a=1&b=2#c) or H<sub>2</sub>O.<br>Ω &alpha; &#937; é",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```python\nif a<1: print(b[1])\n```", "YOUR ANSWER HERE",
])
def test_an_ordinary_answer_is_left_alone(written: str) -> None:
    assert markdown(written) == written


def test_a_loss_is_reported_in_a_sentence() -> None:
    only = shown({"text/html": "<script>x()</script>", "text/plain": "<HTML object>"})
    assert [output["data"] for output in only] == [
        {"text/plain": "<HTML object>"}, {"text/plain": notebook.ACTIVE_HTML}]
    part = shown({"text/html": "<p onclick='x()'>words</p>"})
    assert [output["data"] for output in part] == [{"text/html": "<p>words</p>"}, {"text/plain": notebook.ACTIVE_PART}]
    assert shown({"application/javascript": "x()"})[0]["data"] == {"text/plain": notebook.SCRIPT}
    assert shown({"image/png": "AAAA"})[0]["data"] == {"text/plain": plain_text.NO_PICTURE}
    assert shown({"Text/HTML": "<b>x</b>"})[0]["data"] == {"text/plain": notebook.UNKNOWN}
    assert "an external picture is not shown: my cat" in markdown("![my cat](http://x/y.png)")


def test_texts_of_the_release_are_the_instructors() -> None:
    cell = {"cell_type": "markdown", "source": "<img src='https://keras.io/x.png'>", "metadata": {}}
    assert safe_notebook({"cells": [cell]}, own=[cell])["cells"][0]["source"] == cell["source"]
    other = {**cell, "attachments": {"a.png": {"image/png": PNG}}}
    assert safe_notebook({"cells": [other]}, own=[cell])["cells"][0]["source"] != cell["source"]


def test_formulas_cannot_link_or_define() -> None:
    kept = markdown(r"$\href{javascript:x}{y}$ $\require{html}\class{score}{1} \def\x{y} \frac{1}{2} \classical$")
    assert "\\href" not in kept and "\\require" not in kept and "\\class{" not in kept and "\\def" not in kept
    assert r"\frac{1}{2} \classical" in kept
    assert without_joiners(kept).startswith(r"$\href{javascript:x}{y}$")


@pytest.mark.parametrize("heading", ["# test-double", "> ## test-double", "- #test-double", "test-double\n===",
                                     "a\n\ntest-double\n   ---", "# te**st**-double", "# &#116;est-double"])
def test_no_heading_takes_the_id_of_a_field(heading: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    assert 'id="test-double"' in str(markdown2html_mistune(heading))
    assert 'id="test-double"' not in str(markdown2html_mistune(markdown(heading)))


@settings(deadline=None, max_examples=300)
@given(HOSTILE)
def test_html_holds_only_what_is_allowed(source: str) -> None:
    cleaned = html_of(source)
    seen = _Seen(cleaned)
    assert seen.tags <= allowed_html.TAGS
    for tag, name, value in seen.attributes:
        assert not name.startswith("on") and name not in ("id", "srcset", "srcdoc", "action")
        assert name != "href" or value.lower().startswith(("http://", "https://", "mailto:"))
        assert name != "src" or (tag == "img" and value.startswith("data:image/"))
        assert name != "style" or not {"(", "\\", "<"} & set(value.replace("rgb(", ""))
    assert html_of(cleaned) == cleaned


def html_of(source: str) -> str:
    """Return HTML in its safe form."""
    return html.html(source).text


@settings(deadline=None, max_examples=300)
@given(HOSTILE)
def test_markdown_makes_no_html_of_a_students(source: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    kept = markdown(source)
    assert markdown(kept) == kept
    plain = {tag for tags in PLAIN for tag in tags.split()}
    seen = _Seen(str(markdown2html_mistune(kept)))
    assert seen.tags <= plain
    for tag, name, value in seen.attributes:
        assert not name.startswith("on")
        assert name != "href" or value.lower().startswith(("http://", "https://", "mailto:", "#"))
        assert tag != "img" or name != "src" or value.startswith("data:image/")


KEYS = ["data", "metadata", "text/html", "outputs", "output_type", "source", "attachments", "traceback"]
JSON = st.recursive(st.none() | st.booleans() | st.integers() | HOSTILE, lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(HOSTILE | st.sampled_from(KEYS), inner, max_size=4), max_leaves=15)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(st.fixed_dictionaries({"cells": st.lists(st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", "x"])},
    optional=dict.fromkeys(("source", "outputs", "metadata", "attachments", "id", "execution_count"), JSON),
), max_size=3)}, optional={"metadata": JSON, "nbformat_minor": JSON}))
def test_any_json_becomes_a_notebook_and_stays_one(given_notebook: dict[str, Any]) -> None:
    once = safe_notebook(given_notebook)
    assert safe_notebook(once) == once


@pytest.mark.parametrize("hostile", [
    "<div>" * 200_000, "<table>" * 100_000, "".join(f"<b title={n}>" for n in range(40_000)) + "<p>x</p>" * 50_000,
    "<a href=http://x/>" * 50_000 + "</i>" * 50_000,
])
def test_html_that_would_take_the_square_of_its_length_is_refused(hostile: str) -> None:
    assert html.cost(hostile) > html.MOST_COST
    assert shown({"text/html": hostile})[0]["data"] == {"text/plain": notebook.LARGE_HTML}


@pytest.mark.slow
def test_many_costly_outputs_share_one_budget() -> None:
    costly = "<div>" * 5_000
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [
        {"output_type": "display_data", "data": {"text/html": costly + "x"}, "metadata": {}}] * 30}
    outputs = safe_notebook({"cells": [cell]})["cells"][0]["outputs"]
    assert 0 < sum("text/html" in output["data"] for output in outputs) <= notebook.MOST_COST // html.cost(costly)
    assert outputs[-1]["data"] == {"text/plain": notebook.LARGE_HTML}


def test_colours_are_bounded() -> None:
    many = "\x1b[31mx" * 200_000
    assert plain_text.terminal(many) == "x" * 200_000
    assert plain_text.terminal("\x1b]8;;http://x\x07here\x1b]8;;\x07\x1b[2Jy\x1b[1mz") == "herey\x1b[1mz"


def test_our_words_about_a_students_values_are_words() -> None:
    said = plain_words("seen: <img src=x onerror=y> [a](javascript:b) ![c](d) $\\href{e}{f}$")
    assert not {"<i", "](", "![", "\\href"} & {said[n : n + k] for n in range(len(said)) for k in (2, 5)}
    assert without_joiners(said).startswith("seen: <img src=x onerror=y> [a](javascript:b)")


def test_growth_is_linear() -> None:
    """Steps of the parts that are our own: characters that a pattern walks do not grow faster than the text."""
    rng = random.Random(7)
    words = "".join(rng.choice(PIECES) for _ in range(150_000))
    assert len(markdown(words)) <= 2 * len(words) + 1_000
