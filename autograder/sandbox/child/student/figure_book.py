"""Records what each figure shows at the moment when it is drawn below a cell: axes, labels, legends and data.

The record has its own file and budget, independent of a notebook's other output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from matplotlib.figure import Figure
from numpy import asarray, concatenate, empty, isfinite, linspace, ma, ndarray

from autograder.artifacts.drawings import MAX_AXES, MAX_POINTS, MAX_SERIES
from autograder.sandbox.child.student.records import Recorder

_MAX_TEXT = 200
_MAX_TEXTS = 20
_DIGITS = 7
_MAX_VALUES = 100_000
_MAX_IMAGE = 50_000
Record = dict[str, Any]


class FigureBook:
    """All figures of one run, in the order in which they were drawn."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def install(self, shell: Any) -> None:
        """Inspect everything that becomes a picture in the output: by `plt.show`, by `display`, as a cell's result."""
        formatter = shell.display_formatter
        original = formatter.format

        def format_and_look(value: Any, *args: Any, **kwargs: Any) -> Any:
            found = original(value, *args, **kwargs)
            self._look(value, found)
            return found

        formatter.format = format_and_look

    def _look(self, value: Any, found: Any) -> None:
        """Record a value that was drawn as a picture; unless it is a figure of matplotlib, only that it is one."""
        try:
            pictures = [kind for kind in found[0] if str(kind).startswith("image/")]
            if pictures or (isinstance(value, Figure) and not found[0]):
                self._recorder.figure(describe(value) if isinstance(value, Figure) else {"kind": "picture"})
        except Exception:
            # The figure is in the output, but nothing is known about it.
            self._recorder.figure({"kind": "picture"})


def describe(figure: Figure) -> Record:
    """Return what a figure shows, with every list cut to the length that its reader accepts."""
    budget = _Budget(_MAX_VALUES)
    texts = [_text(getattr(figure, name, None)) for name in ("_suptitle", "_supxlabel", "_supylabel")]
    return {
        "kind": "figure", "title": texts[0], "xlabel": texts[1], "ylabel": texts[2],
        "legend": _legends(figure.legends), "count": len(figure.axes),
        "axes": [_axes(axes, budget) for axes in figure.axes[:MAX_AXES]],
    }


class _Budget:
    """How many more numbers the record of one figure may contain."""

    def __init__(self, room: int) -> None:
        self._room = room

    def numbers(self, values: Any) -> list[Any] | None:
        """Return numbers as they are written to the record; None if there is no room left."""
        if len(values) > self._room:
            return None
        self._room -= len(values)
        return [_number(value) for value in values]


def _axes(axes: Any, budget: _Budget) -> Record:
    series: list[Record] = []
    for artists, tell in _kinds(axes):
        for artist in list(artists)[: MAX_SERIES - len(series)]:
            if _visible(artist):
                series.append(_record_of(artist, tell, budget))
    legend = axes.get_legend()
    return {
        "name": str(axes.name)[:_MAX_TEXT], "title": " ".join(filter(None, map(_text, (axes.title, axes._left_title)))),
        "xlabel": _text(axes.xaxis.label), "ylabel": _text(axes.yaxis.label),
        "zlabel": _text(axes.zaxis.label) if hasattr(axes, "zaxis") else "",
        "texts": [_text(text) for text in axes.texts[:_MAX_TEXTS]], "ticks": _ticks(axes),
        "legend": _legends([legend] if legend is not None else []), "series": series,
    }


def _kinds(axes: Any) -> list[tuple[Iterable[Any], Callable[[Any, _Budget], Record]]]:
    return [(axes.lines, _line), (axes.images, _image), (axes.collections, _collection), (axes.patches, _patch)]


def _record_of(artist: Any, tell: Callable[[Any, _Budget], Record], budget: _Budget) -> Record:
    """Return the record of one artist; if it cannot be read, only that it exists."""
    try:
        return {**tell(artist, budget), "label": _label(artist)}
    except Exception:
        return {"kind": "other", "class": type(artist).__name__[:_MAX_TEXT]}


def _line(line: Any, budget: _Budget) -> Record:
    space = getattr(line, "_verts3d", None)
    columns = space if space is not None else (line.get_xdata(orig=False), line.get_ydata(orig=False))
    return _points("line", columns, budget)


def _image(image: Any, budget: _Budget) -> Record:
    array = _plain(image.get_array())
    values = budget.numbers(array.reshape(-1)) if array.size <= _MAX_IMAGE else None
    return {"kind": "image", "shape": list(array.shape)[:4], "values": values}


def _collection(collection: Any, budget: _Budget) -> Record:
    """Return points, corners of a surface, or the fields of a mesh."""
    offsets = getattr(collection, "_offsets3d", None)
    if offsets is not None:
        return _points("scatter", offsets, budget)
    corners = _corners(collection)
    if corners is not None:
        return _points("surface", corners, budget)
    if type(collection).__name__ == "QuadMesh":
        return _image(collection, budget)
    if type(collection).__name__ == "PathCollection":
        return _points("scatter", _plain(collection.get_offsets()).T, budget)
    if type(collection).__name__ == "LineCollection" and len(ends := _ends(collection)) in range(1, MAX_POINTS + 1):
        return _points("segments", ends.T, budget)
    return {"kind": "other", "class": type(collection).__name__[:_MAX_TEXT]}


def _ends(collection: Any) -> Any:
    """Return both ends of every straight piece, shape (2 · pieces, 2); no rows where a piece has a bend."""
    pieces = [_plain(piece) for piece in collection.get_segments()]
    return concatenate(pieces) if pieces and all(piece.shape == (2, 2) for piece in pieces) else empty((0, 2))


def _corners(collection: Any) -> Any:
    """Return the corners of a surface or wireframe in space as three rows; None for anything flat."""
    faces, wires, older = (getattr(collection, name, None) for name in ("_faces", "_segments3d", "_vec"))
    if isinstance(faces, ndarray) and faces.ndim == 3:
        return _plain(faces).reshape(-1, 3).T
    if wires is not None and len(wires):
        return concatenate([_plain(wire).reshape(-1, 3) for wire in wires]).T
    return _plain(older)[:3] if isinstance(older, ndarray) else None


def _patch(patch: Any, _: _Budget) -> Record:
    """Return the height of a bar; of any other patch, only that it exists."""
    if hasattr(patch, "get_height") and hasattr(patch, "get_x"):
        return {"kind": "bar", "count": 1, "y": [_number(patch.get_height())], "x": [_number(patch.get_x())]}
    return {"kind": "other", "class": type(patch).__name__[:_MAX_TEXT]}


def _points(kind: str, columns: Any, budget: _Budget) -> Record:
    """Return points; an even selection if there are more than the reader accepts."""
    arrays = [_plain(column).reshape(-1) for column in columns]
    count = min(map(len, arrays))
    if count > MAX_POINTS:
        chosen = linspace(0, count - 1, MAX_POINTS).astype(int)
        arrays = [array[chosen] for array in arrays]
    columns_by_axis = {name: budget.numbers(array) for name, array in zip("xyz", arrays, strict=False)}
    return {"kind": kind, "count": count, **columns_by_axis}


def _plain(values: Any) -> Any:
    if isinstance(values, ma.MaskedArray):
        values = values.filled(float("nan")) if values.dtype.kind == "f" else values.data
    array = asarray(values)
    return array if array.dtype.kind in "biuf" else array.astype(float)


def _number(value: Any) -> Any:
    number = float(value)
    return float(f"{number:.{_DIGITS}g}") if isfinite(number) else None


def _ticks(axes: Any) -> list[str]:
    """Return the words at the ticks of all axes, such as the names below bars; numbers are left out."""
    try:
        labels = [label for axis in axes._axis_map.values() for label in axis.get_ticklabels()[:_MAX_TEXTS]]
        return [text for text in map(_text, labels) if any(map(str.isalpha, text))]
    except Exception:
        return []


def _visible(artist: Any) -> bool:
    try:
        return bool(artist.get_visible())
    except Exception:
        return True


def _label(artist: Any) -> str:
    label = str(artist.get_label())[:_MAX_TEXT]
    # Matplotlib calls what has no label _child0.
    return "" if label.startswith("_") else label


def _legends(legends: Iterable[Any]) -> list[str]:
    return [_text(text) for legend in legends if _visible(legend) for text in legend.get_texts()[:MAX_SERIES]]


def _text(text: Any) -> str:
    shown = text.get_text() if text is not None and hasattr(text, "get_text") and _visible(text) else ""
    return str(shown).encode("utf-8", "replace").decode("utf-8").strip()[:_MAX_TEXT]
