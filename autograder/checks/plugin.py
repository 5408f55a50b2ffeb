"""The pytest plugin of the hidden checks: the ``task`` marker, the fixtures, and the outcome of each check.

The check server (`autograder.checks.worker`) registers it. Checks are collected once, with pytest's own
assertion rewriting; a submission is then judged in a fork of that process by pytest's own run protocol.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import pytest

from autograder.checks.blocking import Verdicts, Words
from autograder.checks.calls import calls_by_task
from autograder.checks.case import Case
from autograder.checks.ground_truth import CourseData, Holdout, ReferenceView
from autograder.checks.legacy_names import modern_spelling
from autograder.checks.missing_files import file_trouble
from autograder.checks.outcome import CheckFailed, Consequence, Evidence, Unjudged
from autograder.checks.spec import ordered, read_spec
from autograder.checks.student import Student
from autograder.errors import AutograderError, CheckError
from autograder.installed import missing_package
from autograder.model import Bound, CheckSpec, Status

MARKER = 'task(id, points, basis, needs=[], minimum=False, predicts=[], calls=[]): task and points of a hidden check'
_PLACE = re.compile(r"\S+\.py:(\d+): in ")
NOTE_LENGTH = 4000
"""Characters that a staff note keeps of the end of a traceback, where the cause is."""


class Sizes(dict[str, int | float]):
    """Sizes by name; asking for one that the notebook does not have raises an error that explains the mistake."""

    def __missing__(self, name: str) -> int | float:
        raise CheckError(f"A check asks for the size {name!r}, but the notebook's sizes cell has "
                         f"{', '.join(self) or 'none'}; correct the check.")


class _AlreadyDecided(Exception):
    """Raised before a check whose outcome is already known, so that pytest does not run it."""


class ChecksPlugin:
    """One collection of hidden checks; in a fork, additionally one submission (``case``)."""

    def __init__(self, serve: Callable[[pytest.Session], None]) -> None:
        self.problems: list[str] = []
        self.specs: tuple[CheckSpec, ...] = ()
        self.case: Case | None = None
        self.verdicts = Verdicts((), None)
        self._serve = serve
        self._by_item: dict[str, CheckSpec] = {}
        self._evidence = Evidence()
        self._asked: dict[str, Bound] = {}

    # Collection

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = [line for line in str(report.longrepr).splitlines() if line.strip()]
            cause = next((line[1:].strip() for line in reversed(lines) if line.startswith("E ")), lines[-1])
            places = [match[1] for line in lines if (match := _PLACE.match(line)) and report.nodeid in line]
            place = f"{report.nodeid}, line {places[-1]}," if places else report.nodeid
            self.problems.append(f"{place} cannot be read: {cause.rstrip('.')}.")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        by_id: dict[str, pytest.Item] = {}
        specs: list[CheckSpec] = []
        for item in items:
            try:
                spec = self._spec(item)
            except CheckError as error:
                self.problems.append(str(error))
                continue
            specs.append(spec)
            by_id[spec.id] = item
            self._by_item[item.nodeid] = spec
        if not items and not self.problems:
            self.problems.append("no hidden check was found: functions called test_… in files called test_*.py.")
        if self.problems:
            return
        try:
            self.specs = ordered(specs)
        except CheckError as error:
            self.problems.append(str(error))
            return
        items[:] = [by_id[spec.id] for spec in self.specs]

    @staticmethod
    def _spec(item: pytest.Item) -> CheckSpec:
        name = getattr(item, "originalname", None) or item.name
        marker = item.get_closest_marker("task")
        if hasattr(item, "callspec"):
            raise CheckError(f"{name} is parametrised; a check is one function, so write one for each case.")
        if marker is None:
            raise CheckError(f'{name} has no task marker; add @pytest.mark.task("…", points=…, basis="…").')
        spec = read_spec(name, getattr(getattr(item, "obj", None), "__doc__", None), marker.args, marker.kwargs)
        return spec.model_copy(update={"sized": "sizes" in getattr(item, "fixturenames", ())})

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._serve(session)
        return True

    # One submission, in a fork

    def judge(self, session: pytest.Session, case: Case) -> Verdicts:
        """Run every check against one submission by pytest's protocol, and return their outcomes."""
        self.case = case
        self.verdicts = Verdicts(self.specs, case.request)
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            try:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            except BaseException as error:  # pytest.exit and Ctrl-C inside a check end that check only
                self._withhold(self._by_item[item.nodeid], error)
        return self.verdicts

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._evidence = Evidence()
        self._asked = {}
        if self.verdicts.decide_without_run(self._by_item[item.nodeid]):
            raise _AlreadyDecided("decided without a run")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Record the outcome. Our own short report avoids rendering tracebacks that nobody reads."""
        spec = self._by_item[item.nodeid]
        error = call.excinfo.value if call.excinfo else None
        if error is not None and not isinstance(error, _AlreadyDecided):
            self._book(spec, call.when, error)
        elif error is None and call.when == "call":
            self.verdicts.add(spec, Status.PASSED, evidence=self._evidence, bounds=self._asked)
        return pytest.TestReport(
            nodeid=item.nodeid, location=item.location, keywords={}, longrepr=None, when=_phase(call.when),
            outcome="passed" if error is None else "skipped" if isinstance(error, _AlreadyDecided) else "failed",
            duration=call.duration, start=call.start, stop=call.stop,
        )

    def _book(self, spec: CheckSpec, when: str, error: BaseException) -> None:
        if isinstance(error, Consequence):
            self._book(spec, when, error.otherwise)
            self.verdicts.follows_from_earlier(spec)
            return
        if isinstance(error, Unjudged):
            words, status = Words(seen=error.reason, note=error.staff_note), Status.UNJUDGED
        elif isinstance(error, CheckFailed):
            words = Words(seen=error.seen, expected=error.expected, hint=self._hint(spec, error), layers=error.layers,
                          marks=error.marks)
            status = Status.FAILED
        elif when == "call" and isinstance(error, (AssertionError, pytest.fail.Exception)):
            # A plain assert is a judgement, but its text was written for the instructor, perhaps with hidden numbers.
            words = Words(seen="This is not yet what the step asks for.",
                          note=_last(f"{type(error).__name__}: {error}"))
            status = Status.FAILED
        else:
            self._withhold(spec, error)
            return
        self.verdicts.add(spec, status, words, evidence=self._evidence, bounds=self._asked)

    def _withhold(self, spec: CheckSpec, error: BaseException) -> None:
        """Record that a check was no judgement, whatever ended it."""
        self.verdicts.add(spec, Status.ERRORED, Words(note=_last(_trace(error))), evidence=self._evidence,
                          bounds=self._asked)

    def _hint(self, spec: CheckSpec, error: CheckFailed) -> str | None:
        """Return the hint of a failed check: the error that stopped the cell if known, else the check's own.

        Today's spelling comes first, where the cell that stopped used an old one.
        """
        request = self.case.request if self.case else None
        packages, files = (self.case.packages, self.case.files) if self.case else ((), ())
        sources: tuple[Mapping[str, str], ...] = (request.causes, request.notes) if request else ()
        known = [source[spec.task] for source in sources if source.get(spec.task)]
        modern = next(filter(None, (modern_spelling(one) or missing_package(one, packages) or file_trouble(one, files)
                                    for one in known)), None)
        return " ".join(part for part in (modern, *(known or (error.hint,))) if part) or None

    # Fixtures

    def _current(self) -> Case:
        if self.case is None:
            raise CheckError("Hidden checks run in the check server only; use `autograder grade`.")
        return self.case

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The student's work as it was just before the test cell of this check's task."""
        spec = self._by_item[request.node.nodeid]
        return Student(self._current(), spec.task, self._evidence, calls_by_task(self.specs))

    @pytest.fixture
    def reference(self, request: pytest.FixtureRequest) -> ReferenceView:
        """What a correct solution measures on this grader and data set."""
        return replace(self._current().reference, asked=self._asked)

    @pytest.fixture
    def holdout(self) -> Holdout:
        """Labels of the public test images and of the withheld ones."""
        return self._current().holdout

    @pytest.fixture
    def sizes(self) -> Mapping[str, int | float]:
        """The numbers of the notebook's sizes cell as they were in this run: ``sizes["EPOCHS"]``."""
        return Sizes(self._current().request.sizes)

    @pytest.fixture
    def data(self) -> CourseData:
        """The raw public images and labels, as ``load_data()`` gives them to the student."""
        return self._current().data


def _phase(when: str) -> Literal["setup", "call", "teardown"]:
    return "call" if when == "call" else "teardown" if when == "teardown" else "setup"


def _inside_pytest(filename: str) -> bool:
    return "/_pytest/" in filename or "/pluggy/" in filename


def _trace(error: BaseException) -> str:
    """Return for staff what happened in a check, without pytest's own frames."""
    if isinstance(error, AutograderError):
        return f"{type(error).__name__}: {error}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _inside_pytest(frame.filename)]
    return "".join([*traceback.format_list(frames), *traceback.format_exception_only(error)])


def _last(text: str) -> str:
    return text if len(text) <= NOTE_LENGTH else "…" + text[-NOTE_LENGTH:]


def pytest_arguments(hidden: str) -> list[Any]:
    """Return the command line for one clean collection of ``hidden``: no other configuration, plugin or cache."""
    off = ("cacheprovider", "terminal", "logging", "faulthandler", "warnings", "doctest", "junitxml", "pastebin")
    return [
        hidden, "-c", "/dev/null", f"--rootdir={hidden}", f"--confcutdir={hidden}", "--import-mode=importlib",
        "--strict-markers", "--capture=no", *(part for name in off for part in ("-p", f"no:{name}")),
    ]
