"""Grade in two containers: one that runs student code and holds nothing, one that judges and runs none of it."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import autograder
from autograder.container.engine import Engine, Target, build_command, judge_command, run_command, runner_command
from autograder.container.relay import Relay
from autograder.course import Course
from autograder.errors import AutograderError, ExecutionError
from autograder.model import Result
from autograder.pipeline.containers.graders import bounds_of, lanes_option
from autograder.pipeline.containers.stage import Stage, staged, take_back
from autograder.pipeline.grade.recording import Recording
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive

TRIES: Final = 3
"""How often a pair of containers is started when the runner is lost."""
_FAREWELL: Final = 30.0  # seconds for a container to end when it is told to
_KEPT: Final = 2000  # bytes of a container's last words


@dataclass(frozen=True, kw_only=True)
class ContainerOptions:
    """What `autograder container run` was asked for."""

    engine: Engine
    image: str
    arguments: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    gradebook: bool = True
    gpu: bool = False
    options: tuple[str, ...] = ()


def package_source() -> Path:
    """Return the folder that an image is built from.

    Raises:
        AutograderError: this package was installed without it.
    """
    root = Path(autograder.__file__).resolve().parent.parent
    missing = [name for name in ("pyproject.toml", "requirements.lock", ".dockerignore") if not (root / name).is_file()]
    if missing:
        raise AutograderError(f"Expected {missing[0]} in {root} to build an image from, but there is none; "
                              "run the command from a checkout of the course repository.")
    return root


def build(engine: Engine, *, target: Target, tag: str, base: str | None, options: Sequence[str]) -> None:
    """Build the image.

    Raises:
        ExecutionError: the engine could not.
    """
    command = build_command(engine, context=package_source(), target=target, tag=tag, base=base, options=options)
    code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    if code != 0:
        raise ExecutionError(f"Expected {engine.name} to build {tag}, but it ended with {code}; "
                             "read what it said above.")


def health(engine: Engine, *, image: str, options: Sequence[str] = ()) -> int:
    """Let a container prove that it works without a network; returns the exit code of its own check."""
    command = run_command(engine, image=image, arguments=("container", "health"), options=options)
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode


def grade_in_containers(
    workspace: Workspace, assignments: Sequence[str], options: ContainerOptions, reporter: Reporter
) -> list[Result]:
    """Grade the chosen assignments and record the results in the gradebook.

    Raises:
        ExecutionError: the containers could not do it; what was graded is kept.
        AutograderError: as `autograder grade`.
    """
    graded: list[Result] = []
    with exclusive(workspace.grade_lock, "Grading"), Recording(workspace, options.gradebook) as book:
        for assignment in workspace.chosen(assignments):
            if not workspace.submissions(assignment):
                reporter.note(f"{assignment}: nothing was collected.")
                continue
            book.expect()
            for result in _grade(workspace, assignment, options, reporter):
                book.add(result)
                graded.append(result)
        book.finish(reporter)
    return graded


def _grade(workspace: Workspace, assignment: str, options: ContainerOptions, reporter: Reporter) -> list[Result]:
    with staged(workspace, assignment, options.students) as stage:
        for number in range(1, TRIES + 1):
            code, words = _pair(workspace.course, assignment, stage, options)
            results = take_back(workspace, stage, assignment)
            if code != ExecutionError.exit_code or number == TRIES:
                break
            reporter.note(f"{assignment}: the containers were lost ({words}); started again")
    if code not in (0, 5):
        raise _trouble(code, words)
    return results


def _pair(course: Course, assignment: str, stage: Stage, options: ContainerOptions) -> tuple[int, str]:
    """Run judge and runner, joined by a relay; returns the judge's exit code and the last words of both."""
    name = f"autograder-{secrets.token_hex(6)}"
    target: Target = "gpu" if options.gpu else "cpu"
    bounds = bounds_of(course, target)
    runner = runner_command(options.engine, image=options.image, name=f"{name}-runner", gpu=options.gpu,
                            bounds=bounds, options=options.options)
    judge = judge_command(options.engine, image=options.image, name=f"{name}-judge", course=stage.course,
                          output=stage.output, cache=stage.cache, data=stage.data, gpu=options.gpu,
                          bounds=bounds, options=options.options,
                          arguments=(assignment, *lanes_option(course, assignment, target), *options.arguments))
    with tempfile.TemporaryFile() as runner_said, tempfile.TemporaryFile() as judge_said:
        with (_container(options.engine, runner, f"{name}-runner", runner_said) as at_runner,
              _container(options.engine, judge, f"{name}-judge", judge_said) as at_judge):
            relay = Relay(judge=_ends(at_judge), runner=_ends(at_runner))
            code = at_judge.wait()
        relay.join()
        words = _last_line(judge_said)
        return code, f"{words} (the runner: {_last_line(runner_said)})" if code == ExecutionError.exit_code else words


@contextmanager
def _container(engine: Engine, command: Sequence[str], name: str, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a container; it is seen off at the end, without patience where something went wrong here."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, bufsize=0,
                               start_new_session=True)
    patience = 0.0
    try:
        yield process
        patience = _FAREWELL
    finally:
        _stop(engine, process, name, patience=patience)


def _ends(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return what a process writes and what it reads."""
    if process.stdout is None or process.stdin is None:
        raise ExecutionError("Expected pipes to the engine's client, but it has none; report it.")
    return process.stdout, process.stdin


def _stop(engine: Engine, process: subprocess.Popen[bytes], container: str, *, patience: float) -> None:
    """See a container off: by itself, now that its partner is gone, else by force."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        # To kill the client would leave the container behind.
        subprocess.run([*engine.program, "rm", "--force", container], check=False, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.kill()
        process.wait()


def _last_line(said: IO[bytes]) -> str:
    """Return what a container said last, in printable signs only: a terminal must not obey it."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - _KEPT))
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    return "".join(sign for sign in lines[-1][-500:] if sign.isprintable()) if lines else ""


def _trouble(code: int, words: str) -> AutograderError:
    """Return the judge's own error again, of the kind that has its exit code."""
    kinds: dict[int, type[AutograderError]] = {AutograderError.exit_code: AutograderError}
    for kind in AutograderError.__subclasses__():
        kinds.setdefault(kind.exit_code, kind)
    return kinds.get(code, ExecutionError)(words.removeprefix("autograder: ") or f"The judge ended with {code}.")
