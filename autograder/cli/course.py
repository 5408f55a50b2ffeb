"""Commands for instructors before the class hands in: schema, release, calibrate, reproduce."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal, TypedDict, Unpack

import click

from autograder.cli.main import settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option


class Reproduced(TypedDict):
    """The options of a reproduction's runs."""

    seeds: int
    workers: int | None
    stand_in: bool
    unsafe: bool


@click.command()
@click.option("--result", "of_result", is_flag=True, help="Print the schema of result.json instead.")
@click.option("--json", "as_json", is_flag=True, help="Changes nothing: a schema is JSON.")
def schema(of_result: bool, as_json: bool) -> None:
    """Print the JSON Schema of course.yml, for editors."""
    from autograder import course
    from autograder.model import Result

    found = Result.model_json_schema() if of_result else course.schema()
    click.echo(json.dumps(found, indent=2))


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--no-proof", is_flag=True, help="Do not run the solution and the blank notebook (quicker, but less "
                                               "certain).")
@click.option("--unsafe", is_flag=True, help="Run the proof without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print what was released as one JSON array.")
@click.pass_context
def release(
    ctx: click.Context, assignments: tuple[str, ...], no_proof: bool, unsafe: bool, as_json: bool,
) -> None:
    """Generate the student version of ASSIGNMENTS (default: all) into release/.

    Every release is proved: the solution scores full marks, the released notebook zero, and no line of the
    solution occurs in what students get.
    """
    from autograder.pipeline.release.proof import prover
    from autograder.pipeline.release.release import release_assignment
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    released = []
    for name in workspace.chosen(assignments):
        proof = None if no_proof else prover(workspace, unsafe=unsafe, reporter=chosen.reporter)
        report = release_assignment(workspace, name, prove=proof)
        for warning in report.warnings:
            chosen.reporter.note(f"[yellow]note[/] {name}: {warning}")
        chosen.reporter.note(f"{name}: release {report.version}" + ("" if no_proof else ", proved")
                             + (f", {report.copies} students' copies in variants/{name}/" if report.copies else ""))
        released.append({"assignment": name, "version": report.version, "proved": not no_proof,
                         "warnings": list(report.warnings), "path": str(workspace.release(name))})
    if as_json:
        click.echo(json.dumps(released, indent=2))


@click.command()
@click.argument("assignment")
@click.option("--seeds", type=click.IntRange(min=5), default=None, show_default="course.yml, else 30",
              help="Number of runs of the solution.")
@workers_option("Runs")
@click.option("--stand-in", is_flag=True, help="Calibrate on the embedded digits instead of real data.")
@click.option("--device", type=click.Choice(["cpu", "gpu"]), default=None, show_default="as course.yml says, else cpu",
              help="Which device to calibrate for, where either may grade.")
@click.option("--lower", is_flag=True, help="Accept that the solution no longer reaches the current bounds.")
@click.option("--unsafe", is_flag=True, help="Run without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print the path of reference.json as one JSON object.")
@click.pass_context
def calibrate(
    ctx: click.Context, assignment: str, seeds: int | None, device: Literal["cpu", "gpu"] | None, lower: bool,
    as_json: bool, **given: Unpack[RunGiven],
) -> None:
    """Run the solution and the right variants of ASSIGNMENT over many seeds and write its reference.json.

    Ctrl-C keeps the finished runs; the same command continues from there.
    """
    from autograder.pipeline.experiments.calibrate import calibrate_assignment
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    options = run_options(given)
    options = replace(options, force_stand_in=options.allow_stand_in)
    path = calibrate_assignment(workspace, assignment, options, chosen.reporter, seeds=seeds, lower=lower,
                                device=device)
    chosen.reporter.note(f"wrote {path.relative_to(workspace.root)}")
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "path": str(path)}))


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--seeds", type=click.IntRange(min=3), default=3, show_default=True, help="Runs of each assignment.")
@workers_option("Runs")
@click.option("--table", "only_table", is_flag=True,
              help="Run nothing: write the tables in README.md and docs/reference/reproduction.md from reference/.")
@click.option("--stand-in", is_flag=True, help="Run on the embedded digits instead of real data (to try it out).")
@click.option("--unsafe", is_flag=True, help="Run without isolation where the machine offers none.")
@click.option("--json", "as_json", is_flag=True, help="Print the paths of what was written as one JSON array.")
@click.pass_context
def reproduce(
    ctx: click.Context, assignments: tuple[str, ...], only_table: bool, as_json: bool, **given: Unpack[Reproduced],
) -> None:
    """Run the published recipes of ASSIGNMENTS (default: all) and compare them with the published figures.

    Each figure names the sizes that it belongs to: the full recipe, unless it says otherwise. Each run takes minutes,
    some an hour. Ctrl-C keeps the finished runs; the same command continues from there.
    """
    from autograder.pipeline.experiments.reproduce import reproduce_assignment
    from autograder.pipeline.experiments.reproduction_table import write_tables
    from autograder.pipeline.session.options import RunOptions
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    written: list[str] = []
    if only_table:
        for path in write_tables(workspace):
            chosen.reporter.note(f"wrote the table in {path.relative_to(workspace.root)}")
            written.append(str(path))
    else:
        stand_in = given["stand_in"]
        options = RunOptions(workers=given["workers"], allow_stand_in=stand_in, force_stand_in=stand_in,
                             unsafe=given["unsafe"])
        for name in workspace.chosen(assignments):
            for path in reproduce_assignment(workspace, name, options, chosen.reporter, seeds=given["seeds"]):
                chosen.reporter.note(f"wrote {path.relative_to(workspace.root)}")
                written.append(str(path))
    if as_json:
        click.echo(json.dumps(written, indent=2))
