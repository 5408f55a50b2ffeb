"""`autograder demo`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from autograder.cli.main import settings
from autograder.cli.workers_option import workers_option


@click.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
              help="The folder inside the course for everything that the demo writes.")
@workers_option("Submissions")
@click.option("--unsafe", is_flag=True, help="Run student code WITHOUT isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print all grades as one JSON array.")
@click.pass_context
def demo(ctx: click.Context, into: Path, workers: int | None, unsafe: bool, as_json: bool) -> int:
    """Release, collect, grade and write feedback for a class of right, wrong and hostile submissions.

    In a folder without a course, a small one is made in demo/course first.
    """
    from autograder.feedback.terminal import summary_table
    from autograder.grades import grades_of
    from autograder.pipeline.demo import run_demo
    from autograder.pipeline.exports import as_json as as_json_grade

    chosen = settings(ctx)
    results = run_demo(chosen.course, chosen.course / into, workers=workers, unsafe=unsafe, reporter=chosen.reporter)
    if as_json:
        click.echo(json.dumps([as_json_grade(grade) for grade in grades_of(results)], indent=2))
    else:
        chosen.console.print(summary_table(results))
    return 5 if any(result.status == "failed" for result in results) else 0
