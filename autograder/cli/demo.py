"""`autograder demo`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.main import settings
from autograder.cli.workers_option import workers_option


@click.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
              help="The folder inside the course for everything that the demo writes.")
@workers_option("Submissions")
@click.option("--unsafe", is_flag=True, help="Run student code WITHOUT isolation where the machine offers none.")
@click.pass_context
def demo(ctx: click.Context, into: Path, workers: int | None, unsafe: bool) -> int:
    """Release, collect, grade and write feedback for a class of right, wrong and hostile submissions."""
    from autograder.feedback.terminal import summary_table
    from autograder.pipeline.demo import run_demo

    chosen = settings(ctx)
    results = run_demo(chosen.course, chosen.course / into, workers=workers, unsafe=unsafe, reporter=chosen.reporter)
    chosen.console.print(summary_table(results))
    return 5 if any(result.status == "failed" for result in results) else 0
