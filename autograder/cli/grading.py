"""Commands after the class has handed in: collect, grade, feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack, get_args

import click
from rich.markup import escape

from autograder.cli.cluster_options import on_workers, scheduler_options
from autograder.cli.main import Settings, settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option
from autograder.workspace.layout import Workspace, open_workspace

if TYPE_CHECKING:
    from autograder.model import Receipt
    from autograder.pipeline.grade.results import Grading
    from autograder.pipeline.session.options import RunOptions

Kind = Literal["auto", "folder", "zip", "exchange", "lms", "canvas", "moodle", "blackboard", "brightspace",
               "gradescope", "sakai", "github", "google"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TimesFrom = Literal["auto", "archive", "timestamp", "collected"]
NOTHING_COLLECTED = 9
SHOWN_FILES = 5


def _workspace(chosen: Settings) -> Workspace:
    return open_workspace(chosen.course, chosen.output)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--assignment", default=None, help="The assignment of the files, where neither name nor metadata says "
                                                 "it.")
@click.option("--kind", type=click.Choice(KINDS), default="auto", show_default=True,
              help="How the source is laid out: a platform's name, or 'lms' for any platform.")
@click.option("--pattern", default=None, help="Regular expression with the groups student, assignment and timestamp.")
@click.option("--times-from", type=click.Choice(get_args(TimesFrom)), default="auto", show_default=True,
              help="The source of the submission time where no platform wrote one: the archive's own times, "
                   "timestamp.txt, "
                   "or now. Without this option such a time costs no points.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and all receipts as one JSON object.")
@click.pass_context
def collect(
    ctx: click.Context, source: Path, assignment: str | None, kind: Kind, pattern: str | None, times_from: TimesFrom,
    as_json: bool,
) -> int:
    """Take submissions from SOURCE (folder, zip, nbgrader exchange, LMS download) into submitted/.

    Downloads of Canvas, Moodle, Blackboard, Brightspace, Gradescope, Sakai, Google Classroom, GitHub Classroom and
    nbgrader are recognized. students.csv next to course.yml maps students to their names there
    (docs/operating/collect.md).
    """
    from autograder.pipeline.collect import CollectOptions
    from autograder.pipeline.collect import collect as run

    chosen = settings(ctx)
    notes: list[str] = []
    passed_over: list[str] = []
    options = CollectOptions(assignment=assignment, kind=kind, pattern=pattern, times_from=times_from)
    with chosen.console.status("collecting …") as shown:
        receipts = run(_workspace(chosen), source, options=options, on_note=notes.append,
                       on_passed_over=passed_over.extend,
                       on_receipt=lambda receipt: shown.update(f"collecting … {escape(receipt.student)}"))
    counts = _counted(receipts)
    for note in notes:
        chosen.reporter.note(escape(note))
    for line in _remarks(receipts):
        chosen.reporter.note(line)
    if passed_over:
        more = f" and {len(passed_over) - SHOWN_FILES} more" if len(passed_over) > SHOWN_FILES else ""
        chosen.reporter.note(escape(f"no hand-ins, passed over: {', '.join(passed_over[:SHOWN_FILES])}{more}"))
    chosen.reporter.note(", ".join([f"{counts['found']} notebooks found", f"{counts['count']} count",
                                    f"{counts['kept']} kept", f"{counts['refused']} refused"]))
    if as_json:
        click.echo(json.dumps({**counts, "notes": notes, "passed_over": passed_over,
                               "receipts": [receipt.model_dump(mode="json") for receipt in receipts]}, indent=2))
    return NOTHING_COLLECTED if counts["count"] + counts["kept"] == 0 else 0


def _counted(receipts: Sequence[Receipt]) -> dict[str, int]:
    accepted = [receipt for receipt in receipts if receipt.accepted]
    count = {(receipt.student, receipt.assignment) for receipt in accepted if receipt.counts}
    return {"found": len(receipts), "count": len(count), "kept": len(accepted) - len(count),
            "refused": len(receipts) - len(accepted)}


def _remarks(receipts: Sequence[Receipt]) -> Iterator[str]:
    """Yield a line for each refusal and for everything that a person should look at."""
    for receipt in receipts:
        who = f"{receipt.student} {receipt.assignment}"
        if not receipt.accepted:
            yield "[yellow]refused[/] " + escape(f"{who}: {receipt.reason}")
        elif receipt.counts:
            for flag in receipt.flags:
                yield "[yellow]look at[/] " + escape(f"{who}: {flag}")


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@workers_option("Submissions")
@click.option("--force", is_flag=True, help="Run again even where nothing has changed.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--unsafe", is_flag=True, help="Run student code WITHOUT isolation where the machine offers none.")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.option("--no-gradebook", is_flag=True, help="Write results only.")
@scheduler_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array: each grade, and the result it rests on.")
@click.pass_context
def grade(ctx: click.Context, assignments: tuple[str, ...], scheduler: str | None, unencrypted: bool, as_json: bool,
          **given: Unpack[RunGiven]) -> int:
    """Grade what was collected for ASSIGNMENTS (default: all) and record it in the gradebook.

    Work that is already graded and unchanged is not graded again, so an interrupted batch continues where it stopped.
    """
    from autograder.pipeline.grade.batch import grade_class

    chosen = settings(ctx)
    workspace, options = _workspace(chosen), run_options(given)
    with on_workers(chosen, workspace, options, scheduler, unencrypted=unencrypted) as on_cluster:
        grading = grade_class(workspace, assignments, on_cluster, chosen.reporter)
    show_grades(chosen, workspace, assignments, grading, options, as_json=as_json)
    return grading.exit_code


def show_grades(
    chosen: Settings, workspace: Workspace, assignments: Sequence[str], grading: Grading, options: RunOptions, *,
    as_json: bool,
) -> None:
    """Print what a class has after grading: a table, or each grade and the result that it is made from as JSON."""
    from autograder.feedback.terminal import summary_table
    from autograder.grades import grades_of
    from autograder.pipeline.exports import as_json as as_json_grade
    from autograder.pipeline.up_to_date import current_grades

    known = current_grades(workspace, assignments) if options.gradebook and grading.results else ()
    grades = grades_of(grading.results, known)
    if as_json:
        click.echo(json.dumps([{**as_json_grade(grade), "result": result.model_dump(mode="json")}
                               for grade, result in zip(grades, grading.results, strict=True)], indent=2))
    else:
        others = [grade for grade in known if options.chosen(grade.student)]
        chosen.console.print(summary_table(grading.results, [*others, *grades]))


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the paths of all pages as one JSON array.")
@click.pass_context
def feedback(ctx: click.Context, assignments: tuple[str, ...], as_json: bool) -> None:
    """Write one HTML page per graded submission; `autograder report` is the one for staff."""
    from autograder.pipeline.feedback import write_class

    chosen = settings(ctx)
    workspace = _workspace(chosen)
    pages = write_class(workspace, assignments, chosen.reporter)
    chosen.reporter.note(f"{len(pages)} pages written" if pages else escape(
        f"no pages written: {workspace.results_root} has no results; run `autograder grade` first."))
    if as_json:
        click.echo(json.dumps([str(page) for page in pages], indent=2))
