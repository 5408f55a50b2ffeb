"""Grade in two containers: one runs student code and contains nothing of the course, the other judges and runs none."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

import autograder
from autograder.container.engine import (
    Engine,
    Launch,
    Target,
    build_command,
    judge_command,
    runner_command,
)
from autograder.container.relay import Relay
from autograder.course import Course
from autograder.errors import AutograderError, ExecutionError
from autograder.model import Result
from autograder.pipeline.containers.graders import bound_note, bounds_of, workers_option
from autograder.pipeline.containers.stage import Stage, collect_results, stage_course
from autograder.pipeline.grade.recording import open_gradebook
from autograder.pipeline.grade.results import FAILED_EXIT, QUEUED_EXIT, Grading, choose_exit_code
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

TRIES: Final = 3
"""How often a pair of containers is started if the runner is lost."""
_PATIENCE: Final = 30.0  # seconds for a container to end after its partner has
_KEPT: Final = 2000  # bytes kept of a container's last output
_ENDINGS: Final = (FAILED_EXIT, QUEUED_EXIT, 0)  # exit codes of a judge that has graded, in the order of precedence


@dataclass(frozen=True, kw_only=True)
class ContainerOptions:
    """In which containers `autograder container run` grades.

    Attributes:
        gpu: give both containers the machine's GPUs.
        engine_options: passed to the engine's run.
    """

    engine: Engine
    image: str
    gpu: bool = False
    engine_options: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """Which of the two images it is."""
        return "gpu" if self.gpu else "cpu"


CONTEXT: Final = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE", ".dockerignore")
"""What an image is built from, in addition to the package."""


@contextmanager
def build_context() -> Iterator[Path]:
    """Yield the folder that an image is built from: a checkout, or a temporary copy of the installed package.

    Raises:
        AutograderError: this package was installed without what it needs.
    """
    package = Path(autograder.__file__).resolve().parent
    if all((package.parent / name).is_file() for name in CONTEXT):
        yield package.parent
        return
    # A wheel has them here (setup.py); the installed package itself is what the image gets.
    shipped = package / "container" / "context"
    missing = [name for name in CONTEXT if not (shipped / name).is_file()]
    if missing:
        raise AutograderError(f"Expected {missing[0]} in {shipped} to build an image from, but there is none; "
                              "install the package from its wheel, or run the command from a checkout.")
    with tempfile.TemporaryDirectory(prefix="autograder-image-") as temporary:
        context = Path(temporary)
        for name in CONTEXT:
            shutil.copyfile(shipped / name, context / name)
        shutil.copytree(package, context / package.name, ignore=shutil.ignore_patterns("__pycache__"))
        yield context


def build(
    engine: Engine, *, target: Target, tag: str, base: str | None = None, options: Sequence[str] = (),
    packages: Sequence[str] = (),
) -> None:
    """Build the image.

    Args:
        packages: of the course, each as ``name==version``.

    Raises:
        ExecutionError: the engine could not.
    """
    with build_context() as context:
        command = build_command(engine, context=context, target=target, tag=tag, base=base, options=options,
                                packages=packages)
        code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    if code != 0:
        raise ExecutionError(f"Expected {engine.name} to build {tag}, but it ended with {code}; "
                             "read its output above.")


def grade_in_containers(
    workspace: Workspace, assignments: Sequence[str], containers: ContainerOptions, options: RunOptions,
    reporter: Reporter,
) -> Grading:
    """Grade the chosen assignments and record the results in the gradebook.

    Raises:
        ExecutionError: the containers failed; finished results are kept.
        StorageError: results could not be stored.
        AutograderError: as `autograder grade`.
    """
    graded: list[Result] = []
    codes = {0}
    with open_gradebook(workspace, "Grading", wanted=options.gradebook, reporter=reporter) as book:
        for assignment in workspace.chosen(assignments):
            if not any(options.chosen(student) for student, _ in workspace.submissions(assignment)):
                reporter.note(f"{assignment}: nothing was collected.")
                continue
            book.warm_up()
            results, code = _grade(workspace, assignment, containers, options, reporter)
            for result in results:
                book.add(result)
            book.write()
            graded += results
            codes.add(code)
    return Grading(results=tuple(graded), exit_code=next(code for code in _ENDINGS if code in codes))


def _grade(
    workspace: Workspace, assignment: str, containers: ContainerOptions, options: RunOptions, reporter: Reporter
) -> tuple[list[Result], int]:
    """Return the results of one assignment and its judge's exit code."""
    bounded = bound_note(workspace, assignment, containers.target, options.workers)
    if bounded is not None:
        reporter.note(f"{assignment}: {bounded}")
    with stage_course(workspace, assignment, options.students) as stage:
        for number in range(1, TRIES + 1):
            code, words = _run_pair(workspace.course, assignment, stage, containers, options)
            results = collect_results(workspace, stage, assignment)
            if code != ExecutionError.exit_code or number == TRIES:
                break
            reporter.note(f"{assignment}: the containers were lost ({words}); started again")
    if code not in _ENDINGS:
        raise _judge_error(code, words)
    if code == FAILED_EXIT and choose_exit_code(results) != FAILED_EXIT:
        reporter.note(f"{assignment}: some work could not be graded, and earlier results are kept; "
                      "run the same command again.")
    if code == QUEUED_EXIT:
        waiting = sum(result.status == "queued" for result in results)
        reporter.note(f"{waiting} of {assignment} left queued: it is graded on a GPU, but the containers have none; "
                      "run the same command with --target gpu on a machine with one.")
    return results, code


def judge_arguments(assignment: str, options: RunOptions) -> tuple[str, ...]:
    """Return the arguments of `autograder container judge` for these options."""
    return (assignment, *(f"--student={student}" for student in options.students),
            *([f"--workers={options.workers}"] if options.workers else ()),
            *(["--force"] if options.force else ()), *(["--stand-in"] if options.allow_stand_in else ()),
            *([f"--isolation={options.isolation.value}"] if options.isolation else ()))


def _run_pair(
    course: Course, assignment: str, stage: Stage, containers: ContainerOptions, options: RunOptions
) -> tuple[int, str]:
    """Run judge and runner, connected by a relay; returns the judge's exit code and the last line of both."""
    name = f"autograder-{secrets.token_hex(6)}"
    launch = Launch(image=containers.image, gpu=containers.gpu, bounds=bounds_of(course, containers.target),
                    options=containers.engine_options)
    runner = runner_command(containers.engine, replace(launch, name=f"{name}-runner"))
    judge = judge_command(
        containers.engine, replace(launch, name=f"{name}-judge"),
        (*workers_option(course, assignment, containers.target), *judge_arguments(assignment, options)),
        course=stage.course, output=stage.output, cache=stage.cache, data=stage.data)
    with tempfile.TemporaryFile() as runner_said, tempfile.TemporaryFile() as judge_said:
        with (_container(containers.engine, runner, f"{name}-runner", runner_said) as at_runner,
              _container(containers.engine, judge, f"{name}-judge", judge_said) as at_judge):
            relay = Relay(judge=_ends(at_judge), runner=_ends(at_runner))
            code = at_judge.wait()
        relay.join()
        words = _last_line(judge_said)
        return code, f"{words} (the runner: {_last_line(runner_said)})" if code == ExecutionError.exit_code else words


@contextmanager
def _container(engine: Engine, command: Sequence[str], name: str, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a container and stop it at the end, immediately after an error here."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, bufsize=0,
                               start_new_session=True)
    patience = 0.0
    try:
        yield process
        patience = _PATIENCE
    finally:
        _stop(engine, process, name, patience=patience)


def _ends(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the output and the input of a process."""
    if process.stdout is None or process.stdin is None:
        raise ExecutionError("Expected pipes to the engine's client, but it has none; report it.")
    return process.stdout, process.stdin


def _stop(engine: Engine, process: subprocess.Popen[bytes], container: str, *, patience: float) -> None:
    """Wait for a container to end, now that its partner has ended; stop it by force where it does not."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        # Killing only the client would leave the container running.
        subprocess.run([*engine.program, "rm", "--force", container], check=False, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.kill()
        process.wait()


def _last_line(said: IO[bytes]) -> str:
    """Return the last line of a container's output, printable characters only: it must not control the terminal."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - _KEPT))
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    return "".join(sign for sign in lines[-1][-500:] if sign.isprintable()) if lines else ""


def _judge_error(code: int, words: str) -> AutograderError:
    """Return the judge's own error again, of the kind that has its exit code."""
    kinds: dict[int, type[AutograderError]] = {AutograderError.exit_code: AutograderError}
    for kind in AutograderError.__subclasses__():
        kinds.setdefault(kind.exit_code, kind)
    return kinds.get(code, ExecutionError)(words.removeprefix("autograder: ") or f"The judge ended with {code}.")
