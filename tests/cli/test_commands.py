"""The command line: exit codes, sentences instead of tracebacks, JSON that parses, and a quick start."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.cli import EXIT_CODES, cli
from autograder.cli.main import _run
from autograder.cli.progress_bars import TerminalReporter
from autograder.cli.workers_option import RENAMED, workers_option
from autograder.errors import AutograderError, ExecutionError, IsolationError, StorageError

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "samples" / "mini"
COMMANDS = sorted(cli.list_commands(click.Context(cli)))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course that was neither released nor calibrated."""
    shutil.copytree(MINI, tmp_path / "course")
    return tmp_path / "course"


def run(course: Path, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own, with no data set in sight."""
    kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
    return subprocess.run([sys.executable, "-m", "autograder", "--course", str(course), *arguments], cwd=ROOT,
                          env=kept | {"HOME": str(home or course)}, capture_output=True, text=True, check=False)


def one_sentence(run: subprocess.CompletedProcess[str]) -> str:
    """Return what the command said: one line, no traceback, nothing on standard output."""
    assert "Traceback" not in run.stderr and run.stdout == ""
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith("autograder: ") and lines[0].endswith((".", "?"))
    return lines[0]


@pytest.mark.slow
def test_unknown_assignment(course: Path) -> None:
    outcome = run(course, "grade", "mnii")
    assert outcome.returncode == 2
    assert "'mnii'" in one_sentence(outcome) and "mini" in outcome.stderr


@pytest.mark.slow
def test_unknown_key_names_the_line_and_the_nearest_key(course: Path) -> None:
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("notebook_time:", "notebok_time:"))
    outcome = run(course, "grade")
    assert outcome.returncode == 2
    sentence = one_sentence(outcome)
    line = 1 + settings.read_text().splitlines().index("      notebok_time: 60 s")
    assert f"line {line}" in sentence and "notebok_time" in sentence and "notebook_time" in sentence


@pytest.mark.slow
def test_debug_shows_the_traceback(course: Path) -> None:
    outcome = run(course, "--debug", "grade", "mnii")
    assert outcome.returncode != 0
    assert "Traceback" in outcome.stderr and "CourseError" in outcome.stderr


@pytest.mark.slow
def test_a_folder_that_is_no_course(tmp_path: Path) -> None:
    outcome = run(tmp_path, "grade")
    assert outcome.returncode == 2
    assert "course.yml" in one_sentence(outcome)


@pytest.mark.parametrize("arguments", [
    ["grade", "--workers", "0"], ["grade", "--isolation", "none"], ["calibrate", "mini", "--seeds", "1"], ["collect"],
    ["collect", "no-such-folder"], ["nonsense"], ["--nonsense"], ["grade", "--nonsense"],
], ids=" ".join)
def test_wrong_usage_is_exit_code_2(course: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--course", str(course), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err and "Error" in captured.err


@pytest.mark.slow
def test_grade_before_anything_was_collected(course: Path) -> None:
    outcome = run(course, "grade", "mini", "--json", "--stand-in", "--no-gradebook")
    assert outcome.returncode == 0
    assert json.loads(outcome.stdout) == []
    assert "nothing was collected" in outcome.stderr


def handed_in(course: Path) -> None:
    folder = course / "submitted" / "ada" / "mini"
    folder.mkdir(parents=True)
    shutil.copy(course / "assignments" / "mini" / "mini.ipynb", folder)


@pytest.mark.slow
def test_grade_before_a_release(course: Path) -> None:
    handed_in(course)
    outcome = run(course, "grade", "mini")
    assert outcome.returncode == 2
    assert "autograder release mini" in one_sentence(outcome)


@pytest.mark.slow
def test_grade_without_true_data_names_the_way_out(course: Path, tmp_path: Path) -> None:
    handed_in(course)
    (course / "release" / "mini").mkdir(parents=True)
    shutil.copy(course / "assignments" / "mini" / "mini.ipynb", course / "release" / "mini")
    home = tmp_path / "home"
    home.mkdir()
    outcome = run(course, "grade", "mini", home=home)
    assert outcome.returncode == 2
    assert "--stand-in" in one_sentence(outcome) and "AUTOGRADER_DATA" in outcome.stderr
    assert not (course / "results").exists(), "nothing may be graded with other data in silence"


@pytest.mark.slow
def test_data_folder_that_does_not_exist(course: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    handed_in(course)
    (course / "release" / "mini").mkdir(parents=True)
    shutil.copy(course / "assignments" / "mini" / "mini.ipynb", course / "release" / "mini")
    monkeypatch.setenv("AUTOGRADER_DATA", str(course / "nowhere"))
    assert _run(["--course", str(course), "grade", "mini"]) == 2
    assert "AUTOGRADER_DATA must name a folder" in capsys.readouterr().err


def test_schema_is_valid_and_describes_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    import yaml

    assert _run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    for path in (ROOT / "course.yml", MINI / "course.yml"):
        found = validator(schema).iter_errors(yaml.safe_load(path.read_text()))
        assert not [error.message for error in found if error.validator == "additionalProperties"]
    wrong = yaml.safe_load((MINI / "course.yml").read_text()) | {"asignments": {}}
    assert [error for error in validator(schema).iter_errors(wrong) if "asignments" in error.message]


@pytest.mark.slow
def test_doctor_says_what_the_machine_offers(course: Path) -> None:
    outcome = run(course, "doctor", "--json")
    found = json.loads(outcome.stdout)
    assert outcome.returncode == (0 if found["isolation"] else 3)
    names = {finding["name"]: finding for finding in found["findings"]}
    assert {"MNIST", "machine", "packages"} <= names.keys()
    assert names["MNIST"]["ok"] is False and "mnist.npz" in names["MNIST"]["detail"]
    assert all(finding["detail"] for finding in found["findings"])
    words = run(course, "doctor")
    assert words.returncode == outcome.returncode
    assert "Isolation of student code" in words.stdout


@pytest.mark.slow
def test_doctor_works_outside_of_a_course(tmp_path: Path) -> None:
    outcome = run(tmp_path, "doctor", "--json")
    assert json.loads(outcome.stdout)["findings"] and outcome.returncode in (0, 3)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_and_how(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run([name, "--help"]) == 0
    text = capsys.readouterr().out
    command = cli.get_command(click.Context(cli), name)
    assert command is not None and command.help
    undocumented = [option.name for option in command.params
                    if isinstance(option, click.Option) and not option.help]
    assert not undocumented
    assert text.startswith(f"Usage: autograder {name}")


WITHOUT_JSON = {
    "watch": "it runs until it is ended; status.json has the queue",
    "serve": "it runs until it is ended, under a hub, which keeps what it prints as a log",
    "worker": "it runs until it is ended, and has no result",
    "container worker": "its standard output carries frames for the judge",
    "container judge": "its standard output carries frames for the runner",
    "container action": "it writes result.json; its standard output is the log of a workflow, for instructors",
    "container gradescope": "it writes results.json; Gradescope shows its standard output to instructors as it is",
}
"""Commands that cannot print JSON, and why."""


def every_command(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def test_every_command_prints_json_or_says_why_not() -> None:
    without = {path for path, command in every_command(cli)
               if not any("--json" in option.opts for option in command.params)}
    assert without == set(WITHOUT_JSON), "give the command --json, or a reason"


@pytest.mark.parametrize("arguments", [
    ["grade", "--no-gradebook"], ["feedback"], ["export"], ["export", "--to", "canvas"],
    ["return", "mini", "--to", "folder"], ["requests", "list"], ["regrade", "mini", "--dry-run"],
], ids=" ".join)
def test_nothing_to_do_is_said_with_a_place(
    course: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["--course", str(course), *arguments, *([] if "--to" in arguments else ["--json"])]) == 0
    captured = capsys.readouterr()
    said = captured.err.replace("\n", "")
    assert "nothing was collected" in said or str(course.resolve()) in said
    nothing = [], {"assignment": "mini", "written": False, "changes": []}
    assert captured.out == "" or json.loads(captured.out) in nothing


def test_behind_a_pipe_each_unit_has_a_line_and_a_terminal_shows_what_is_running() -> None:
    piped, terminal = io.StringIO(), io.StringIO()
    with TerminalReporter(Console(file=piped, width=40)).task("grade mini", 2) as task:
        task.begin("ada")
        task.advance("ada")
        task.advance("[bold]ben")
    assert piped.getvalue() == "grade mini: 1 of 2 ada\ngrade mini: 2 of 2 [bold]ben\n"
    console = Console(file=terminal, force_terminal=True, width=200)
    with TerminalReporter(console).task("grade mini", 2) as task:
        task.begin("ada")
        task.begin("[bold]ben")
        task.advance("ada")
    assert "[bold]ben" in terminal.getvalue()


def test_version() -> None:
    from autograder import __version__

    outcome = subprocess.run([sys.executable, "-m", "autograder", "--version"], cwd=ROOT, capture_output=True,
                             text=True, check=True)
    assert __version__ in outcome.stdout


@pytest.mark.parametrize("error, code", [
    (AutograderError("This is wrong."), 2), (IsolationError("No walls."), 3), (ExecutionError("It died."), 4),
    (KeyboardInterrupt(), 130), (ZeroDivisionError("a slip"), 1), (StorageError("It is full."), 7),
    (OSError(errno.ENOSPC, "No space left on device", "feedback/ada/a.html"), 7), (OSError(errno.EINVAL, "Odd"), 1),
], ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value))
def test_errors_become_exit_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def broken(**_: object) -> None:
        raise error

    command = cli.get_command(click.Context(cli), "schema")
    assert command is not None
    monkeypatch.setattr(command, "callback", broken)
    assert _run(["schema"]) == code
    assert code in EXIT_CODES
    err = capsys.readouterr().err
    assert "Traceback" not in err and len(err.strip().splitlines()) == 1
    if code == 1:
        assert type(error).__name__ in err and "--debug" in err


ENDED = """
import os, signal, sys, time
from autograder.cli import cli
from autograder.cli.main import main
import click
def end(**_):
    try:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
        time.sleep(60 if sys.argv[2] == "heard" else 0)
    finally:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))  # a second one disturbs nothing
        print("cleaned up", flush=True)
if sys.argv[2] == "heard":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it
cli.get_command(click.Context(cli), "schema").callback = end
main(["schema"])
"""


@pytest.mark.parametrize("name, code", [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_command_in_order(name: str, code: int) -> None:
    outcome = subprocess.run([sys.executable, "-c", ENDED, name, "heard"], cwd=ROOT, capture_output=True, text=True,
                             check=False)
    assert (outcome.returncode, outcome.stdout) == (code, "cleaned up\n")
    assert code in EXIT_CODES
    assert outcome.stderr == f"Ended by {name}; the same command continues from here.\n"


def test_nohup_is_obeyed() -> None:
    outcome = subprocess.run(["nohup", sys.executable, "-c", ENDED, "SIGHUP", "ignored"], cwd=ROOT,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stdout) == (0, "cleaned up\n")


@pytest.mark.parametrize("arguments", [["--help"], ["schema"], ["grade", "--help"], ["doctor", "--json"]], ids=" ".join)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    code = ("import sys\nfrom autograder.cli.main import _run\n_run(sys.argv[1:])\n"
            "heavy = ('tensorflow', 'keras', 'nbgrader', 'matplotlib', 'otter', 'IPython', 'pytest', 'sklearn')\n"
            "print([name for name in heavy if name in sys.modules], file=sys.stderr)")
    outcome = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True,
                             check=True)
    assert outcome.stderr.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("given", [["--lanes", "3"], ["--workers", "3"], ["--lanes", "2", "--workers", "3"]])
def test_the_former_name_of_workers_still_works(given: list[str]) -> None:
    @click.command()
    @workers_option("Submissions")
    def command(workers: int | None) -> None:
        click.echo(workers)

    done = CliRunner().invoke(command, given)
    assert done.stdout == "3\n" and (RENAMED in done.stderr) == ("--lanes" in given)
    assert "--lanes" not in CliRunner().invoke(command, ["--help"]).stdout
