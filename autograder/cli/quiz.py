"""`autograder questions`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
from rich.markup import escape

from autograder.cli.main import Settings, settings

if TYPE_CHECKING:
    from autograder.pipeline.quiz import Form
    from autograder.questions import Quiz

FORMS = ("pages", "moodle", "canvas", "csv")


class QuestionsGiven(TypedDict):
    """The options of the command."""

    students: tuple[str, ...]
    number: int
    forms: tuple[Form, ...]
    out: Path | None
    replace: bool
    as_json: bool


@click.command()
@click.argument("assignment")
@click.option("--to", "forms", type=click.Choice(FORMS), multiple=True,
              help="Write files: printable pages (one per student, and one with answers for staff), a question bank "
                   "for Moodle (GIFT), quizzes for Canvas (QTI), or a table. May be given several times.")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--number", type=click.IntRange(1, 8), default=3, show_default=True, help="Questions to each student.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=None,
              show_default="questions/ASSIGNMENT", help="The folder of the files.")
@click.option("--replace", is_flag=True, help="Replace files that have other questions.")
@click.option("--json", "as_json", is_flag=True, help="Print questions and answers as one JSON object.")
@click.pass_context
def questions(ctx: click.Context, assignment: str, **given: Unpack[QuestionsGiven]) -> None:
    """Make three questions to each student about their own graded work on ASSIGNMENT, with the answers for staff.

    Without --to it prints them. They come from stored results: nothing is run, and the same results make the same
    questions. Whoever has left too little evidence gets fewer, and the answers say why.
    """
    from autograder.pipeline.quiz import make_quiz
    from autograder.questions import quiz_lines
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    name = workspace.course.assignment(assignment).id
    quiz = make_quiz(workspace, name, chosen.reporter, students=given["students"], wanted=given["number"])
    if not quiz.sheets:
        chosen.reporter.note(escape(f"{name}: no question, since nobody has handed in work for it in "
                                    f"{workspace.output}."))
    if given["forms"] and quiz.sheets:
        _write(chosen, quiz, given["out"] or workspace.questions(name), given["forms"], given["replace"])
    if given["as_json"]:
        click.echo(quiz.to_json())
    elif not given["forms"]:
        for line in quiz_lines(quiz):
            click.echo(line)


def _write(chosen: Settings, quiz: Quiz, folder: Path, forms: tuple[Form, ...], replace: bool) -> None:
    from autograder.pipeline.quiz import quiz_files, write_files

    files = quiz_files(quiz, forms)
    changed = write_files(folder.resolve(), files, replace=replace)
    fewer = sum(len(sheet.questions) < quiz.wanted for sheet in quiz.sheets)
    chosen.reporter.note(escape(
        f"{folder}: {len(changed)} of {len(files)} files are new, with questions to {len(quiz.sheets)} students"
        + (f", {fewer} of whom have fewer than {quiz.wanted}" if fewer else "")
        + "; what is not in students/ has the answers and is for staff only"))
