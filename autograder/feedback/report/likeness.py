"""What submissions of different students have in common that hardly anybody else has. Evidence, no verdicts. Pure.

Everybody's notebook runs from the same seed, so the same model with the same data and settings ends with the same
weights, bit for bit: what many share follows from the task. Only what at most a few share is evidence.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from autograder.feedback.report.class_report import Likeness, Resemblance, SameAnswers
from autograder.feedback.report.material import Traits
from autograder.model import Result

PASSAGE = 12
"""Tokens in a passage of code."""
WINDOW = 4
"""Of this many passages in a row, at least one is kept (winnowing: Schleimer, Wilkerson and Aiken, 2003)."""
MOST_TOKENS = 100_000
MOST_PASSAGES = 4_000
FEWEST_PASSAGES = 8
LEAST_SHARE = 0.5
MOST_PAIRS = 60
_TOKEN = re.compile(r"#[^\n]*|(?P<text>[rbfuRBFU]{0,2}(?:'[^'\n]*'|\"[^\"\n]*\"))|(?P<number>\d[\w.]*)|(?P<name>\w+)|"
                    r"(?P<sign>[^\s\w])")


def tokens(code: str, keep: frozenset[str]) -> list[str]:
    """Return code as tokens without layout and comments. Names are kept where they are in ``keep`` or follow a dot."""
    found: list[str] = []
    for match in _TOKEN.finditer(code):
        if len(found) >= MOST_TOKENS:
            break
        kind, text = match.lastgroup, match[0]
        if kind == "name" and text not in keep and not (found and found[-1] == "."):
            found.append("name")
        elif kind is not None:
            found.append("text" if kind == "text" else text)
    return found


def names_in(code: str) -> frozenset[str]:
    """Return all names in a piece of code."""
    return frozenset(match["name"] for match in _TOKEN.finditer(code) if match["name"])


def passages(found: Sequence[str]) -> set[int]:
    """Return hashes of passages of these tokens, thinned out so that equal code has equal hashes."""
    hashes = [int.from_bytes(hashlib.blake2b("\n".join(found[start:start + PASSAGE]).encode(), digest_size=6).digest(),
                             "big") for start in range(max(0, len(found) - PASSAGE + 1))]
    if len(hashes) <= WINDOW:
        return set(hashes)
    return {min(hashes[start:start + WINDOW]) for start in range(len(hashes) - WINDOW + 1)}


def compare(
    traits: Mapping[str, Traits], reference: Iterable[Traits] = (), *, unread: Sequence[str] = (),
    mistakes: Mapping[str, Sequence[str]] | None = None, same: Sequence[SameAnswers] = (),
) -> Likeness:
    """Return the pairs of students that have rare things in common, the most remarkable first.

    Args:
        reference: traits of the course's own runs, which are no evidence.
        mistakes: student → keys of mistakes, which explain some of what is equal.
        same: groups with the same answers: a pair within one has everything in common, and is not listed again.
    """
    most, own = max(3, round(0.02 * len(traits))), tuple(reference)
    common = _common(traits.values(), own, most)
    unusual = {student: _without_common(found, common) for student, found in traits.items()}
    group = {student: number for number, one in enumerate(same) for student in one.students}
    found = [_resemblance(pair, unusual, mistakes or {}) for pair in _pairs(unusual)
             if group.get(pair[0], -1) != group.get(pair[1], -2)]
    listed = sorted((one for one in found if one is not None), key=_remarkable, reverse=True)
    return Likeness(pairs=tuple(listed[:MOST_PAIRS]), compared=len(traits), unread=tuple(unread), most_shared=most,
                    with_reference=bool(own), left_out=max(0, len(listed) - MOST_PAIRS))


def find_same_answers(results: Mapping[str, Result]) -> tuple[SameAnswers, ...]:
    """Return the groups of graded submissions with the same answers, the largest first.

    Args:
        results: by student; those of earlier versions do not say what was run, and are in no group.
    """
    groups: dict[str, list[str]] = {}
    for student, result in sorted(results.items()):
        if result.provenance is not None and result.provenance.content:
            groups.setdefault(result.provenance.execution_fingerprint, []).append(student)
    found = [_same_answers([results[student] for student in students])
             for students in groups.values() if len(students) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one.students), one.students)))


def _same_answers(equal: Sequence[Result]) -> SameAnswers:
    return SameAnswers(
        students=tuple(result.student for result in equal),
        # The one who was run for the others may have handed in other work since.
        runs=max(1, sum(result.provenance is not None and not result.provenance.shared for result in equal)),
        blank=not any(task.answered for result in equal for task in result.tasks if not task.manual))


def _keys(found: Traits) -> set[str | int]:
    return {*found.weights, *found.histories, *found.arrays, *found.passages}


def _common(traits: Iterable[Traits], reference: Sequence[Traits], most: int) -> set[str | int]:
    """Return what more than ``most`` students share, and everything that the course's own runs have."""
    counted = Counter(key for found in traits for key in _keys(found))
    return {key for key, count in counted.items() if count > most} | {key for one in reference for key in _keys(one)}


def _without_common(found: Traits, common: set[str | int]) -> Traits:
    def rare(named: Mapping[str, str]) -> dict[str, str]:
        return {key: label for key, label in named.items() if key not in common}

    return Traits(weights=rare(found.weights), histories=rare(found.histories), arrays=rare(found.arrays),
                  passages=tuple(key for key in found.passages if key not in common))


def _pairs(unusual: Mapping[str, Traits]) -> list[tuple[str, str]]:
    """Return the pairs that share anything; each key has few students, so this takes time in proportion to the keys."""
    students: dict[str | int, list[str]] = {}
    for student, found in sorted(unusual.items()):
        for key in _keys(found):
            students.setdefault(key, []).append(student)
    return sorted({pair for sharing in students.values() for pair in combinations(sharing, 2)})


def _resemblance(
    pair: tuple[str, str], unusual: Mapping[str, Traits], mistakes: Mapping[str, Sequence[str]]
) -> Resemblance | None:
    first, second = unusual[pair[0]], unusual[pair[1]]
    shared = len({*first.passages} & {*second.passages})
    share = shared / max(1, min(len(first.passages), len(second.passages)))
    alike = shared >= FEWEST_PASSAGES and share >= LEAST_SHARE
    made = Resemblance(
        first=pair[0], second=pair[1], weights=_both(first.weights, second.weights),
        histories=_both(first.histories, second.histories), arrays=_both(first.arrays, second.arrays),
        code=round(share, 3) if alike else 0.0, passages=shared if alike else 0,
        same_mistakes=tuple(key for key in mistakes.get(pair[0], ()) if key in mistakes.get(pair[1], ())))
    return made if made.weights or made.histories or made.arrays or alike else None


def _both(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(label for key, label in first.items() if key in second)


def _remarkable(one: Resemblance) -> tuple[bool, float, int, str]:
    """Order: equal training and alike code, then either of them, then equal arrays alone."""
    trained = bool(one.weights or one.histories)
    return (trained and one.code > 0, one.code + trained, len(one.arrays), one.first)
