"""Choose the questions of one student: always the same ones for the same evidence. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from autograder.questions import about_mistakes, about_networks, about_trainings
from autograder.questions.evidence import Evidence
from autograder.questions.question import Group, Question
from autograder.questions.question_words import Names

GROUPS: Final[tuple[Group, ...]] = ("network", "training", "outcome")
MOST_REASONS = 12

Maker = Callable[[Evidence, Names], Iterator[Question]]
KINDS: Final[dict[str, tuple[Maker, str]]] = {
    "layer-parameters": (lambda found, names: about_networks.second_layers(found.networks, names),
                         "no network with two dense or convolutional layers"),
    "largest-layer": (lambda found, names: about_networks.largest_layers(found.networks, names),
                      "no network of which one layer has more parameters than all others"),
    "flatten-size": (lambda found, names: about_networks.flatten_sizes(found.networks, names),
                     "no network with a flatten layer after maps of known size"),
    "map-size": (lambda found, names: about_networks.map_sizes(found.networks, names),
                 "no convolutional network with square maps of known size"),
    "dropout": (lambda found, names: about_networks.dropped_units(found.networks, names),
                "no network with dropout after a flat layer"),
    "learning-rate": (lambda found, names: about_networks.learning_rates(found.networks, names),
                      "no network with one learning rate from beginning to end"),
    "updates": (lambda found, names: about_trainings.updates(found.trainings, names),
                "no training on arrays in one call of `fit`"),
    "early-stopping": (lambda found, names: about_trainings.stopped_early(found.trainings, names),
                       "no training that early stopping ended"),
    "validation-turn": (lambda found, names: about_trainings.turns(found.trainings, names),
                        "no validation loss of three epochs or more with one clearly lowest epoch"),
    "accuracy-gap": (lambda found, names: about_trainings.gaps(found.trainings, names),
                     "no training accuracy that is two percentage points above the validation accuracy"),
    "worst-confusion": (lambda found, names: about_mistakes.worst_confusions(found.confusions, names),
                        "no confusion matrix with one clearly worst confusion"),
}
"""Kind → how to make its questions, and what is missing where there is none."""


def choose(
    evidence: Evidence, names: Names, *, assignment: str, student: str, wanted: int = 3
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """Return at most ``wanted`` questions, each of another kind, and for staff why there are not more.

    There is one on the network, one on its training and one on the outcome where the evidence has them. Which ones is
    decided by a hash of assignment and student, so that neighbours get different ones and a second call the same.
    """
    made: dict[str, list[Question]] = {}
    for kind, (make, _) in KINDS.items():
        candidates = sorted(make(evidence, names), key=lambda one: _lot(assignment, student, one.text))
        if candidates:
            made[kind] = candidates
    order = sorted(made, key=lambda kind: _lot(assignment, student, kind))
    chosen = _one_of_each_group(order, made)
    chosen += [kind for kind in order if kind not in chosen]
    questions = tuple(made[kind][0] for kind in chosen[:wanted])
    return questions, () if len(questions) == wanted else _reasons(evidence, made)


def _one_of_each_group(order: Sequence[str], made: dict[str, list[Question]]) -> list[str]:
    found = (next((kind for kind in order if made[kind][0].group == group), None) for group in GROUPS)
    return [kind for kind in found if kind is not None]


def _lot(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _reasons(evidence: Evidence, made: dict[str, list[Question]]) -> tuple[str, ...]:
    missing = [said for kind, (_, said) in KINDS.items() if kind not in made]
    return (*evidence.left_out[:MOST_REASONS], f"The stored run has {'; '.join(missing)}.")
