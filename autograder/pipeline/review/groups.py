"""Equal answers with equal marks, which are marked together. Pure."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.gradebook.write_marks import Seen
from autograder.gradebook.written_answers import WrittenAnswer
from autograder.grades import CellMarks, read_comment
from autograder.pipeline.review.written_questions import Question


@dataclass(frozen=True, kw_only=True)
class Group:
    """Answers that are the same text up to white space, and have the same marks.

    Attributes:
        id: changes with the answers, their students and their marks: an old id is of no use to change them.
        open: a person has to look at them.
        points: given by a person, or 0 where nothing was written; while the group is open, those for an earlier
            answer.
    """

    id: str
    task: str
    answer: WrittenAnswer
    members: tuple[Seen, ...]
    text: str

    @property
    def marks(self) -> CellMarks:
        """The marks that all members have."""
        return self.members[0].marks

    @property
    def open(self) -> bool:
        """Whether a person has to look at these answers."""
        return self.marks.open

    @property
    def points(self) -> float | None:
        """The points that count now, without extra credit."""
        return self.marks.manual if self.marks.manual is not None else self.marks.automatic

    @property
    def students(self) -> tuple[str, ...]:
        """The ids of the students, sorted."""
        return tuple(seen.student for seen in self.members)


def make_groups(
    question: Question, answers: Mapping[str, WrittenAnswer], marks: Mapping[str, CellMarks]
) -> tuple[Group, ...]:
    """Return the groups of one question: open ones first, those of several students first, then by length.

    The order says nothing about whose an answer is.
    """
    together: dict[tuple[str, str], list[Seen]] = {}
    for student in sorted(marks):
        answer = answers.get(student, WrittenAnswer())
        key = plain(answer), _state(marks[student])
        together.setdefault(key, []).append(
            Seen(student=student, answer=answer.fingerprint, marks=marks[student]))
    groups = [Group(id=_id(question.task, text, members), task=question.task, members=tuple(members), text=text,
                    answer=answers.get(members[0].student, WrittenAnswer()))
              for (text, _), members in together.items()]
    return tuple(sorted(groups, key=lambda group: (not group.open, -len(group.members), len(group.text), group.text,
                                                   group.id)))


def plain(answer: WrittenAnswer) -> str:
    """Return an answer's text by which it is equal to others: white space and its forms do not count."""
    whole = "\0".join((answer.text, *answer.more, *answer.notes))
    return " ".join(unicodedata.normalize("NFC", whole).split())


def describe(group: Group, question: Question, *, anonymous: bool) -> dict[str, Any]:
    """Return a group as JSON for the page; without the students where it is anonymous."""
    ticked, words = read_comment(question.rubric, group.marks.comment)
    return {
        "id": group.id, "text": group.answer.text, "more": list(group.answer.more), "notes": list(group.answer.notes),
        "count": len(group.members), "students": None if anonymous else list(group.students),
        "open": group.open, "points": group.points, "extra": group.marks.extra, "ticked": list(ticked), "words": words,
    }


def earlier_marks(group: Group, groups: Iterable[Group]) -> Group | None:
    """Return a group of the same text that is marked already."""
    return next((other for other in groups if not other.open and other.text == group.text), None)


def _state(marks: CellMarks) -> str:
    return marks.to_json(indent=None)


def _id(task: str, text: str, members: list[Seen]) -> str:
    states = [(seen.student, seen.answer, _state(seen.marks)) for seen in members]
    return hashlib.sha256(json.dumps([task, text, states]).encode()).hexdigest()[:24]
