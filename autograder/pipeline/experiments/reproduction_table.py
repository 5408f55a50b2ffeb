"""The tables of published and measured figures, written from ``reference/`` alone.

The complete one is in docs/reference/reproduction.md; README.md shows the first figure of each assignment, and the
first of each further recipe of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CalibrationError
from autograder.model import Calibration, Reference
from autograder.model.reproduction import Published, PublishedFigure, Reproduction, middle
from autograder.pipeline.experiments.reproduce import read_published, read_reproduction, recipe_name
from autograder.pipeline.release.placeholders import STAND_IN
from autograder.pipeline.session.course_files import load_reference
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically

BEGIN, END = "<!-- reproduction: begin -->", "<!-- reproduction: end -->"
HEAD = ("assignment", "quantity", "published", "measured: median (range)", "runs", "seconds per run", "why they differ")
SHORT_HEAD = ("assignment", "quantity", "published", "measured: median (range)")
PAGE, README = "docs/reference/reproduction.md", "README.md"
NOTHING = "–"
NOT_RUN = "not run yet"
_HISTORY = re.compile(r"(?P<fit>.+)/(?P<quantity>[^/\[]+)\[(?P<epoch>-?\d+)\]")
Range = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """The measured figures of an assignment, and how they were obtained."""

    values: Mapping[str, Range]
    runs: str
    seconds: str


def write_tables(workspace: Workspace) -> tuple[Path, ...]:
    """Write both tables between the two comments of their pages and return the pages' paths.

    Raises:
        CalibrationError: the comments are missing, or a file in ``reference/`` is invalid.
    """
    pages = _pages(workspace)
    for path, text in pages.items():
        write_atomically(path, text)
    return tuple(pages)


def are_current(workspace: Workspace) -> bool:
    """Whether both pages show what `write_tables` would write."""
    return all(_text(path) == text for path, text in _pages(workspace).items())


def _pages(workspace: Workspace) -> dict[Path, str]:
    tables = {PAGE: table(workspace), README: short_table(workspace)}
    return {workspace.root / name: with_table(_text(workspace.root / name), lines, name)
            for name, lines in tables.items()}


def with_table(text: str, lines: str, name: str) -> str:
    """Return a page with new lines between the two comments.

    Raises:
        CalibrationError: the page does not have the comments once each, in their order.
    """
    start, end = text.find(BEGIN), text.find(END)
    if text.count(BEGIN) != 1 or text.count(END) != 1 or end < start:
        raise CalibrationError(f"{name} was expected to contain {BEGIN} and {END} once each, in this order; "
                               "put them where the table belongs.")
    return f"{text[: start + len(BEGIN)]}\n{lines}\n{text[end:]}"


def short_table(workspace: Workspace) -> str:
    """Return the first figure of each recipe of each assignment as Markdown.

    It does not say how many images a number took, so numbers of a shorter form than the recipe are not shown.
    """
    rows = [(*rows[0][: len(SHORT_HEAD) - 1], rows[0][len(SHORT_HEAD) - 1] if reproduction else NOT_RUN)
            for rows, reproduction in _recipes(workspace)]
    return "\n".join([_line(SHORT_HEAD), _line("---" for _ in SHORT_HEAD), *map(_line, rows)])


def table(workspace: Workspace) -> str:
    """Return the table of the whole course as Markdown, with a sentence on the versions and the machine."""
    rows: list[tuple[str, ...]] = []
    machines: dict[str, list[str]] = {}
    for own_rows, reproduction in _recipes(workspace):
        rows += own_rows
        if reproduction:
            machines.setdefault(_machine(reproduction), []).append(reproduction.data)
    lines = [_line(HEAD), _line("---" for _ in HEAD), *map(_line, rows)]
    return "\n".join([*lines, "", *(_describe(machine, data) for machine, data in machines.items())]).rstrip()


def _recipes(workspace: Workspace) -> Iterator[tuple[list[tuple[str, ...]], Reproduction | None]]:
    """Yield the rows of each recipe of each assignment, and its reproduction where one is recorded."""
    for assignment in workspace.course.assignments:
        published = read_published(workspace, assignment)
        calibration = _calibration(load_reference(workspace.reference(assignment)))
        for number, profile in enumerate(published.profiles):
            own = published.of_profile(profile)
            reproduction = read_reproduction(workspace, assignment, profile)
            found = _reproduced(reproduction) if reproduction else _short(calibration, own)
            first, *others = own.figures
            yield [_row(first, found, assignment if number == 0 else "", found.seconds),
                   *(_row(figure, found) for figure in others)], reproduction


def _reproduced(found: Reproduction) -> Measurements:
    return Measurements(values={name: middle(values) for name, values in found.measured.items()},
                        runs=f"{len(found.seeds)}, {recipe_name(found.profile)}", seconds=_seconds(found.seconds))


def _short(calibration: Calibration | None, published: Published) -> Measurements:
    """Return the figures of the graded, shorter form from the calibration."""
    if calibration is None:
        return Measurements(values={}, runs=NOT_RUN, seconds=NOTHING)
    values = {name: value for figure in published.figures for name in figure.measured
              if (value := _calibrated(calibration, name)) is not None}
    count = len({run.partition("#")[2] for run in calibration.runs})
    where = " on the embedded digits" if calibration.data.startswith("stand-in") else ""
    seconds = _seconds(calibration.seconds) if calibration.seconds else NOTHING
    return Measurements(values=values, runs=f"{count}, graded short form{where}", seconds=seconds)


def _calibrated(calibration: Calibration, name: str) -> Range | None:
    kind, _, rest = name.partition(":")
    if kind == "metric":
        spread = calibration.metrics.get(rest)
        return middle(spread.values) if spread else None
    if kind == "number":
        return calibration.numbers.get(rest)
    match = _HISTORY.fullmatch(rest)
    band = calibration.curves.get(match["fit"], {}).get(match["quantity"], ()) if match else ()
    epoch = int(match["epoch"]) if match else 0
    inside = 1 <= epoch <= len(band) or -len(band) <= epoch <= -1
    return band[epoch - 1 if epoch > 0 else epoch] if inside else None


def _calibration(reference: Reference | None) -> Calibration | None:
    # The real data first, whichever it is.
    keys = sorted(reference.calibrations, key=lambda key: key.startswith(STAND_IN)) if reference else []
    found = (reference.calibrations[key] for key in keys if reference and key.endswith("/cpu"))
    return next((one for one in found if one is not None), None)


def _row(figure: PublishedFigure, found: Measurements, assignment: str = "", seconds: str = "") -> tuple[str, ...]:
    shown = [f"{found.values[name][1]:.{figure.digits}f} ({found.values[name][0]:.{figure.digits}f}–"
             f"{found.values[name][2]:.{figure.digits}f})" if name in found.values else NOTHING
             for name in figure.measured]
    published = figure.published if isinstance(figure.published, str) else ", ".join(
        f"{value:.{figure.digits}f}" for value in figure.published)
    known = any(name in found.values for name in figure.measured)
    return (f"`{assignment}`" if assignment else "", figure.quantity, published, ", ".join(shown),
            found.runs if known or not found.values else NOTHING, seconds, figure.note)


def _seconds(values: Iterable[float]) -> str:
    low, median, high = middle(tuple(values))
    return f"{median:.0f} ({low:.0f}–{high:.0f})"


def _machine(found: Reproduction) -> str:
    versions = ", ".join(f"{name} {found.versions[name]}" for name in ("keras", "tensorflow", "jax", "torch")
                         if name in found.versions)
    cores = "one core" if found.threads == 1 else f"{found.threads} cores"
    return f"{versions or 'versions unknown'}, {cores} of {found.processor}"


def _describe(machine: str, data: Sequence[str]) -> str:
    return f"Recipes: {machine}, data {', '.join(dict.fromkeys(data))}."


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise CalibrationError(f"{path.name} was expected in {path.parent.name}, but cannot be read; "
                               f"write one with {BEGIN} and {END}.") from None
