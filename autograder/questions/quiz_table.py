"""The quiz as a table and as lines for a terminal, both for staff. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from autograder.questions.question import Choice, Number, Question, Quiz, Sheet, one_line, plain_number
from autograder.safe.spreadsheet import harmless

COLUMNS = ("assignment", "student_id", "name", "number", "kind", "task", "question", "options", "answer", "tolerance",
           "how", "of_run", "reasons")
OF_RUN = "of the graded run; another run may differ"


def quiz_csv(quiz: Quiz) -> str:
    """Return the table, without cells that a spreadsheet reads as a formula: a row per question, or for its lack."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for sheet in quiz.sheets:
        for row in _rows(sheet):
            writer.writerow([harmless(one_line(str(cell))) for cell in (quiz.assignment, sheet.student, sheet.name,
                                                                        *row)])
    return stream.getvalue()


def _rows(sheet: Sheet) -> Iterator[tuple[object, ...]]:
    for place, question in enumerate(sheet.questions, 1):
        yield (place, question.kind, question.task, question.text, *_answer(question), question.how,
               "yes" if question.of_run else "no", "")
    if sheet.reasons:
        yield (*[""] * 9, " ".join(sheet.reasons))


def _answer(question: Question) -> tuple[str, str, str]:
    answer = question.answer
    if isinstance(answer, Choice):
        return " | ".join(answer.options), answer.right, ""
    return "", plain_number(answer.value), plain_number(answer.tolerance)


def quiz_lines(quiz: Quiz) -> Iterator[str]:
    """Yield the questions and answers as lines for a terminal."""
    for sheet in quiz.sheets:
        yield one_line(f"{sheet.student} {sheet.name}")
        for place, question in enumerate(sheet.questions, 1):
            yield f"  {place}. {one_line(question.text)}"
            if isinstance(question.answer, Choice):
                yield f"     options: {one_line('; '.join(question.answer.options))}"
            yield f"     answer: {one_line(question.answer.words)}{_run(question)}"
            yield f"     how: {one_line(question.how)}"
        for reason in sheet.reasons:
            yield f"  fewer questions: {one_line(reason)}"


def _run(question: Question) -> str:
    if not question.of_run:
        return ""
    return f" ({OF_RUN})" if isinstance(question.answer, Number) else f"; {OF_RUN}"
