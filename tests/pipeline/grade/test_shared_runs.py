"""The same answers are run once, whoever hands them in, and everybody has the result that they would have alone."""

from __future__ import annotations

import copy
import json
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.model import CellStatus, Ending, Execution, Receipt, Result, Status
from autograder.pipeline.feedback import write_one
from autograder.pipeline.grade import batch, shared_runs
from autograder.pipeline.grade.batch import grade_receipts
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.grade.sampling_keys import sampling_key, stored_sampling_key
from autograder.pipeline.session import known_runs
from autograder.pipeline.session.known_runs import KnownRuns
from autograder.pipeline.session.session import Session
from autograder.testing import (
    ASSIGNMENT,
    SPECS,
    FakeCheckServer,
    FakePool,
    make_course,
    make_notebook,
    make_receipt,
    make_session,
)
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from autograder.workspace.reading import digest

Notebook = dict[str, Any]


class WritingPool(FakePool):
    """Leaves a file in each run's folder, and remembers whose folder that was."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ran: list[str] = []

    def run_notebook(self, job: Any, into: Path, **options: Any) -> Execution:
        self.ran.append(into.parents[2].name)
        execution = super().run_notebook(job, into, **options)
        if into.is_dir():
            (into / "left.txt").write_text(f"seed {job.seed}, rows {job.sampling_key}")
        return execution


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_course(tmp_path / "course")


def hand_in(workspace: Workspace, works: Mapping[str, Notebook]) -> list[Receipt]:
    """Put each student's notebook in place; return the receipts."""
    receipts = []
    for student, work in works.items():
        content = json.dumps({**work, "metadata": {"whose": student}}).encode()
        receipt = make_receipt(student, sha256=digest(content))
        for path, text in ((workspace.receipt(student, ASSIGNMENT), receipt.to_json().encode()),
                           (workspace.submitted(student, ASSIGNMENT), content)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        receipts.append(receipt)
    return receipts


def session_of(workspace: Workspace, pool: FakePool, **changes: Any) -> Session:
    """Return a session that shares runs."""
    return make_session(workspace, pool=pool, **{
        "known_runs": KnownRuns(workspace.results_root, ASSIGNMENT), **changes})


def grade(session: Session, receipts: Iterable[Receipt], notes: list[str] | None = None) -> dict[str, Result]:
    reporter = Silent()
    reporter.note = (notes if notes is not None else []).append  # type: ignore[method-assign]
    with Recording(session.workspace, wanted=False) as book:
        works = list(grade_receipts(session, receipts, book, reporter, total=0))
    return {work.result.student: work.result for work in works}


def grade_class(workspace: Workspace, works: Mapping[str, Notebook], pool: FakePool, **changes: Any) -> dict[
    str, Result
]:
    return grade(session_of(workspace, pool, **changes), hand_in(workspace, works))


def without_owner(result: Result) -> dict[str, Any]:
    """Return a result without whose it is, times, and whether it was run for it."""
    found = result.model_dump(mode="json", exclude={"student", "timings"})
    for name in ("submission", "graded_at", "shared"):
        del found["provenance"][name]
    return found


def shared(results: Mapping[str, Result]) -> set[str]:
    return {student for student, result in results.items() if result.provenance and result.provenance.shared}


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_five_students_with_two_works_are_two_runs(workspace: Workspace, workers: int) -> None:
    works = {"ada": make_notebook(workspace), "ben": make_notebook(workspace, comment="mine"),
             "cy": make_notebook(workspace), "dan": make_notebook(workspace, comment="mine"),
             "eve": make_notebook(workspace)}
    pool, notes = WritingPool(), list[str]()
    results = grade(session_of(workspace, pool, workers=workers), hand_in(workspace, works), notes)
    assert len(pool.ran) == 2 and {result.score for result in results.values()} == {5}
    assert shared(results) == set(works) - set(pool.ran)
    assert notes == ["3 submissions have the same answers as another one, and one run was judged for both; "
                     f"`autograder report {ASSIGNMENT}` lists them."]


def test_nobodys_result_differs_from_that_of_a_student_alone(tmp_path: Path) -> None:
    def lost(pool: WritingPool) -> FakeCheckServer:
        return FakeCheckServer(SPECS, lambda request: {"double-type": Status.FAILED})

    def graded(folder: str, students: str) -> tuple[dict[str, Result], Workspace, WritingPool]:
        place, pool = make_course(tmp_path / folder), WritingPool()
        works = dict.fromkeys(students.split(), make_notebook(place))
        return grade_class(place, works, pool, server=lost(pool)), place, pool

    together, many, pool = graded("many", "ada ben cy")
    alone, one, _ = graded("one", "cy")
    assert len(pool.ran) == 1 and not shared(alone)
    assert {json.dumps(without_owner(result)) for result in together.values()} == {
        json.dumps(without_owner(alone["cy"]))}
    left = [{str(path.relative_to(place.results("cy", ASSIGNMENT))): path.read_bytes()
             for path in place.results("cy", ASSIGNMENT).rglob("*") if path.is_file() and path.name != "result.json"}
            for place in (many, one)]
    assert left[0] == left[1] and {"artifacts/left.txt", "executed.ipynb", "execution.json"} <= left[0].keys()


def test_fresh_seeds_are_part_of_what_is_shared(workspace: Workspace) -> None:
    """Otherwise the second student had three draws more, or three less."""
    pool = WritingPool()
    server = FakeCheckServer(SPECS, lambda request: {} if "seed 2" in (
        request.artifacts / "left.txt").read_text() else {"total": Status.FAILED})
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    results = grade_class(workspace, works, pool, server=server)
    assert pool.seeds == [1, 2] and shared(results) == {"ben"}
    made = [result.provenance for result in results.values()]
    assert [(one.seeds, one.seed) for one in made if one] == [((1, 2), 2)] * 2
    assert {result.score for result in results.values()} == {5}


def test_other_seeds_are_not_shared_after_the_checks_have_changed(workspace: Workspace) -> None:
    """By other checks, other seeds might have been tried, so both are run as if they were new."""
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    missed = FakeCheckServer(SPECS, lambda request: {"total": Status.FAILED})
    receipts = hand_in(workspace, works)
    grade(session_of(workspace, WritingPool(), server=missed), receipts[:1])
    pool = WritingPool()
    results = grade(session_of(workspace, pool, checks_fingerprint="other"), receipts[1:])
    assert pool.seeds == [1] and not shared(results)


def test_work_of_a_classmate_that_is_stored_is_not_run_again(workspace: Workspace) -> None:
    works = dict.fromkeys(("ada", "ben", "cy"), make_notebook(workspace))
    receipts = hand_in(workspace, works)
    grade(session_of(workspace, WritingPool()), receipts[:1])
    pool = WritingPool()
    session = session_of(workspace, pool)
    assert shared(grade(session, receipts[1:2])) == {"ben"} and not pool.ran
    again = replace(session, checks_fingerprint="other")
    results = grade(again, receipts)
    assert not pool.ran and shared(results) == {"ben", "cy"}, "judged again by other checks"


def test_the_same_code_handed_in_again_with_other_words_is_not_run_again(workspace: Workspace) -> None:
    work, again = make_notebook(workspace), make_notebook(workspace)
    again["cells"][-1]["source"] = "Words that came later"
    grade_class(workspace, {"ada": work}, WritingPool())
    pool = WritingPool()
    results = grade_class(workspace, {"ada": again}, pool)
    assert not pool.ran and shared(results) == {"ada"} and results["ada"].score == 5
    assert "Words that came later" in workspace.executed("ada", ASSIGNMENT).read_text()


def test_a_session_that_shares_nothing_runs_each(workspace: Workspace) -> None:
    """As it is with `--force`."""
    pool = WritingPool()
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    assert not shared(grade_class(workspace, works, pool, known_runs=None)) and len(pool.ran) == 2


@pytest.mark.parametrize("force", [False, True])
def test_force_runs_each_submission_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    from contextlib import nullcontext

    from autograder.pipeline.session.options import RunOptions
    from autograder.pipeline.session.placement import ON_CPU

    monkeypatch.setattr(batch, "open_session", lambda *_, **__: nullcontext(make_session(workspace)))
    with batch.open_for_class(workspace, ASSIGNMENT, RunOptions(force=force), Silent(), ON_CPU) as session:
        assert (session.known_runs is None) == force


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.OUT_OF_MEMORY, Ending.DIED])
def test_a_run_that_reached_a_limit_says_nothing_about_another_one(workspace: Workspace, ending: Ending) -> None:
    pool = WritingPool([ending])
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    assert not shared(grade_class(workspace, works, pool)) and pool.ran == ["ada", "ben"]


def test_a_run_with_a_cell_that_was_stopped_is_not_shared(workspace: Workspace) -> None:
    class Stopping(WritingPool):
        def run_notebook(self, job: Any, into: Path, **options: Any) -> Execution:
            found = super().run_notebook(job, into, **options)
            first = found.cells[0].model_copy(update={"status": CellStatus.INTERRUPTED})
            return found.model_copy(update={"cells": (first, *found.cells[1:])})

    pool = Stopping()
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    assert not shared(grade_class(workspace, works, pool)) and len(pool.ran) == 2


def test_a_run_that_a_busy_machine_stopped_is_not_shared_and_the_full_run_is(workspace: Workspace) -> None:
    pool = WritingPool(starved={1})
    works = dict.fromkeys(("ada", "ben"), make_notebook(workspace))
    results = grade_class(workspace, works, pool)
    assert pool.ran == ["ada", "ben"] and shared(results) == {"ada"}
    assert not any(result.execution and result.execution.starved for result in results.values())


# What is being run


class Holding(WritingPool):
    """Holds the first run until ``released``; fails it where ``error`` is given."""

    def __init__(self, released: threading.Event, error: Exception | None = None) -> None:
        super().__init__()
        self._released, self._error = released, error

    def run_notebook(self, job: Any, into: Path, **options: Any) -> Execution:
        if not self.ran:
            self.ran.append(into.parents[2].name)
            self._released.wait(120)
            if self._error is not None:
                raise self._error
            self.ran.pop()
        return super().run_notebook(job, into, **options)


def test_who_waits_for_a_run_takes_no_worker(workspace: Workspace) -> None:
    """The second worker runs the other work while the first one is busy with what two more students wait for."""
    released, done = threading.Event(), list[str]()
    pool = Holding(released)
    works = {"ada": make_notebook(workspace), "ben": make_notebook(workspace),
             "cy": make_notebook(workspace, comment="mine"), "dan": make_notebook(workspace)}
    receipts = hand_in(workspace, works)
    with Recording(workspace, wanted=False) as book:
        for work in grade_receipts(session_of(workspace, pool, workers=2), receipts, book, Silent(), total=0):
            done.append(work.result.student)
            released.set()
    assert done[0] == "cy" and sorted(done) == ["ada", "ben", "cy", "dan"] and len(pool.ran) == 2


def test_who_waits_for_a_run_that_fails_is_run(workspace: Workspace) -> None:
    released = threading.Event()
    pool = Holding(released, OSError(5, "the disk failed"))
    works = {"ada": make_notebook(workspace), "ben": make_notebook(workspace),
             "cy": make_notebook(workspace, comment="mine")}
    results = {}
    with Recording(workspace, wanted=False) as book:
        receipts = hand_in(workspace, works)
        for work in grade_receipts(session_of(workspace, pool, workers=2), receipts, book, Silent(), total=0):
            results[work.result.student] = work.result
            released.set()
    # Two workers begin at the same time: which of the two students is run first is chance.
    assert sorted(results[student].status for student in ("ada", "ben")) == ["failed", "graded"]
    assert results["cy"].status == "graded"
    assert sorted(pool.ran) == ["ada", "ben", "cy"] and not shared(results)


def test_work_that_ends_at_a_limit_is_run_by_all_workers_from_then_on(workspace: Workspace) -> None:
    """Otherwise a class that hands in one endless loop would keep one worker busy, and the other idle."""
    class AtTheLimit(WritingPool):
        def __init__(self) -> None:
            super().__init__([Ending.TIMED_OUT] * 3)
            self.together = threading.Barrier(2)

        def run_notebook(self, job: Any, into: Path, **options: Any) -> Execution:
            if self.ran:
                self.together.wait(60)  # broken, and so an error, unless two run at the same time
            return super().run_notebook(job, into, **options)

    works = dict.fromkeys(("ada", "ben", "cy"), make_notebook(workspace))
    results = grade_class(workspace, works, pool := AtTheLimit(), workers=2)
    assert sorted(pool.ran) == ["ada", "ben", "cy"] and not shared(results)
    assert {result.status for result in results.values()} == {"graded"}


def test_in_a_large_class_results_are_looked_at_now_and_then(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    read = known_runs._fingerprint
    monkeypatch.setattr(known_runs, "_fingerprint", lambda path: looked.append(path) or read(path))
    monkeypatch.setattr(known_runs, "_FEW", 0)
    monkeypatch.setattr(known_runs, "_SHARE", 1e-9)
    grade_class(workspace, {"ada": make_notebook(workspace)}, WritingPool())
    known = KnownRuns(workspace.results_root, ASSIGNMENT)
    (fingerprint,) = {Result.from_json(path.read_bytes()).provenance.execution_fingerprint
                      for path in workspace.results_root.glob("*/*/result.json")}
    looked.clear()
    assert known.folders(fingerprint) == [workspace.results("ada", ASSIGNMENT)] and len(looked) == 1
    grade_class(workspace, {"ben": make_notebook(workspace, comment="other")}, WritingPool())
    with known.running("mine", workspace.results("cy", ASSIGNMENT)):
        pass
    looked.clear()
    assert known.folders("mine") == [workspace.results("cy", ASSIGNMENT)], "what this process runs is known at once"
    assert looked == []


def replaced(folder: Path) -> None:
    """As the classmate's next hand-in does, which is graded meanwhile."""
    result = Result.from_json((folder / RESULT).read_bytes())
    (folder / RESULT).write_text(result.model_copy(update={"timings": {"run": 1.5}}).to_json())


@pytest.mark.parametrize("happens", [shutil.rmtree, replaced])
@pytest.mark.parametrize("step", ["link_or_copy", "show_run"])
def test_a_run_that_is_removed_or_replaced_while_it_is_copied_is_made_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, step: str, happens: Callable[[Path], object]
) -> None:
    receipts = hand_in(workspace, dict.fromkeys(("ada", "ben"), make_notebook(workspace)))
    grade(session_of(workspace, WritingPool()), receipts[:1])
    really = getattr(shared_runs, step)

    def meanwhile(*arguments: Any) -> Any:
        happens(workspace.results("ada", ASSIGNMENT))
        return really(*arguments)

    monkeypatch.setattr(shared_runs, step, meanwhile)
    pool = WritingPool()
    results = grade(session_of(workspace, pool), receipts[1:])
    assert pool.ran == ["ben"] and results["ben"].score == 5 and not shared(results)
    assert "seed 1" in (workspace.artifacts("ben", ASSIGNMENT) / "left.txt").read_text()


# What is the same work


def moved(made: Notebook, *, to: int) -> Notebook:
    """Put the first answer into a cell of its own, at another place."""
    extra = {"cell_type": "code", "id": "more", "metadata": {}, "source": "spare = 1", "outputs": [],
             "execution_count": None}
    made["cells"].insert(to, extra)
    return made


@pytest.mark.parametrize("change", [
    lambda made: made["cells"][1].update(source=made["cells"][1]["source"] + " "),
    lambda made: made["cells"][1].update(source=made["cells"][1]["source"].replace("2.0", "2.0 + 0")),
    lambda made: moved(made, to=1),
    lambda made: moved(made, to=3),
    lambda made: made["cells"].insert(1, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "note"}),
], ids=["a space", "a number", "a cell more", "a cell more in the second step", "other positions"])
def test_other_code_is_never_judged_by_a_classmates_run(
    workspace: Workspace, change: Callable[[Notebook], object]
) -> None:
    other = make_notebook(workspace)
    change(other)
    pool = WritingPool()
    results = grade_class(workspace, {"ada": make_notebook(workspace), "eve": other}, pool)
    assert pool.ran == ["ada", "eve"] and not shared(results)
    keys = {result.provenance.content for result in results.values() if result.provenance}
    assert len(keys) == 2, "other rows are sampled of other work"


def test_the_same_code_in_another_step_is_judged_by_itself(workspace: Workspace) -> None:
    """A cell between the two steps belongs to the second one; both notebooks run the same sources in the same order."""
    first, second = make_notebook(workspace), make_notebook(workspace)
    first["cells"][1]["source"] += "\nspare = 1"
    moved(second, to=3)
    pool = WritingPool()
    assert not shared(grade_class(workspace, {"ada": first, "eve": second}, pool)) and len(pool.ran) == 2


def test_what_a_student_writes_in_words_or_names_is_their_own(workspace: Workspace) -> None:
    """Nothing of the first student is in anything that is stored for the second one, or that they see."""
    secrets = ("sentinel-student", "SENTINEL-WORDS", "sentinel-file")
    ours, theirs = make_notebook(workspace), make_notebook(workspace)
    theirs["cells"][-1]["source"] = "My SENTINEL-WORDS"
    ours["cells"][-1]["source"] = "Words of my own"
    receipts = hand_in(workspace, {"sentinel-student": theirs, "ben": ours})
    receipts[0] = receipts[0].model_copy(update={"source": "sentinel-file.ipynb", "flags": ("sentinel-student: late",)})
    workspace.receipt("sentinel-student", ASSIGNMENT).write_text(receipts[0].to_json())
    pool = WritingPool()
    results = grade(session_of(workspace, pool), receipts)
    assert pool.ran == ["sentinel-student"] and shared(results) == {"ben"}
    write_one(workspace, results["ben"], Silent())
    seen = [path for root in (workspace.results_root, workspace.feedback_root)
            for path in (root / "ben").rglob("*") if path.is_file()]
    assert {"result.json", "executed.ipynb", "left.txt", f"{ASSIGNMENT}.html"} <= {path.name for path in seen}
    for path in seen:
        text = path.read_bytes().decode(errors="replace")
        assert not [word for word in secrets if word in text], path
    assert "Words of my own" in workspace.executed("ben", ASSIGNMENT).read_text()
    assert "SENTINEL-WORDS" in workspace.executed("sentinel-student", ASSIGNMENT).read_text()


def test_a_forged_result_of_a_classmate_needs_a_run_of_the_same_work(workspace: Workspace) -> None:
    """What is compared is the result's own fingerprint: text of a student inside of it is not taken for one."""
    receipts = hand_in(workspace, {"ada": make_notebook(workspace, comment="bad"), "eve": make_notebook(workspace)})
    results = grade(session_of(workspace, WritingPool()), receipts)
    wanted = results["eve"].provenance
    assert wanted is not None
    forged = results["ada"].model_copy(update={"merge_notes": (
        f'"execution_fingerprint": "{wanted.execution_fingerprint}"', wanted.model_dump_json())})
    workspace.result("ada", ASSIGNMENT).write_text(forged.to_json())
    known = KnownRuns(workspace.results_root, ASSIGNMENT)
    assert known.folders(wanted.execution_fingerprint) == [workspace.results("eve", ASSIGNMENT)]


def test_the_key_follows_from_the_work_and_the_secret_alone(workspace: Workspace) -> None:
    pool = WritingPool()
    works = {"ada": make_notebook(workspace), "ben": make_notebook(workspace, comment="mine")}
    results = grade_class(workspace, works, pool)
    keys = {student: (workspace.artifacts(student, ASSIGNMENT) / "left.txt").read_text().split()[-1]
            for student in works}
    assert keys == {student: stored_sampling_key("0" * 64, results[student]) for student in works}
    assert len(set(keys.values())) == 2
    made = results["ada"].provenance
    assert made is not None and sampling_key("1" * 64, made.content) != keys["ada"]


def test_a_result_of_an_earlier_version_is_read_with_its_own_key(workspace: Workspace) -> None:
    """Reports, questions and the leaderboard read what is stored before it is graded again."""
    (result,) = grade_class(workspace, {"ada": make_notebook(workspace)}, WritingPool()).values()
    assert result.provenance is not None
    old = copy.copy(result.provenance).model_copy(update={"content": "", "submission": "5" * 64})
    stored = result.model_copy(update={"provenance": old})
    assert stored_sampling_key("0" * 64, stored) == (
        "c82f370f1e054ba291f3fb4be4e149ba"
        "cb46b0acd98dd867c7cfe03ef5776285")
