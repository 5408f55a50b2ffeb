"""Each kind of question on crafted evidence, what makes it impossible, and which ones a student gets."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.questions import (
    KINDS,
    Choice,
    ConfusionFact,
    Evidence,
    LayerFact,
    Names,
    NetworkFact,
    Number,
    Question,
    TrainingFact,
    choose,
)

NAMES = Names({"build": "Task 5 · Build", "fit": "Task 7 · Train"})
LAYERS = (
    LayerFact(kind="Conv2D", parameters=416, inputs=25, output=(24, 24, 16), filters=16, window=(5, 5), bias=True),
    LayerFact(kind="MaxPooling2D", parameters=0, output=(12, 12, 16), window=(2, 2)),
    LayerFact(kind="Flatten", parameters=0, output=(2304,)),
    LayerFact(kind="Dense", parameters=230_500, inputs=2304, output=(100,), units=100, bias=True),
    LayerFact(kind="Dropout", parameters=0, output=(100,), rate=0.4),
    LayerFact(kind="Dense", parameters=1010, inputs=100, output=(10,), units=10, bias=True))
NETWORK = NetworkFact(task="build", name="model", layers=LAYERS, input=(28, 28, 1), optimizer="sgd", learning_rate=0.01)
TRAINING = TrainingFact(
    task="fit", name="model", given=6000, split=0.2, examples=4800, batch_size=128, updates=38, epochs=10,
    stops_early=True, curves={
        "val_loss": (1.0, 0.5, 0.3, 0.4, 0.5, 0.6), "accuracy": (0.8, 0.9, 0.95, 0.97, 0.98, 0.99),
        "val_accuracy": (0.8, 0.9, 0.94, 0.93, 0.93, 0.92)})


def confusion(**changed: int) -> ConfusionFact:
    """Return a matrix with 90 right answers in each class; ``from4to9=30`` puts mistakes into it."""
    counts = [[90 * (row == column) for column in range(10)] for row in range(10)]
    for place, count in {"from4to9": 30, "from9to4": 20, "from3to5": 18, "from7to2": 10, **changed}.items():
        counts[int(place[4])][int(place[7])] = count
    return ConfusionFact(task="fit", name="model", counts=tuple(map(tuple, counts)), source="measured",
                         examples=sum(map(sum, counts)))


EVIDENCE = Evidence(networks=(NETWORK,), trainings=(TRAINING,), confusions=(confusion(),))


def made(kind: str, **changed: Any) -> list[Question]:
    return list(KINDS[kind][0](EVIDENCE.model_copy(update=changed), NAMES))


@pytest.mark.parametrize("kind, value, tolerance", [
    ("layer-parameters", 230_500, 0), ("largest-layer", 99.39, 1), ("flatten-size", 2304, 0), ("map-size", 12, 0),
    ("dropout", 40, 1), ("learning-rate", 0.01, 0.0001), ("updates", 38, 0), ("early-stopping", 6, 0),
    ("validation-turn", 3, 0), ("accuracy-gap", 7, 0.5),
])
def test_the_answer_follows_from_the_evidence(kind: str, value: float, tolerance: float) -> None:
    [question] = made(kind)
    assert question.answer == Number(value=value, tolerance=tolerance) and question.kind == kind
    assert "`model`" in question.text and ("Task 5" in question.text or "Task 7" in question.text)
    assert question.how and question.answer.words not in question.text


def test_the_worst_confusion_is_one_of_four_clearly_different_ones() -> None:
    [question] = made("worst-confusion")
    assert isinstance(question.answer, Choice) and question.answer.right == "digit 4 taken for 9"
    assert len(set(question.answer.options)) == 4 and question.answer.right in question.answer.options
    assert "30 times" in question.how


def test_a_close_second_is_no_wrong_option() -> None:
    [question] = made("worst-confusion", confusions=(confusion(from8to1=29),))
    assert isinstance(question.answer, Choice) and "digit 8 taken for 1" not in question.answer.options


def _network(*layers: LayerFact, **changed: Any) -> dict[str, Any]:
    return {"networks": (NETWORK.model_copy(update={**({"layers": layers} if layers else {}), **changed}),)}


def _training(**changed: Any) -> dict[str, Any]:
    curves = {**TRAINING.curves, **changed.pop("curves", {})}
    return {"trainings": (TRAINING.model_copy(update={"curves": curves, **changed}),)}


@pytest.mark.parametrize("kind, evidence", [
    ("layer-parameters", _network(LAYERS[3])), ("largest-layer", _network(LAYERS[3])),
    ("largest-layer", _network(LAYERS[3], LAYERS[3])), ("flatten-size", _network(LAYERS[2], input=None)),
    ("map-size", _network(LAYERS[3])),
    ("dropout", _network(LAYERS[0].model_copy(update={"kind": "Dropout", "rate": 0.5}))),
    ("learning-rate", _network(learning_rate=None)), ("updates", {"trainings": ()}),
    ("early-stopping", _training(stops_early=False)), ("early-stopping", _training(epochs=6)),
    ("validation-turn", _training(curves={"val_loss": (1.0, 0.5)})),
    ("validation-turn", _training(curves={"val_loss": (1.0, 0.3, 0.9, 0.301)})),
    ("validation-turn", _training(curves={"val_loss": (0.5, 0.5, 0.5)})),
    ("accuracy-gap", _training(curves={"val_accuracy": (0.8, 0.9, 0.95, 0.96, 0.97, 0.98)})),
    ("accuracy-gap", _training(curves={"val_accuracy": (0.8,)})),
    ("worst-confusion", {"confusions": (confusion(from8to1=30),)}),
    ("worst-confusion", {"confusions": (confusion(from4to9=4, from9to4=3, from3to5=3, from7to2=3),)}),
    ("worst-confusion", {"confusions": (ConfusionFact(task="fit", name="m", counts=((0, 9, 9), (8, 0, 9), (99, 9, 0)),
                                                      examples=143, source="measured"),)}),
])
def test_what_cannot_be_known_is_no_question(kind: str, evidence: dict[str, Any]) -> None:
    assert made(kind, **evidence) == []


def test_a_loss_that_still_falls_is_lowest_at_the_end() -> None:
    [question] = made("validation-turn", **_training(curves={"val_loss": (1.0, 0.5, 0.3)}))
    assert question.answer == Number(value=3) and "still falling" in question.how


def test_a_long_curve_is_not_read_to_the_epoch() -> None:
    losses = tuple(abs(epoch - 60) / 60 for epoch in range(100))
    [question] = made("validation-turn", **_training(epochs=100, curves={"val_loss": losses}))
    assert question.answer == Number(value=61, tolerance=5)


def test_one_of_each_group_and_no_kind_twice() -> None:
    seen = set()
    for student in map(str, range(40)):
        questions, reasons = choose(EVIDENCE, NAMES, assignment="a", student=student)
        assert [one.group for one in questions] == ["network", "training", "outcome"] and reasons == ()
        seen |= {one.kind for one in questions}
    assert seen == set(KINDS)
    questions, _ = choose(EVIDENCE, NAMES, assignment="a", student="ada", wanted=8)
    assert len({one.kind for one in questions}) == 8


def test_the_same_work_gets_the_same_questions() -> None:
    first = choose(EVIDENCE, NAMES, assignment="a", student="ada")
    assert first == choose(EVIDENCE.model_copy(), NAMES, assignment="a", student="ada")
    others = {choose(EVIDENCE, NAMES, assignment="a", student=str(number)) for number in range(20)}
    assert len(others) > 10


def test_too_little_evidence_is_explained_to_staff() -> None:
    little = Evidence(networks=(NETWORK.model_copy(update={"layers": ()}),), left_out=("`x` was left out: too large.",))
    questions, reasons = choose(little, NAMES, assignment="a", student="ada")
    assert [one.kind for one in questions] == ["learning-rate"]
    assert reasons[0] == "`x` was left out: too large." and "no training" in reasons[1]
    assert "learning rate" not in reasons[1]
    assert choose(Evidence(), NAMES, assignment="a", student="ada")[0] == ()
