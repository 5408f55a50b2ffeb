"""`autograder report` and `autograder comment`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
from rich.markup import escape

from autograder.cli.main import settings

if TYPE_CHECKING:
    from autograder.pipeline.class_report import Reached


class CommentGiven(TypedDict):
    """The switches of `autograder comment`."""

    append: bool
    replace: bool
    yes: bool
    as_json: bool


def _address(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return an address that a page may link to; anything but http could be active content."""
    if not value.startswith(("http://", "https://")):
        raise click.BadParameter("an address is expected that begins with http:// or https://")
    return value


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--open", "opened", is_flag=True, help="Open the pages in a browser.")
@click.option("--no-likeness", is_flag=True, help="Do not compare the work of different students.")
@click.option("--formgrader", default="http://localhost:8888/formgrader", show_default=True, callback=_address,
              help="Where formgrader is served: the pages link to it.")
@click.option("--json", "as_json", is_flag=True, help="Print all reports as one JSON array.")
@click.pass_context
def report(ctx: click.Context, assignments: tuple[str, ...], opened: bool, no_likeness: bool, formgrader: str,
           as_json: bool) -> None:
    """Write what staff need to know of the class into report/ASSIGNMENT.html, .csv and .json.

    Who needs a person, and why; the class's points and accuracies; how each check went; mistakes with names; work that
    is alike. For staff only. Nothing is run or judged again.
    """
    from autograder.pipeline.class_report import ReportOptions, write_reports
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    options = ReportOptions(formgrader=formgrader, likeness=not no_likeness)
    written = write_reports(workspace, assignments, options, chosen.reporter)
    for one in written:
        needs = len({need.student for need in one.report.needs})
        chosen.reporter.note(escape(f"{one.page}: {len(one.report.graded)} of {len(one.report.people)} graded, "
                                    f"{needs} need a person, {len(one.report.mistakes)} mistakes"))
        if opened:
            click.launch(one.page.as_uri())
    if not written:
        chosen.reporter.note(escape(f"nothing to report: nothing was collected or graded in {workspace.output}"))
    if as_json:
        click.echo(json.dumps([one.report.model_dump(mode="json") for one in written], indent=2))


@click.command()
@click.argument("assignment")
@click.argument("check")
@click.option("--text", required=True, help="What the students read, at the answer of the check's task.")
@click.option("--mistake", default=None, help="Only those who make this mistake: its key in the report.")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@click.option("--append", is_flag=True, help="Add it to comments that a person has already written.")
@click.option("--replace", is_flag=True, help="Replace comments that a person has already written.")
@click.option("--yes", is_flag=True, help="Write the comments. Without it, only show whom they would reach.")
@click.option("--json", "as_json", is_flag=True, help="Print whom it reaches as one JSON object.")
@click.pass_context
def comment(ctx: click.Context, assignment: str, check: str, text: str, mistake: str | None,
            students: tuple[str, ...], **given: Unpack[CommentGiven]) -> None:
    """Comment the work of everybody who fails CHECK of ASSIGNMENT, in the gradebook.

    Without --yes it only shows whom it would reach. Comments that a person has written are kept, unless --append or
    --replace is given. `autograder feedback` brings the comments to the students' pages.
    """
    from autograder.gradebook.write_comments import Way
    from autograder.pipeline.class_report import Comment, comment_class
    from autograder.workspace.layout import open_workspace

    if given["append"] and given["replace"]:
        raise click.UsageError("--append and --replace exclude each other; give one of them.")
    chosen = settings(ctx)
    way = Way.REPLACE if given["replace"] else Way.APPEND if given["append"] else Way.KEEP
    wanted = Comment(check=check, text=text, mistake=mistake, students=students, way=way)
    found = comment_class(open_workspace(chosen.course, chosen.output), assignment, wanted, chosen.reporter,
                          preview=not given["yes"])
    if given["as_json"]:
        click.echo(json.dumps(_as_plain(found, preview=not given["yes"]), indent=2))
        return
    for one in found.written:
        before = f" (before: {one.before[:80]})" if one.before else ""
        chosen.reporter.note(escape(f"{one.student}: {one.effect}{before}"))
    number = sum(one.effect.writes for one in found.written)
    what = "written" if given["yes"] else "would be written; add --yes to write them"
    chosen.reporter.note(f"{number} of {len(found.written)} comments at {escape(found.task)} {what}")


def _as_plain(found: Reached, *, preview: bool) -> dict[str, object]:
    return {"task": found.task, "preview": preview, "students": [
        {"student": one.student, "effect": one.effect.name.lower(), "writes": one.effect.writes, "before": one.before}
        for one in found.written]}
