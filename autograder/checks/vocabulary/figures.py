"""Assertions about figures, by what they showed when they were drawn, as recorded by the student's process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from autograder.artifacts import Array, Drawn
from autograder.checks.outcome import CheckFailed, Consequence, Unjudged
from autograder.checks.vocabulary import figure_content
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.figure_record import END, UNREAD, Curves, DrawnSubject
from autograder.checks.vocabulary.subject import claimed, listed


class FiguresSubject(DrawnSubject):
    """The figures that the cells of one task show."""

    @claimed
    def has_fields(self, count: int) -> None:
        """The figures of the task together have this many plots that are not empty, each with its own axes."""
        self._something()
        seen = sum(not figure_content.is_empty(field) for field in self._fields(self.figures))
        if seen < count:
            self._doubt(self.figures)
            raise self._failed(f"The figures of this step have {seen} plot{'' if seen == 1 else 's'} that "
                               f"{'is' if seen == 1 else 'are'} not empty.", f"At least {count}.")

    @claimed
    def has_lines(self, count: int) -> None:
        """The figures of the task together have this many lines."""
        self._something()
        seen = sum(len(figure_content.lines_of(field)) for field in self._fields(self.figures))
        if seen < count:
            self._doubt(self.figures)
            raise self._failed(f"The figures of this step have {seen} line{'' if seen == 1 else 's'}.",
                              f"At least {count}.")

    @claimed
    def shows_curves(self, name: str, *quantities: str, or_printed: bool = False) -> None:
        """Each quantity of a history is drawn: ``shows_curves("adam_history", "loss", "val_loss")``.

        In any number of figures and plots, as lines, points or bars, as shares or percentages. Where the training never
        ran to its end, so that there are no curves to draw, the failed check of that step blocks this one.

        Args:
            or_printed: the task allows printing the numbers instead; a person then looks at them.
        """
        with self._blocked_without(name):
            self._curves_drawn(name, quantities, or_printed)

    def _curves_drawn(self, name: str, quantities: Sequence[str], or_printed: bool) -> None:
        self._something(or_printed)
        candidates = self._curves(name)
        if not candidates:
            raise Unjudged(UNREAD, f"there is no history {name} to compare it with, and no training was seen")
        verdicts = [self._missing(curves, quantities) for curves in candidates]
        missing, doubt = min(verdicts, key=lambda verdict: (len(verdict[0]), verdict[1]))
        if missing:
            if doubt:
                raise Unjudged(UNREAD, f"no line shows {listed(missing)} of {name}, but something else is drawn")
            raise self._failed(f"No line of the figure shows {listed([f'`{item}`' for item in missing])} of `{name}`.",
                              f"{listed(list(quantities))} of `{name}`, one number per epoch.",
                              f"`{name}.history[\"{missing[0]}\"]` is the list to draw, if `{name}` is what `fit` "
                              "returned.")

    @claimed
    def is_labelled(self, *names: str, or_printed: bool = False) -> None:
        """Both axes have a label, and a legend identifies the lines, in each figure that shows these histories.

        One label is enough for plots that share it; a title counts as the label of the vertical axis, and text next to
        the lines counts as a legend. Where nothing is drawn because none of the trainings ran to its end, the failed
        check of that step blocks this one.
        """
        with self._blocked_without(*names):
            self._something(or_printed)
            figures = [figure for figure in self._drawn_here() if self._shows_any(figure, names)] or \
                [figure for figure in self._drawn_here() if not all(map(figure_content.is_empty, figure.fields))]
            if not figures:
                self._doubt(self._all())
                raise self._failed("The figure is empty.", "A figure with labels on its axes.", END)
        for figure in figures:
            lacking = _lacking(figure)
            if lacking:
                raise self._failed(f"A figure of this step has no {listed(lacking)}.",
                                  "A label on each axis, and a legend that identifies the lines.",
                                  "`plt.xlabel`, `plt.ylabel` and `plt.legend`, before `plt.show()`; `label=\"…\"` "
                                  "names a line for the legend.")

    @claimed
    def is_labelled_in_space(self) -> None:
        """A figure with three axes has a label on each of them."""
        self._something()
        fields = [field for field in self._fields(self._all())
                  if field.name == "3d" and not figure_content.is_empty(field)]
        if not fields:
            self._doubt(self._all())
            raise self._failed("No figure of this step has three axes and something drawn in them.",
                              "A figure in three dimensions.",
                              "`plt.figure().add_subplot(projection=\"3d\")` makes one.")
        if not any(field.xlabel and field.ylabel and field.zlabel for field in fields):
            raise self._failed("An axis of the figure has no label.", "A label on each of the three axes.",
                              "`set_xlabel`, `set_ylabel` and `set_zlabel` are methods of the axes.")

    @claimed
    def shows_image(self, raw: Array, what: str) -> None:
        """A figure shows this image, in any colours and on any scale.

        Args:
            raw: shape (rows, columns), e.g. ``data.train_images[8]``.
            what: what it is called: ``"training image number 8"``.
        """
        self._something()
        shown = figure_content.image_shown(self._fields(self._all()), raw)
        if shown == "turned":
            raise self._failed("The image is turned or mirrored.", f"{what[:1].upper()}{what[1:]}, as it is stored.",
                              "Rows come first: was the array transposed?")
        if shown is not True:
            self._refuse(shown is None, f"No figure of this step shows {what}.", f"{what[:1].upper()}{what[1:]}.",
                         "Python counts from 0.")

    @claimed
    def shows_surface(self, places: Sequence[ArraySubject], heights: ArraySubject) -> None:
        """A figure in space shows the surface of these heights: ``shows_surface((grid_x1, grid_x2), grid_heights)``."""
        self._something()
        columns = np.stack([place.values().reshape(-1).astype(float) for place in places], axis=1)
        wanted = heights.values().reshape(-1).astype(float)
        if len(columns) != len(wanted):
            raise self._failed(f"{heights.quoted} has {len(wanted):,} heights for {len(columns):,} points.",
                              "One height for each point of the grid.")
        shown = figure_content.surface_shown(self._fields(self._all()), columns, wanted)
        if shown is not True:
            self._refuse(shown is None, f"No figure of this step shows the heights of {heights.quoted}.",
                         "A surface over the grid.", "`plot_surface` takes three arrays of shape (25, 25).")

    @claimed
    def shows_points(self, places: ArraySubject, heights: ArraySubject) -> None:
        """A figure in space shows these points: ``shows_points(X_test, y_test)``."""
        self._something()
        rows, positions, _ = places.known_rows()
        values, others, _ = heights.known_rows()
        if not np.array_equal(positions, others):
            raise Unjudged(UNREAD, f"{places.name} and {heights.name} differ in length")
        wanted = np.concatenate([rows.reshape(len(rows), -1), values.reshape(len(values), -1)], axis=1).astype(float)
        shown = wanted.shape[1] == 3 and figure_content.points_shown(self._fields(self._all()), wanted)
        if shown is not True:
            self._refuse(shown is None, f"The points of {places.quoted} and {heights.quoted} are in no figure of this "
                         "step.", "Each measurement as a point.", "`scatter` takes three rows of numbers.")

    @claimed
    def shows_error_bars(self, means: Sequence[float], deviations: Sequence[float]) -> None:
        """Each mean has a bar of one deviation to both sides, upright or lying: ``shows_error_bars(means, spreads)``.

        Args:
            means: n numbers, as shares; they may be drawn as percentages.
            deviations: n numbers.
        """
        self._something()
        shown = figure_content.error_bars_shown(self._fields(self._all()), means, deviations)
        if shown == "length":
            raise self._failed("The error bars are at the means, and some have another length.",
                               "Bars from mean − deviation to mean + deviation.",
                               "`yerr` takes one deviation per mean; it is drawn to both sides.")
        if shown is not True:
            self._refuse(shown is None, "No figure of this step shows an error bar at each of the means.",
                         f"{len(means)} means, each with a bar of one deviation to both sides.",
                         "`plt.errorbar` and `plt.bar` take the deviations as `yerr`.")

    @claimed
    def identifies(self, *names: str) -> None:
        """Each name is written at an axis, in a legend or next to what is drawn, and an axis has a label."""
        self._something()
        figures = [figure for figure in self._drawn_here() if not all(map(figure_content.is_empty, figure.fields))]
        missing = figure_content.unwritten(figures, names)
        labelled = any(figure.xlabel or figure.ylabel or any(field.xlabel or field.ylabel for field in figure.fields)
                       for figure in figures)
        if missing or not labelled:
            self._doubt(self._all())
            seen = f"The figure does not say which is {listed(missing)}." if missing else "No axis has a label."
            raise self._failed(seen, "Every name next to what belongs to it, and a label on the axis of the numbers.",
                               "Texts given in place of x become names at the axis; `plt.ylabel` labels an axis.")

    @contextmanager
    def _blocked_without(self, *names: str) -> Iterator[None]:
        """Make whatever is missing inside a consequence of the trainings of these names, where none of them ended."""
        try:
            yield
        except (CheckFailed, Unjudged) as problem:
            if self._blank or not names or not all(map(self._untrained, names)):
                raise
            raise Consequence(problem) from None

    def _missing(self, curves: Curves, quantities: Sequence[str]) -> tuple[list[str], bool]:
        """Return the quantities that no figure shows, and whether this is uncertain."""
        missing, doubt = [], False
        for quantity in quantities:
            if quantity not in curves:
                missing.append(quantity)
                continue
            shown = figure_content.curve_shown(self._fields(self._all()), curves[quantity])
            if shown is not True:
                missing.append(quantity)
                doubt |= shown is None
        return missing, doubt or self._unread()

    def _shows_any(self, figure: Drawn, names: Sequence[str]) -> bool:
        return any(figure_content.curve_shown(figure.fields, values) is True
                   for name in names for curves in self._curves(name) for values in curves.values())

def _lacking(figure: Drawn) -> list[str]:
    """Return which labels a figure lacks, in words."""
    fields = [field for field in figure.fields if not figure_content.is_empty(field)]
    several = [field for field in fields if len(figure_content.lines_of(field)) > 1]
    shared = bool(figure.legend) or any(field.legend for field in figure.fields)
    checks = {
        "label of the horizontal axis": figure.xlabel or any(field.xlabel for field in fields),
        "label of the vertical axis": figure.ylabel or any(field.ylabel or field.title for field in fields),
        "legend": shared or all(len(field.texts) > 1 for field in several),
    }
    return [what for what, there in checks.items() if not there]
