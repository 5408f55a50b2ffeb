"""Questions about what a network gets wrong. Pure.

Only test examples that students have are counted: nothing here follows from the withheld ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.questions.evidence import ConfusionFact
from autograder.questions.question import Choice, Question
from autograder.questions.question_words import GRADED, Names

FEWEST_MISTAKES = 5
"""A confusion that happens less often may be another one in the next run."""
LEAST_ACCURACY = 0.3
"""Below, a network has not learned enough to have a typical mistake."""
CLEARLY_LESS = 0.8
"""A wrong option happens at most so often, compared with the right one."""
WRONG_OPTIONS = 3


def worst_confusions(confusions: Sequence[ConfusionFact], names: Names) -> Iterator[Question]:
    """Which class was most often taken for which other one."""
    for one in confusions:
        cells = sorted(((count, row, column) for row, counts in enumerate(one.counts)
                        for column, count in enumerate(counts) if row != column), key=lambda cell: (-cell[0], cell[1:]))
        right = sum(counts[place] for place, counts in enumerate(one.counts))
        total = sum(map(sum, one.counts))
        if len(cells) < 2 or not total or right < LEAST_ACCURACY * total:
            continue
        worst = cells[0]
        wrong = [cell for cell in cells if cell[0] <= CLEARLY_LESS * worst[0]][:WRONG_OPTIONS]
        if worst[0] < FEWEST_MISTAKES or worst[0] == cells[1][0] or len(wrong) < WRONG_OPTIONS:
            continue
        shown = sorted([worst, *wrong], key=lambda cell: cell[1:])
        yield Question(
            kind="worst-confusion", group="outcome", task=names.task(one.task), of_run=True, text=_text(one, names),
            answer=Choice(right=_mistake(worst, one), options=tuple(_mistake(cell, one) for cell in shown)),
            how=f"{worst[0]:,} times in {total:,}; the other options at most {wrong[0][0]:,} times. " + _where(one))


def _text(one: ConfusionFact, names: Names) -> str:
    if one.source == "own":
        return (f"{GRADED}, which of these mistakes does your confusion matrix {names.network(one)} count most often?")
    return (f"{GRADED}, `{one.name}` ({names.task(one.task)}) predicted the first {one.examples:,} test examples. "
            "Which of these mistakes did it make most often?")


def _mistake(cell: tuple[int, int, int], one: ConfusionFact) -> str:
    return f"{one.noun} {cell[1]} taken for {cell[2]}"


def _where(one: ConfusionFact) -> str:
    if one.source == "own":
        return f"The largest number of `{one.name}` outside its diagonal, which the notebook prints."
    return (f"Predict the first {one.examples:,} test examples with `{one.name}` and count them by true and predicted "
            f"{one.noun}: the largest number outside the diagonal.")
