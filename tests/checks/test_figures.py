"""Figures as matplotlib draws them and the recorder describes them: which ones show the expected numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

from autograder.artifacts import read
from autograder.checks.outcome import CheckFailed, Consequence, Unjudged
from autograder.checks.student import Student
from autograder.checks.vocabulary.figures import FiguresSubject
from autograder.model import SlotStatus
from autograder.sandbox.child.student.figure_book import describe
from autograder.workspace.artifact_folder import FolderSource

KEY = "c0ffee"
LOSS, VAL = [0.91, 0.52, 0.333, 0.21, 0.2], [0.8, 0.55, 0.4, 0.37, 0.39]
ACCURACY = [0.61, 0.742, 0.8, 0.83, 0.85]
HISTORY = {"kind": "history", "model": 1, "fit": 1, "history": {"loss": LOSS, "val_loss": VAL, "accuracy": ACCURACY}}
GRID = np.meshgrid(np.linspace(-4, 4, 25), np.linspace(-4, 4, 25))
HEIGHTS = np.sin(GRID[0]) + GRID[1]
PLACES = np.random.default_rng(1).uniform(-4, 4, (250, 2))
VALUES = PLACES.sum(axis=1)
Draw = Callable[[], Any]

pytestmark = pytest.mark.usefixtures("no_window")


@pytest.fixture
def shown(craft: Any, tiny: Any) -> Callable[..., FiguresSubject]:
    """Return the figures that drawing leaves, as a check sees them; names as in the student's namespace."""

    def show(*draws: Draw, more: tuple[dict[str, Any], ...] = (), names: dict[str, Any] | None = None,
             fits: list[dict[str, Any]] | None = None, **changes: Any) -> FiguresSubject:
        for draw in draws:
            draw()
        records = [describe(plt.figure(number)) for number in plt.get_fignums()]
        craft.checkpoint("t", {"h": HISTORY, **(names or {})}, fits=fits)
        given: Student = craft.student(tiny, "t", figures={"t": [*records, *more]}, **changes)
        return given.figures()

    return show


def both() -> None:
    plt.plot(LOSS, label="training")
    plt.plot(VAL, label="validation")


def subplots() -> None:
    _, (one, two) = plt.subplots(1, 2)
    one.plot(range(1, 6), LOSS)
    two.semilogy(VAL)


def per_cent() -> None:
    plt.plot(100 * np.array(LOSS))
    plt.plot(100 * np.array(VAL))


def points() -> None:
    plt.scatter(range(5), LOSS)
    plt.plot(range(5), VAL, "o")


def bars() -> None:
    plt.bar(np.arange(5) - 0.2, LOSS, 0.4)
    plt.bar(np.arange(5) + 0.2, VAL, 0.4)


def rounded() -> None:
    plt.plot(np.round(LOSS, 3))
    plt.step(range(5), np.round(VAL, 3))


def without_the_first() -> None:
    plt.plot(LOSS[1:])
    plt.plot(VAL[1:])


def with_more() -> None:
    plt.plot([3.0, *LOSS, 0.1, 0.05])
    plt.plot(VAL)
    plt.axhline(0.3)
    plt.axvspan(1, 2)


@pytest.mark.parametrize("draw", [both, subplots, per_cent, points, bars, rounded, without_the_first, with_more])
def test_curves_are_found_however_they_are_drawn(shown: Callable[..., FiguresSubject], draw: Draw) -> None:
    shown(draw).shows_curves("h", "loss", "val_loss")


def test_two_figures_count_together(shown: Callable[..., FiguresSubject]) -> None:
    shown(lambda: plt.plot(LOSS), plt.figure, lambda: plt.plot(VAL)).shows_curves("h", "loss", "val_loss").has_lines(2)


@pytest.mark.parametrize("draw", [
    plt.figure, lambda: plt.plot([]), lambda: plt.plot(LOSS), lambda: plt.plot([1, 2, 3, 4, 5]),
    lambda: (plt.plot(LOSS), plt.plot(LOSS)), lambda: (plt.plot(LOSS), plt.plot(VAL[::-1])),
    lambda: (plt.plot(LOSS), plt.plot(VAL[:2])), lambda: (plt.plot(LOSS), plt.axhline(0.39)),
    lambda: (plt.plot(LOSS), plt.plot(ACCURACY)),
])
def test_other_numbers_are_no_curves(shown: Callable[..., FiguresSubject], draw: Draw) -> None:
    with pytest.raises(CheckFailed, match="No line of the figure shows"):
        shown(draw).shows_curves("h", "loss", "val_loss")


def test_a_curve_that_is_turned_off_is_not_shown(shown: Callable[..., FiguresSubject]) -> None:
    with pytest.raises(CheckFailed):
        shown(lambda: plt.plot(LOSS, visible=False)).shows_curves("h", "loss")


@pytest.mark.parametrize("draw", [
    lambda: plt.plot(np.log(LOSS)), lambda: plt.plot([1 - value for value in LOSS]),
    lambda: plt.fill_between(range(5), LOSS), lambda: plt.plot(np.linspace(0, 1, 5000)),
])
def test_what_cannot_be_read_is_a_persons_case(shown: Callable[..., FiguresSubject], draw: Draw) -> None:
    with pytest.raises(Unjudged):
        shown(draw).shows_curves("h", "loss")


def test_a_picture_is_a_persons_case(shown: Callable[..., FiguresSubject]) -> None:
    for ask in (lambda given: given.shows_curves("h", "loss"), lambda given: given.is_labelled("h"),
                lambda given: given.shows_image(np.eye(3), "an image"), lambda given: given.has_lines(1)):
        with pytest.raises(Unjudged):
            ask(shown(more=({"kind": "picture"},)))


def test_a_run_without_a_record_is_a_persons_case(craft: Any, tiny: Any) -> None:
    craft.checkpoint("t", {})
    given = craft.student(tiny, "t")
    (craft.folder / "figures.jsonl").unlink()
    with pytest.raises(Unjudged):
        Student(replace(given._case, artifacts=read(FolderSource(craft.folder), sampling_key=KEY)), "t",
                given.evidence).figures()


@pytest.mark.parametrize(("ended", "causes", "outcome"), [
    (None, {}, Consequence), (False, {}, Consequence), (True, {"t": "Task 1 stopped with TypeError."}, Consequence),
    (True, {}, CheckFailed),
])
def test_an_empty_figure_of_a_training_that_never_ended_is_no_second_mistake(
        shown: Callable[..., FiguresSubject], ended: bool | None, causes: dict[str, str], outcome: type) -> None:
    fits = [] if ended is None else [{"fit": 1, "model": 1, "history": {"loss": LOSS}, "completed": ended}]
    figures = shown(plt.subplots, fits=fits, causes=causes)
    for ask in (lambda: figures.is_labelled("nobody"), lambda: figures.shows_curves("nobody", "loss")):
        with pytest.raises((CheckFailed, Unjudged)) as caught:
            ask()
        assert type(caught.value) is outcome
    with pytest.raises(CheckFailed, match="empty"):  # this history is there: nothing was drawn of it
        figures.is_labelled("h", "nobody")


def test_labels_that_are_there_count_whatever_was_trained(shown: Callable[..., FiguresSubject], said: Any) -> None:
    shown(labelled).is_labelled("nobody")
    plt.close("all")
    assert "legend" in said(lambda: shown(both).is_labelled("nobody"))


def test_histories_kept_as_dicts_or_under_another_name(shown: Callable[..., FiguresSubject], craft: Any) -> None:
    kept = {"loss": LOSS, "val_loss": VAL}
    shown(both, names={"d": kept}).shows_curves("d", "loss", "val_loss")
    # Nothing has the name: what the trainings came to is compared, and the name costs its points elsewhere.
    with pytest.raises(Consequence) as caught:
        shown(names={}).shows_curves("nobody", "loss")
    assert isinstance(caught.value.otherwise, Unjudged)
    fit = {"fit": 1, "model": 1, "history": {"loss": LOSS, "val_acc": VAL}, "completed": True}
    craft.lines[0]["fits"] = [fit]
    shown().shows_curves("nobody", "loss", "val_accuracy")


def test_printed_lists_where_the_task_leaves_it_open(shown: Callable[..., FiguresSubject]) -> None:
    printed = ({"kind": "printed", "characters": 500},)
    with pytest.raises(CheckFailed, match="No figure was shown"):
        shown(more=printed).shows_curves("h", "loss")
    with pytest.raises(Unjudged):
        shown(more=printed).shows_curves("h", "loss", or_printed=True)
    with pytest.raises(CheckFailed):
        shown(more=({"kind": "printed", "characters": 5},)).shows_curves("h", "loss", or_printed=True)


def test_what_other_answers_draw_counts_and_blank_ones_are_said_to_be_blank(
    shown: Callable[..., FiguresSubject], craft: Any, tiny: Any
) -> None:
    both()
    record = describe(plt.gcf())
    craft.checkpoint("t", {"h": HISTORY})
    given = craft.student(tiny, "t", figures={"t": [], "other": [record]}, slots={"t": SlotStatus.BLANK})
    given.figures().shows_curves("h", "loss")
    with pytest.raises(CheckFailed, match="Nothing was written"):
        given.figures().shows_curves("h", "accuracy")


def labelled(*, x: str = "epoch", y: str = "loss", legend: bool = True) -> None:
    both()
    plt.xlabel(x)
    plt.ylabel(y)
    if legend:
        plt.legend()


def titled() -> None:
    both()
    plt.xlabel("epoch")
    plt.title("loss")
    plt.text(0, 0.5, "training")
    plt.text(1, 0.5, "validation")


def shared() -> None:
    figure, (one, two) = plt.subplots(2, 1, sharex=True)
    one.plot(LOSS, label="a"), one.plot(VAL, label="b")
    two.plot(LOSS), two.plot(VAL)
    figure.supxlabel("epoch")
    figure.supylabel("loss")
    figure.legend()


def one_line_each() -> None:
    _, (one, two) = plt.subplots(2, 1)
    for field, numbers, title in ((one, LOSS, "training"), (two, VAL, "validation")):
        field.plot(numbers)
        field.set(title=title, xlabel="epoch", ylabel="loss")


@pytest.mark.parametrize("draw", [labelled, titled, shared, one_line_each])
def test_labels_and_legends(shown: Callable[..., FiguresSubject], draw: Draw) -> None:
    shown(draw).is_labelled("h").shows_curves("h", "loss", "val_loss")


@pytest.mark.parametrize(("draw", "words"), [
    (both, "horizontal axis, label of the vertical axis and legend"), (lambda: labelled(legend=False), "no legend"),
    (lambda: labelled(x=" "), "horizontal axis"), (lambda: labelled(y=""), "vertical axis"), (plt.subplots, "empty"),
])
def test_missing_labels_are_named(shown: Callable[..., FiguresSubject], said: Any, draw: Draw, words: str) -> None:
    assert words in said(lambda: shown(draw).is_labelled("h"))


def test_labels_are_asked_of_the_figures_that_show_the_history(shown: Callable[..., FiguresSubject]) -> None:
    # An additional figure, next to the required one, needs none.
    shown(labelled, plt.figure, lambda: plt.plot([1, 2])).is_labelled("h")


@pytest.mark.parametrize("draw", [
    lambda image: plt.imshow(image + 1), lambda image: plt.imshow(image, cmap="gray_r"),
    lambda image: plt.imshow(-image),
    lambda image: plt.matshow(image / 255), lambda image: plt.pcolormesh(image + 1),
    lambda image: plt.imshow(np.repeat((image / 255.0)[..., None], 3, axis=2)),
    lambda image: plt.imshow(np.where(image > 100, 1, 0)),
    lambda image: plt.subplots(1, 2)[1][1].imshow(image + 1),
])
def test_images_in_any_colours(shown: Callable[..., FiguresSubject], draw: Callable[[Any], Any]) -> None:
    image = _digit()
    shown(lambda: draw(image)).shows_image(image, "image 8")


@pytest.mark.parametrize(("draw", "words"), [
    (lambda image: plt.imshow(image.T), "turned"), (lambda image: plt.imshow(image[::-1]), "turned"),
    (lambda image: plt.imshow(np.random.default_rng(3).random(image.shape)), "No figure of this step shows image 8"),
    (lambda image: plt.imshow(np.zeros_like(image)), "No figure"), (lambda image: plt.figure(), "No figure"),
    (lambda image: plt.plot(image.ravel()), "No figure"),
])
def test_other_images(shown: Any, said: Any, draw: Callable[[Any], Any], words: str) -> None:
    image = _digit()
    assert words in said(lambda: shown(lambda: draw(image)).shows_image(image, "image 8"))


def test_images_of_another_size_are_a_persons_case(shown: Callable[..., FiguresSubject]) -> None:
    with pytest.raises(Unjudged):
        shown(lambda: plt.imshow(np.kron(_digit(), np.ones((2, 2))))).shows_image(_digit(), "image 8")
    with pytest.raises(Unjudged):
        shown(lambda: plt.contourf(_digit())).shows_image(_digit(), "image 8")


def space() -> Any:
    return plt.figure().add_subplot(projection="3d")


SURFACES: dict[str, Callable[[], Any]] = {
    "surface": lambda: space().plot_surface(*GRID, HEIGHTS), "wires": lambda: space().plot_wireframe(*GRID, HEIGHTS),
    "sparse": lambda: space().plot_surface(*GRID, HEIGHTS, rstride=4, cstride=4),
    "turned": lambda: space().plot_surface(GRID[1], GRID[0], HEIGHTS),
    "triangles": lambda: space().plot_trisurf(*(side.ravel() for side in (*GRID, HEIGHTS))),
    "points": lambda: space().scatter(*GRID, HEIGHTS),
}


@pytest.fixture
def landscape(shown: Callable[..., FiguresSubject], craft: Any, tiny: Any) -> Callable[..., Any]:
    """Return the student and the figures of a drawing in space."""

    def show(*draws: Draw) -> tuple[Student, FiguresSubject]:
        names = {"x1": GRID[0], "x2": GRID[1], "heights": HEIGHTS, "X": PLACES, "y": VALUES}
        subject = shown(*draws, names=names)
        return craft.student(tiny, "t"), subject

    return show


@pytest.mark.parametrize("name", list(SURFACES))
def test_surfaces(landscape: Callable[..., Any], name: str) -> None:
    student, figures = landscape(SURFACES[name])
    figures.shows_surface((student.array("x1"), student.array("x2")), student.array("heights"))


@pytest.mark.parametrize("draw", [
    lambda: space().plot_surface(*GRID, HEIGHTS * 0), space,
    lambda: space().plot_surface(*GRID, HEIGHTS + 0.1), lambda: plt.plot([1, 2]),
    lambda: (space().plot_surface(*GRID, HEIGHTS * 0), plt.gca().scatter(*PLACES.T, VALUES)),
])
def test_other_surfaces(landscape: Callable[..., Any], draw: Draw) -> None:
    student, figures = landscape(draw)
    with pytest.raises(CheckFailed, match="No figure of this step shows the heights"):
        figures.shows_surface((student.array("x1"), student.array("x2")), student.array("heights"))


@pytest.mark.parametrize("draw", [
    lambda: plt.contourf(*GRID, HEIGHTS), lambda: plt.imshow(HEIGHTS), lambda: space().contour3D(*GRID, HEIGHTS),
    lambda: space().plot_surface(*(np.kron(side, np.ones((2, 2))) + 0.01 for side in (*GRID, HEIGHTS))),
])
def test_surfaces_of_another_kind_are_a_persons_case(landscape: Callable[..., Any], draw: Draw) -> None:
    student, figures = landscape(draw)
    with pytest.raises(Unjudged):
        figures.shows_surface((student.array("x1"), student.array("x2")), student.array("heights"))


def test_points_in_space(landscape: Callable[..., Any]) -> None:
    for draw in (lambda: space().scatter(*PLACES.T, VALUES), lambda: space().plot(*PLACES.T, VALUES, "o"),
                 lambda: (SURFACES["surface"](), plt.gca().scatter(PLACES[:, 1], PLACES[:, 0], VALUES))):
        plt.close("all")
        student, figures = landscape(draw)
        figures.shows_points(student.array("X"), student.array("y"))
    for draw in (SURFACES["surface"], lambda: space().scatter(*PLACES.T, -VALUES), lambda: plt.plot([1])):
        plt.close("all")
        student, figures = landscape(draw)
        with pytest.raises((CheckFailed, Unjudged)):
            figures.shows_points(student.array("X"), student.array("y"))


def test_labels_in_space(landscape: Callable[..., Any], said: Any) -> None:
    _, figures = landscape(lambda: SURFACES["surface"]().axes.set(xlabel="a", ylabel="b", zlabel="c"))
    figures.is_labelled_in_space()
    plt.close("all")
    _, figures = landscape(lambda: SURFACES["surface"]().axes.set(xlabel="a", ylabel="b"))
    assert "An axis of the figure has no label" in said(figures.is_labelled_in_space)
    plt.close("all")
    _, figures = landscape(labelled)
    assert "three axes" in said(figures.is_labelled_in_space)


def test_fields_are_counted_where_something_is_in_them(shown: Callable[..., FiguresSubject], said: Any) -> None:
    shown(subplots).has_fields(2)
    assert "have 2 plots that are not empty" in said(lambda: shown(plt.subplots).has_fields(3))


def _digit() -> Any:
    image = np.zeros((28, 28))
    image[4:24, 12:16], image[4:8, 6:22], image[18:22, 10:14] = 255, 180, 90
    return image
