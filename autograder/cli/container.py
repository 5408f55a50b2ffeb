"""`autograder container`: build the image, grade with it, and what runs inside."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypedDict, Unpack

import click

from autograder.cli.main import FOLDER, settings
from autograder.cli.run_given import RunGiven, run_options
from autograder.cli.workers_option import workers_option

if TYPE_CHECKING:
    from autograder.container import Engine
    from autograder.container.engine import Target

_PATIENCE = 600.0  # seconds to wait for a container that does not read
ENGINE = click.option("--engine", default=None, show_default="podman, else docker",
                      help="podman, docker, or a path to one of them.")
TARGET = click.option("--target", type=click.Choice(["cpu", "gpu"]), default="cpu", show_default=True,
                      help="Which of the two images.")
TAG = click.option("--image", default=None, show_default="that of course.yml, else localhost/autograder:TARGET",
                   help="Name of the image.")


class BuildGiven(TypedDict):
    """The options of a build that are only passed on."""

    base: str | None
    options: tuple[str, ...]


class ContainerGiven(RunGiven):
    """The options of grading in containers that are only passed on."""

    image: str | None
    engine_options: tuple[str, ...]


@click.group()
def container() -> None:
    """Build the autograder container and grade with it.

    `build` makes the image and `run` grades a class: one container without network, course or privileges
    runs the students' code, a second one without any student code judges it. The other commands run inside.
    """


@container.command()
@ENGINE
@TARGET
@TAG
@click.option("--base", default=None, show_default="the official slim Python", help="Image to start from.")
@click.option("--build-option", "options", multiple=True,
              help="Passed to the engine's build, e.g. --build-option=--network=host; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print the image's name as one JSON object.")
@click.pass_context
def build(ctx: click.Context, engine: str | None, target: Target, image: str | None, as_json: bool,
          **given: Unpack[BuildGiven]) -> None:
    """Build the image.

    Where pip needs a proxy, certificates or a folder of wheels, mount them with --build-option=--volume=…: none of
    this is written into the image. In a course's folder, the packages that its course.yml requires are installed too.
    """
    from autograder.pipeline.containers.graders import image_of
    from autograder.pipeline.containers.run import build as run
    from autograder.workspace.file_names import COURSE_FILE
    from autograder.workspace.layout import open_workspace
    from autograder.workspace.locked_packages import locked_packages

    chosen = settings(ctx)
    is_course = (chosen.course / COURSE_FILE).is_file()
    workspace = open_workspace(chosen.course) if is_course else None
    tag = image_of(workspace.course if workspace else None, target, image)
    packages = locked_packages(workspace).lines if workspace else ()
    run(choose_engine(engine), target=target, tag=tag, base=given["base"], options=given["options"], packages=packages)
    if as_json:
        click.echo(json.dumps({"image": tag}))


@container.command()
@click.argument("assignments", nargs=-1)
@ENGINE
@TARGET
@TAG
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@workers_option("Submissions")
@click.option("--force", is_flag=True, help="Run again even where nothing has changed.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode inside the container instead of the best one.")
@click.option("--no-gradebook", is_flag=True, help="Write results only.")
@click.option("--run-option", "engine_options", multiple=True,
              help="Passed to the engine's run, e.g. --run-option=--cpus=4.")
@click.option("--json", "as_json", is_flag=True, help="Print all grades as one JSON array.")
@click.pass_context
def run(
    ctx: click.Context, assignments: tuple[str, ...], engine: str | None, target: Target, as_json: bool,
    **given: Unpack[ContainerGiven],
) -> int:
    """Grade what was collected for ASSIGNMENTS (default: all) in containers and record it in the gradebook.

    Work that is already graded and unchanged is not graded again, as with `autograder grade`.
    """
    from autograder.cli.grading import show_grades
    from autograder.pipeline.containers.graders import image_of
    from autograder.pipeline.containers.run import ContainerOptions, grade_in_containers
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    options = run_options(given)
    image = image_of(workspace.course, target, given["image"])
    graded = grade_in_containers(
        workspace, assignments,
        ContainerOptions(engine=choose_engine(engine), image=image, gpu=target == "gpu",
                         engine_options=given["engine_options"]),
        options, chosen.reporter)
    show_grades(chosen, workspace, assignments, graded, options, as_json=as_json)
    return graded.exit_code


@container.command()
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.option("--json", "as_json", is_flag=True, help="Print the mode as one JSON object.")
def health(isolation: str | None, as_json: bool) -> int:
    """Check inside a container that it works: run an empty notebook in the sandbox, without a network.

    The image's HEALTHCHECK; prints the isolation mode.
    """
    from autograder.model import Isolation
    from autograder.pipeline.containers.health import check

    mode = check(Isolation(isolation) if isolation else None)
    click.echo(json.dumps({"isolation": mode}) if as_json else mode)
    return 0


@container.command()
def worker() -> None:
    """Serve a judge on standard input and output: run notebooks and send back the files that they leave.

    The command of the runner container, which gets no folder, no network and no course.
    """
    from autograder.pipeline.containers.runner import serve

    inbound, outbound = _wire()
    serve(inbound, outbound)


@container.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given several times.")
@workers_option("Submissions", default=None)
@click.option("--force", is_flag=True, help="Run again even where nothing has changed.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits where real data is missing.")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.pass_context
def judge(ctx: click.Context, assignment: str, **given: Unpack[RunGiven]) -> int:
    """Grade ASSIGNMENT with the runner on standard input and output.

    The command of the judge's container, which contains the course and runs no student code.
    """
    from autograder.pipeline.containers.judge import judge_assignment
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    inbound, outbound = _wire()
    options = run_options(given)
    return judge_assignment(open_workspace(chosen.course, chosen.output), assignment, inbound, outbound, options,
                            chosen.reporter).exit_code


@container.command()
@click.option("--root", type=FOLDER, default=Path("/autograder"), show_default=True, help="Gradescope's folder.")
@click.option("--assignment", envvar="AUTOGRADER_ASSIGNMENT", default=None, show_default="the only released one",
              help="The assignment that the submission answers.")
@click.option("--stand-in", is_flag=True, envvar="AUTOGRADER_STAND_IN", help="Allow the embedded digits.")
@click.option("--isolation", type=click.Choice(["full", "namespaces", "restricted"]), default=None,
              help="Use this mode instead of the best one.")
@click.option("--result", "complete", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Write the complete result, for instructors, to this file too.")
@click.pass_context
def gradescope(ctx: click.Context, root: Path, assignment: str | None, stand_in: bool, isolation: str | None,
               complete: Path | None) -> int:
    """Grade the one submission in Gradescope's layout and write results/results.json.

    The command of `run_autograder`. Standard output is for instructors.
    """
    from autograder.model import Isolation
    from autograder.pipeline.grade.results import choose_exit_code
    from autograder.platforms.gradescope_run import GradescopeOptions, run_autograder
    from autograder.platforms.platform_words import staff_lines
    from autograder.workspace.storage import write_atomically

    options = GradescopeOptions(assignment=assignment, allow_stand_in=stand_in,
                                isolation=Isolation(isolation) if isolation else None)
    result = run_autograder(root, options, settings(ctx).reporter)
    if complete is not None:
        write_atomically(complete, result.to_json())
    for line in staff_lines(result):
        click.echo(line)
    return choose_exit_code([result])


@container.command()
@click.option("--root", type=FOLDER, required=True, help="Folder with source/, submission/ and results/.")
@click.option("--assignment", required=True, help="The assignment that the submission answers.")
@click.option("--stand-in", is_flag=True, help="Allow the embedded digits.")
@click.pass_context
def action(ctx: click.Context, root: Path, assignment: str, stand_in: bool) -> int:
    """Grade the one submission in a folder and write results/result.json.

    The command of `autograder.py` in what `autograder export action` writes. Standard output is for instructors.
    """
    from autograder.pipeline.grade.results import choose_exit_code
    from autograder.platforms.action_result import run_action
    from autograder.platforms.gradescope_run import GradescopeOptions
    from autograder.platforms.platform_words import staff_lines

    result = run_action(root, GradescopeOptions(assignment=assignment, allow_stand_in=stand_in), settings(ctx).reporter)
    for line in staff_lines(result):
        click.echo(line)
    return choose_exit_code([result])


def choose_engine(wanted: str | None) -> Engine:
    """Return the engine of this name, else the first one here, with this process's ids and limits."""
    import resource

    from autograder.container import find_engine

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return find_engine(wanted, uid=os.getuid(), gid=os.getgid(), open_files=most)


def _wire() -> tuple[BinaryIO, BinaryIO]:
    """Reserve standard input and output for frames; other readers get nothing, other writers standard error."""
    import io

    from autograder.container import PatientWriter

    inbound, outbound = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    writer: io.RawIOBase = PatientWriter(outbound, _PATIENCE)
    return os.fdopen(inbound, "rb"), writer  # type: ignore[return-value]  # it writes bytes, which is all that is asked
