"""Figures: what each one shows is recorded when it is drawn, whatever else the notebook prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import Drawn, Figures, Series, read
from autograder.workspace.artifact_folder import FolderSource

pytestmark = pytest.mark.slow

START = "import matplotlib.pyplot as plt\nimport numpy as np"


def figures(ran: Any) -> Figures:
    found = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").figures
    assert found is not None
    return found


def only(ran: Any) -> Drawn:
    (drawn,) = figures(ran).drawn
    return drawn


def series(ran: Any) -> tuple[Series, ...]:
    return only(ran).fields[0].series


def test_lines_labels_and_legend(run: Any) -> None:
    code = ("plt.plot([1, 2, 3], [0.5, 0.25, 0.125], label='training')\nplt.plot([1, 2, 3], [3, 2, 1], label='test')\n"
            "plt.plot([9, 9])\nplt.xlabel('epoch')\nplt.ylabel('loss')\nplt.title('curves')\nplt.legend()\nplt.show()")
    drawn = only(run(START, code))
    assert drawn.cell == 1 and not drawn.picture
    (field,) = drawn.fields
    assert (field.xlabel, field.ylabel, field.title) == ("epoch", "loss", "curves")
    assert field.legend == ("training", "test") and [item.label for item in field.series] == ["training", "test", ""]
    first = field.series[0]
    assert first.kind == "line" and first.count == 3 and first.x is not None and first.y is not None
    assert first.x.tolist() == [1, 2, 3] and first.y.tolist() == [0.5, 0.25, 0.125]


@pytest.mark.parametrize("code", [
    "plt.plot([1, 2]); plt.show()", "plt.plot([1, 2])", "figure, axes = plt.subplots(); axes.plot([1, 2])",
    "from matplotlib.figure import Figure\nfigure = Figure(); figure.subplots().plot([1, 2]); figure",
    "from matplotlib.figure import Figure\nfigure = Figure(); figure.subplots().plot([1, 2]); display(figure)",
    "%matplotlib inline\nplt.plot([1, 2]); plt.show()",
])
def test_every_way_to_show_a_figure(run: Any, code: str) -> None:
    (found,) = series(run(START, code))
    assert found.y is not None and found.y.tolist() == [1, 2]


def test_each_figure_is_recorded_once_and_in_its_cell(run: Any) -> None:
    code = "for i in range(2):\n    plt.figure(); plt.plot([i, i]); plt.show()"
    ran = run(START, code, "plt.plot([7])\nprint('hello')")
    assert [drawn.cell for drawn in figures(ran).drawn] == [1, 1, 2]
    assert figures(ran).printed == {2: len("hello\n")}


def test_images_points_bars_and_what_is_not_known(run: Any) -> None:
    ran = run(START, "plt.imshow(np.arange(6).reshape(2, 3), cmap='gray')\nplt.scatter([1, 2], [3, 4])\n"
              "plt.bar([0, 1], [5, 6])\nplt.fill_between([0, 1], [0, 1])\nplt.show()")
    kinds = {item.kind: item for item in series(ran)}
    assert set(kinds) == {"image", "scatter", "bar", "other"}
    assert kinds["image"].values is not None and kinds["image"].values.tolist() == [0, 1, 2, 3, 4, 5]
    assert kinds["scatter"].y is not None and kinds["scatter"].y.tolist() == [3, 4]


def test_surfaces_and_points_in_space(run: Any) -> None:
    ran = run(START, "x, y = np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0])\n"
              "field = plt.figure().add_subplot(projection='3d')\n"
              "field.plot_surface(x, y, x + 10 * y)\nfield.scatter([1], [2], [3])\nfield.plot([0, 1], [0, 1], [4, 5])\n"
              "field.plot_wireframe(x, y, x)\nfield.set_zlabel('height')\nplt.show()")
    (field,) = only(ran).fields
    assert (field.name, field.zlabel) == ("3d", "height")
    line, surface, points, wires = field.series
    assert (line.kind, points.kind) == ("line", "scatter")
    assert line.z is not None and line.z.tolist() == [4, 5]
    assert points.z is not None and points.z.tolist() == [3]
    for drawn in (surface, wires):
        assert drawn.kind == "surface" and drawn.x is not None and drawn.y is not None and drawn.z is not None
    assert surface.x is not None and surface.y is not None and surface.z is not None
    np.testing.assert_allclose(surface.z, surface.x + 10 * surface.y)


def test_a_picture_that_matplotlib_did_not_draw_is_known_to_be_there(run: Any) -> None:
    ran = run(START, "plt.plot([1, 2]); plt.savefig('a.png'); plt.close()\n"
              "from IPython.display import Image\nImage('a.png')")
    assert only(ran).picture


def test_the_limit_on_outputs_takes_no_figure_away(run: Any) -> None:
    ran = run(START, "print('x' * 30_000_000)", "plt.plot([1, 2]); plt.show()")
    assert any(message["type"] == "truncated" for message in ran.messages)
    (found,) = figures(ran).drawn
    assert found.cell == 2 and found.fields[0].series[0].count == 2


@pytest.mark.rotates(part=5)
def test_figures_beyond_the_budget_are_said_to_be_missing(run: Any) -> None:
    ran = run(START, "for i in range(60):\n    plt.figure(figsize=(1, 1))\n    for _ in range(20):\n"
              "        plt.plot(np.random.rand(1500))\n    plt.show()")
    found = figures(ran)
    assert not found.whole and 5 < len(found.drawn) < 60
    assert (ran.scratch / ".out" / "figures.jsonl").stat().st_size < 8 << 20


def test_a_huge_figure_is_cut_and_hostile_ones_end_nothing(run: Any) -> None:
    ran = run(START, "plt.plot(np.random.rand(1_000_000)); plt.show()",
              "class Bad(type(plt.gca())):\n    lines = property(lambda self: 1 / 0)\n"
              "axes = plt.gca(); axes.plot([1]); axes.__class__ = Bad; plt.show()", "plt.close('all'); print('on')")
    first, *others = figures(ran).drawn
    assert first.fields[0].series[0].count == 1_000_000
    assert first.fields[0].series[0].y is not None and len(first.fields[0].series[0].y) == 4000
    assert all(drawn.picture for drawn in others) and "on" in ran.text(3)


def test_what_the_grader_calls_records_no_figure(run: Any) -> None:
    ran = run(START, "def draw():\n    plt.plot([1, 2]); plt.show()", ("a", "1"),
              calls={"a": [{"function": "draw", "args": [], "kwargs": {}}]})
    assert figures(ran).drawn == ()
