"""The quiz in Moodle's GIFT format: one category of questions per student. Pure.

Format: https://docs.moodle.org/en/GIFT_format. Explanations for staff are left out, since Moodle shows feedback to
students.
"""

from __future__ import annotations

import re

from autograder.questions.question import Choice, Question, Quiz, one_line, plain_number

_CONTROL = re.compile(r"([\\~=#{}:])")
_NOT_IN_CATEGORY = re.compile(r"[^\w.@+-]+")


def gift(quiz: Quiz) -> str:
    """Return the text of the file; students without a question are left out."""
    parts = [f"// {one_line(quiz.assignment)}: questions to each student about their own work. For staff only: the "
             "answers are in it."]
    for sheet in quiz.sheets:
        if sheet.questions:
            parts.append(f"$CATEGORY: $course$/top/{_category(quiz.assignment)}/{_category(sheet.student)}")
            parts += [_entry(f"{quiz.assignment} {sheet.student} {place}", question)
                      for place, question in enumerate(sheet.questions, 1)]
    return "\n\n".join(parts) + "\n"


def _entry(name: str, question: Question) -> str:
    return f"::{escaped(name)}::[plain]{escaped(question.text)} {{{_answers(question)}}}"


def _answers(question: Question) -> str:
    answer = question.answer
    if isinstance(answer, Choice):
        signs = ("=" if option == answer.right else "~" for option in answer.options)
        return " ".join(f"{sign}[plain]{escaped(option)}" for sign, option in zip(signs, answer.options, strict=True))
    return f"#{plain_number(answer.value)}:{plain_number(answer.tolerance)}"


def escaped(text: str) -> str:
    r"""Return text in which no character acts on the format: ``~ = # { } :`` and the backslash are escaped.

    A line break would end a question, so there is none.
    """
    return _CONTROL.sub(r"\\\1", one_line(text))


def _category(name: str) -> str:
    """Return the name of a category: its escapes are not undone by Moodle, and ``/`` separates levels."""
    return _NOT_IN_CATEGORY.sub("_", one_line(name))
