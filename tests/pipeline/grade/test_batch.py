"""The logic of grading with a pool and a check server whose answers the test sets."""

from __future__ import annotations

import dataclasses
import errno
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pytest

from autograder.errors import ExecutionError, GradebookError, IsolationError, StorageError
from autograder.feedback.words import run_notes
from autograder.gradebook import RecordReport
from autograder.model import Ending, Execution, Isolation, Result, Status
from autograder.pipeline.grade import batch, ungraded
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.grade.reruns import TRIES, Stopped, missed_only_minimums
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.reading import budgets
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.workers import run_concurrently
from autograder.readers import Budget
from autograder.testing import (
    ASSIGNMENT,
    SPECS,
    FakeCheckServer,
    FakePool,
    make_checks,
    make_course,
    make_merged,
    make_notebook,
    make_receipt,
    make_session,
)
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent

Endings = Sequence[Ending | Exception]
Lost = Callable[[int], dict[str, Status]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_course(tmp_path / "course")


@dataclasses.dataclass(frozen=True)
class Graded:
    """A session, and the fakes in it."""

    session: Session
    pool: FakePool
    server: FakeCheckServer


def make(workspace: Workspace, endings: Endings = (Ending.COMPLETED,), lost: Lost = lambda seed: {},
         **changes: Any) -> Graded:
    """Return a session whose runs end as set, and whose checks fail as ``lost`` says of the seed."""
    pool = FakePool(endings)
    server = FakeCheckServer(SPECS, lambda _: lost(pool.seeds[-1] if pool.seeds else 0))
    return Graded(make_session(workspace, pool=pool, server=server, **changes), pool, server)


def hand_in(made: Graded, student: str = "ada", force: bool = False) -> Any:
    session = made.session
    return grade_submission(session, make_receipt(student), merged=make_merged(session), force=force)


def folder_of(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.results("ada", ASSIGNMENT).iterdir())


def blank_result(student: str) -> Result:
    return Result(student=student, assignment=ASSIGNMENT, status="graded")


class LockedBook:
    """Stands for the gradebook: refuses the given recordings, counted over all of its uses."""

    tried: ClassVar[list[str]] = []
    refused: ClassVar[set[int]] = set()

    def __init__(self, workspace: Workspace, *, drawing: Any) -> None:
        self.report = RecordReport(refused=(("cy", "told once"),))

    def __enter__(self) -> LockedBook:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, result: Any) -> None:
        self.tried.append(result.student)
        if len(self.tried) in self.refused:
            raise GradebookError("The gradebook gradebook.db stayed locked.")


@pytest.mark.parametrize(("refused", "tried", "fails"), [
    (set(), ["ada", "ben", "cy"], False),
    ({2}, ["ada", "ben", "ben", "cy"], False),
    ({2, 3}, ["ada", "ben", "ben"], True),
])
def test_a_locked_gradebook_stops_no_batch_and_is_tried_again_at_its_end(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, refused: set[int], tried: list[str], fails: bool
) -> None:
    monkeypatch.setattr("autograder.gradebook.Recorder", LockedBook)
    monkeypatch.setattr(LockedBook, "tried", [])
    monkeypatch.setattr(LockedBook, "refused", refused)
    reporter, notes = Silent(), []
    monkeypatch.setattr(reporter, "note", notes.append)
    with Recording(workspace, wanted=True) as book:
        for student in ("ada", "ben", "cy"):
            book.add(blank_result(student))
            book.write()
        if fails:
            with pytest.raises(GradebookError, match="stayed locked"):
                book.finish(reporter)
        else:
            book.finish(reporter)
    assert LockedBook.tried == tried
    assert notes == ([] if fails else list(LockedBook(workspace, drawing=None).report.sentences))


def test_a_lost_run_is_made_again(workspace: Workspace) -> None:
    made = make(workspace, [Ending.LOST, Ending.LOST, Ending.COMPLETED])
    result = hand_in(made)
    assert (result.status, result.score) == ("graded", 5)
    assert made.pool.seeds == [1, 1, 1] and result.provenance.seeds == (1,)
    assert load_result(workspace.result("ada", ASSIGNMENT)) == result
    assert not [name for name in folder_of(workspace) if name.startswith(".")]


def test_a_run_that_is_lost_again_and_again_has_failed_and_costs_nothing(workspace: Workspace) -> None:
    made = make(workspace, [Ending.LOST])
    result = hand_in(made)
    assert result.status == "failed" and len(made.pool.seeds) == TRIES
    assert "run the same command again" in result.message
    assert {task.earned for task in result.tasks} == {None} and not result.complete
    assert load_result(workspace.result("ada", ASSIGNMENT)) == result


def test_what_has_failed_is_tried_again_by_the_next_command(workspace: Workspace) -> None:
    assert hand_in(make(workspace, [Ending.LOST])).status == "failed"
    assert hand_in(make(workspace)).status == "graded"


@pytest.mark.parametrize("ending", [Ending.DIED, Ending.TIMED_OUT, Ending.OUT_OF_MEMORY])
def test_the_students_own_end_is_not_repeated(workspace: Workspace, ending: Ending) -> None:
    made = make(workspace, [ending], lambda seed: {"total": Status.NOT_REACHED})
    result = hand_in(made)
    assert (result.status, result.score, made.pool.seeds) == ("graded", 3, [1])


def test_only_a_missed_minimum_gets_fresh_seeds(workspace: Workspace) -> None:
    made = make(workspace, lost=lambda seed: {"total": Status.FAILED})
    result = hand_in(made)
    assert (made.pool.seeds, result.provenance.seeds, result.score) == ([1, 2, 3], (1, 2, 3), 3)


def test_the_best_seed_counts_and_ends_the_search(workspace: Workspace) -> None:
    made = make(workspace, lost=lambda seed: {"total": Status.FAILED} if seed == 1 else {})
    result = hand_in(made)
    assert (made.pool.seeds, result.provenance.seeds, result.score) == ([1, 2], (1, 2), 5)
    assert folder_of(workspace) == ["artifacts", "curves.json", "executed.ipynb", "execution.json", "result.json"]


@pytest.mark.parametrize("lost", [
    {"total": Status.FAILED, "double-type": Status.FAILED}, {"double-type": Status.FAILED}, {},
    {"total": Status.BLOCKED}, {"total": Status.NOT_REACHED}, {"total": Status.UNJUDGED}, {"total": Status.ERRORED},
], ids=str)
def test_anything_else_is_run_once(workspace: Workspace, lost: dict[str, Status]) -> None:
    made = make(workspace, lost=lambda seed: lost)
    hand_in(made)
    assert made.pool.seeds == [1]


def test_a_lost_repetition_does_not_take_the_first_run_away(workspace: Workspace) -> None:
    """The first seed missed a minimum, then the warm process died for good: the first run still counts."""
    made = make(workspace, [Ending.COMPLETED, Ending.LOST], lambda seed: {"total": Status.FAILED})
    result = hand_in(made)
    assert (result.status, result.score) == ("graded", 3)


def test_withheld_points_make_it_incomplete(workspace: Workspace) -> None:
    result = hand_in(make(workspace, lost=lambda seed: {"total": Status.UNJUDGED}))
    assert (result.score, result.withheld, result.complete) == (3, 2, False)
    assert {task.id: task.earned for task in result.tasks}["total"] is None


def test_what_is_graded_is_left_alone_unless_forced(workspace: Workspace) -> None:
    first = hand_in(make(workspace))
    second = make(workspace)
    assert hand_in(second) == first and second.pool.seeds == [] and not second.server.requests
    third = make(workspace)
    hand_in(third, force=True)
    assert third.pool.seeds == [1]


def test_checks_that_broke_are_judged_again_by_the_next_command(workspace: Workspace) -> None:
    """Points withheld for the grader's own fault need not wait for a person when the fault is gone."""
    assert hand_in(make(workspace, lost=lambda seed: {"total": Status.ERRORED})).withheld == 2
    second = make(workspace)
    result = hand_in(second)
    assert (result.score, result.complete, second.pool.seeds, len(second.server.requests)) == (5, True, [], 1)
    third = make(workspace)
    assert hand_in(third) == result and not third.server.requests


@pytest.mark.parametrize("missing", ["artifacts", "execution.json", "executed.ipynb"])
def test_artifacts_that_are_gone_are_made_again(workspace: Workspace, missing: str) -> None:
    hand_in(make(workspace))
    path = workspace.results("ada", ASSIGNMENT) / missing
    path.rmdir() if path.is_dir() else path.unlink()
    made = make(workspace, checks_fingerprint="changed")
    assert (hand_in(made).score, made.pool.seeds) == (5, [1])


def test_changed_checks_run_nothing(workspace: Workspace) -> None:
    hand_in(make(workspace))
    made = make(workspace, lost=lambda seed: {"double-type": Status.FAILED}, checks_fingerprint="changed")
    assert (hand_in(made).score, made.pool.seeds, len(made.server.requests)) == (4, [], 1)


def test_trouble_with_one_submission_is_its_result(workspace: Workspace) -> None:
    result = hand_in(make(workspace, [ExecutionError("The machine refused to fork.")]))
    assert result.status == "failed" and "refused to fork" in result.message
    assert [path.name for path in workspace.results("ada", ASSIGNMENT).parent.iterdir()] == [ASSIGNMENT]


def test_walls_that_cannot_stand_stop_everything(workspace: Workspace) -> None:
    with pytest.raises(IsolationError):
        hand_in(make(workspace, [IsolationError("No walls.")]))
    assert load_result(workspace.result("ada", ASSIGNMENT)) is None


def test_a_failed_regrade_takes_no_grade_away(workspace: Workspace) -> None:
    """The grader's own trouble is no reason to throw a grade away: the earlier one stays until there is another."""
    first = hand_in(make(workspace))
    for trouble in (Ending.LOST, ExecutionError("The machine refused to fork.")):
        assert hand_in(make(workspace, [trouble]), force=True).status == "failed", "the command has to say so"
        assert load_result(workspace.result("ada", ASSIGNMENT)) == first
        assert "artifacts" in folder_of(workspace)


def never() -> None:
    raise AssertionError("nothing broke, so nothing has to be stopped")


def test_a_batch_that_was_given_up_writes_nothing(workspace: Workspace) -> None:
    """After Ctrl-C a lost run is nobody's failure, and a forced regrade keeps the earlier grade."""
    first = hand_in(make(workspace))
    made = make(workspace, [Ending.LOST])
    made.session.stopped.set()
    with pytest.raises(Stopped):
        hand_in(made, force=True)
    with pytest.raises(Stopped):
        hand_in(made, student="ben")
    assert load_result(workspace.result("ada", ASSIGNMENT)) == first
    assert load_result(workspace.result("ben", ASSIGNMENT)) is None
    assert not list(workspace.results_root.glob("*/.*"))


@pytest.mark.parametrize("ending, counts", [(Ending.COMPLETED, True), (Ending.DIED, False), (Ending.LOST, False)])
def test_what_ends_with_the_batch_is_not_the_students_own_end(
    workspace: Workspace, ending: Ending, counts: bool
) -> None:
    """A service is stopped: every process gets a signal, the student's too, and that must cost nobody a point."""
    made = make(workspace, [ending], lambda seed: {"total": Status.NOT_REACHED})
    run = made.pool.run_notebook

    def ended(*arguments: Any, **named: Any) -> Execution:
        made.session.stopped.set()
        return run(*arguments, **named)

    made.pool.run_notebook = ended
    if counts:
        assert hand_in(made).status == "graded"
    else:
        with pytest.raises(Stopped):
            hand_in(made)
        assert load_result(workspace.result("ada", ASSIGNMENT)) is None


def test_every_outcome_comes_once() -> None:
    assert sorted(run_concurrently(lambda item: item * 2, range(20), 3, never)) == [2 * item for item in range(20)]


def test_no_more_work_runs_than_there_are_workers() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(item: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        return item

    assert len(list(run_concurrently(work, range(12), 3, never))) == 12
    assert most <= 3


def test_an_error_drops_what_has_not_begun() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        threading.Event().wait(0.001)
        if item == 0:
            raise IsolationError("No walls.")
        return item

    stopped = threading.Event()
    with pytest.raises(IsolationError):
        list(run_concurrently(work, range(1000), 1, stopped.set))
    assert len(begun) < 1000 and stopped.is_set()


def test_results_of_another_schema_are_not_read(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    assert load_result(path) is None
    path.write_text(json.dumps({"schema_version": 2}))
    assert load_result(path) is None


def test_missed_minimums_are_distinguished_from_other_losses() -> None:
    def attempt(*found: tuple[Status, bool]) -> Attempt:
        specs = [SPECS[0].model_copy(update={"id": f"check-{number}", "minimum": minimum})
                 for number, (_, minimum) in enumerate(found)]
        checks = make_checks(specs, {spec.id: status for spec, (status, _) in zip(specs, found, strict=True)})
        ended = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)
        return Attempt(folder=Path(), seed=1, execution=ended, checks=checks)

    assert missed_only_minimums(attempt((Status.PASSED, False), (Status.FAILED, True)))
    assert not missed_only_minimums(attempt((Status.FAILED, False), (Status.FAILED, True)))
    assert not missed_only_minimums(attempt((Status.PASSED, True)))
    assert not missed_only_minimums(attempt((Status.BLOCKED, True)))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> OSError:
    """What a write says on a full disk; the batch waits no time for room."""
    monkeypatch.setattr(ungraded, "PATIENCE", 0.0)
    return OSError(errno.ENOSPC, "No space left on device", "/a/path/of/this/machine")


def test_one_that_does_not_fit_on_the_disk_stops_nobody_else(workspace: Workspace, full: OSError) -> None:
    """Its files are gone again and others fit: it has failed, the batch continues, the next command tries again."""
    result = hand_in(make(workspace, [full]))
    assert result.status == "failed" and not result.complete
    assert "No space left" in result.message and "/a/path" not in result.message, "students read this"
    assert hand_in(make(workspace)).status == "graded"


def test_a_disk_that_takes_nothing_more_stops_the_batch(
    workspace: Workspace, full: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hand_in(make(workspace))

    def none(folder: Path, *, patience: float) -> None:
        raise StorageError("The folder results is needed, but it has no space left.")

    monkeypatch.setattr(ungraded, "require_room", none)
    with pytest.raises(StorageError):
        hand_in(make(workspace, [full]), force=True)
    assert load_result(workspace.result("ada", ASSIGNMENT)) == first, "the earlier grade is kept"


def test_a_result_folder_that_cannot_be_written_is_said_and_stops_nobody_else(workspace: Workspace) -> None:
    folder = workspace.results("ada", ASSIGNMENT).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("a file stands where the student's folder should be")
    result = hand_in(make(workspace))
    assert result.status == "failed" and "run the same command again" in result.message
    folder.unlink()
    assert hand_in(make(workspace)).status == "graded"


# Budgets of reading


def test_outputs_that_break_their_budget_leave_a_notebook_without_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budgets.BUDGETS, "assemble", Budget(seconds=0.0001))
    result = hand_in(make(workspace))
    said = "Putting the notebook's outputs together took more than 0.0001 seconds, so a person has to look at it."
    assert result.status == "graded" and said in result.staff_flags and said in result.merge_notes
    executed = json.loads(workspace.executed("ada", ASSIGNMENT).read_bytes())
    assert executed["cells"] and not any(cell.get("outputs") for cell in executed["cells"])
    assert said == (workspace.results("ada", ASSIGNMENT) / budgets.LEFT_OUT).read_text()


def test_a_record_that_breaks_its_budget_withholds_all_points(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budgets.BUDGETS, "examine", Budget(seconds=0.0001))
    result = hand_in(make(workspace))
    checks = [check for task in result.tasks for check in task.checks]
    assert result.status == "graded" and checks and {check.earned for check in checks} == {None}
    assert not result.complete and result.withheld == sum(check.points for check in checks)
    assert any("so a person has to look at it." in flag for flag in result.staff_flags)
    assert any("so a person has to look at it." in note for note in result.merge_notes)


# The batch: one loop, whatever runs the notebooks


def grade_all(
    workspace: Workspace, pool: FakePool, monkeypatch: pytest.MonkeyPatch, reporter: Silent | None = None,
    **changes: Any
) -> tuple[list[Result], list[str]]:
    """Grade three students, each with other code, with fakes in the batch loop; return results and who was recorded."""
    for student in ("ada", "ben", "cy"):
        receipt = workspace.receipt(student, ASSIGNMENT)
        receipt.parent.mkdir(parents=True, exist_ok=True)
        receipt.write_text(make_receipt(student).to_json())
        workspace.submitted(student, ASSIGNMENT).write_text(json.dumps(make_notebook(workspace, comment=student)))
    monkeypatch.setattr("autograder.gradebook.Recorder", LockedBook)
    monkeypatch.setattr(LockedBook, "tried", [])
    monkeypatch.setattr(LockedBook, "refused", set())
    session = make_session(workspace, pool=pool, **changes)
    monkeypatch.setattr(batch, "open_session", lambda *_, **__: nullcontext(session))
    options = RunOptions(students=("ada", "cy"))
    return grade_class(workspace, (ASSIGNMENT,), options, reporter or Silent()).results, LockedBook.tried


def test_a_class_is_graded_and_recorded(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    results, recorded = grade_all(workspace, FakePool(), monkeypatch)
    assert [(result.student, result.status, result.score) for result in results] == [
        ("ada", "graded", 5), ("cy", "graded", 5)]
    assert recorded == ["ada", "cy"]


def test_a_runner_that_is_lost_ends_the_batch_and_what_was_graded_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = FakePool()
    pool.lost = True
    with pytest.raises(ExecutionError, match="runner container was lost"):
        grade_all(workspace, pool, monkeypatch)
    assert pool.closed and load_result(workspace.result("ada", ASSIGNMENT)) is not None


# What ran out of time while the machine was busy


def test_what_was_starved_runs_once_more_after_all_others_and_that_run_counts(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = Silent()
    notes: list[str] = []
    monkeypatch.setattr(reporter, "note", notes.append)
    pool = FakePool(starved={1})
    server = FakeCheckServer(SPECS)
    results, recorded = grade_all(workspace, pool, monkeypatch, reporter, server=server)
    assert len(pool.seeds) == 3 and len(server.requests) == 2  # the starved run was looked at by nobody
    assert recorded[0] == "cy" and [(one.student, one.score) for one in results] == [("ada", 5), ("cy", 5)]
    again, once = (result.execution for result in results)
    assert again is not None and once is not None
    assert again.alone and not again.starved and not once.alone
    assert ["run again" in " ".join(result.staff_flags) for result in results] == [True, False]
    assert "while our machine was busy" in " ".join(run_notes(again)) and not run_notes(once)
    assert notes[0] == "1 submission ran out of time while the machine was busy; each is run again, alone."
    assert load_result(workspace.result("ada", ASSIGNMENT)) == results[0]


def test_the_second_run_counts_when_it_is_worth_less(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws would be a lottery: nothing of the first run is kept."""
    pool = FakePool(starved={1})
    server = FakeCheckServer(SPECS, lambda _: {"double-type": Status.FAILED} if len(pool.seeds) == 3 else {})
    results, _ = grade_all(workspace, pool, monkeypatch, server=server)
    assert [result.score for result in results] == [4, 5]


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.DIED, Ending.OUT_OF_MEMORY, Ending.COMPLETED])
def test_what_had_its_time_is_not_run_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, ending: Ending
) -> None:
    pool = FakePool([ending])
    results, _ = grade_all(workspace, pool, monkeypatch)
    assert len(pool.seeds) == 2 and not any(result.execution and result.execution.alone for result in results)


def test_what_is_starved_alone_too_loses_nothing_and_is_graded_by_the_next_command(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = FakePool(starved={1, 2, 3, 4})
    lost = FakeCheckServer(SPECS, lambda request: dict.fromkeys(
        [spec.id for spec in SPECS if spec.task in request.starved], Status.ERRORED))
    results, _ = grade_all(workspace, pool, monkeypatch, server=lost)
    assert len(pool.seeds) == 4  # each twice, and no more
    assert [(result.score, result.withheld, result.complete) for result in results] == [(0, 5, False)] * 2
    assert [set(request.starved) for request in lost.requests] == [{"double", "total"}] * 2
    results, _ = grade_all(workspace, pool, monkeypatch)
    assert len(pool.seeds) == 6 and [(result.score, result.complete) for result in results] == [(5, True)] * 2
    assert not any(result.execution and (result.execution.alone or result.execution.starved) for result in results)


class CountingPool(FakePool):
    """Counts the notebooks that ran at the same time as each; the first ones run until all of them have begun."""

    def __init__(self, together: int, **options: Any) -> None:
        super().__init__(**options)
        self._meet = threading.Barrier(together)
        self._together = together
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self.concurrent: list[int] = []

    def run_notebook(self, job: Any, into: Path, **options: Any) -> Execution:
        with self._lock:
            number = len(self.concurrent)
            self._running.add(number)
            self.concurrent.append(len(self._running) - 1)
        if number < self._together:
            self._meet.wait(60)
        execution = super().run_notebook(job, into, **options)
        with self._lock:
            self._running.discard(number)
        return execution


def test_nothing_else_runs_during_a_run_alone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = CountingPool(2, starved={1, 2})
    grade_all(workspace, pool, monkeypatch, workers=2)
    assert pool.concurrent == [0, 1, 0, 0]


def test_one_submission_that_is_graded_by_itself_counts_as_it_is(workspace: Workspace) -> None:
    """Without a batch that would run it again: nothing is put off, and nothing is lost."""
    made = make(workspace)
    made.pool.starved = frozenset({1})
    result = hand_in(made)
    assert made.pool.seeds == [1] and set(made.server.requests[0].starved) == {"double", "total"}
    assert result.execution.starved and not result.execution.alone
