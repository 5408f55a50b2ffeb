"""The same work has the same score whatever its history: judging what is stored decides as a fresh grading does."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from autograder.model import Basis, CheckResult, Ending, Execution, Isolation, JobCell, Merged, NotebookJob, Status
from autograder.pipeline.grade import reruns
from autograder.pipeline.grade.attempt import Attempt, NotebookRun
from autograder.pipeline.grade.given import Given
from autograder.pipeline.session.session import Session
from autograder.testing import make_layout, make_session, make_slots

TASKS = ("load", "reshape", "scale", "one-hot", "fit")
OPTED = ("load", "reshape", "scale", "one-hot")
JOB = NotebookJob(cells=(JobCell(index=0, source=""),), seed=1, sampling_key="00")
MERGED = make_slots(TASKS)
ENDED = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)
CORRECT = Given(id="made", folder=Path("/given"), digests={task: {"X": task} for task in OPTED})
HISTORIES = 60
Decided = TypeVar("Decided")


def decide(runs: reruns.Runs[Decided], judge: Callable[[NotebookRun], Attempt]) -> Decided:
    """Judge each run until no other is wanted; return what follows from them."""
    try:
        run = next(runs)
        while True:
            run = runs.send(judge(run))
    except StopIteration as end:
        decided: Decided = end.value
        return decided


class World:
    """Submissions whose checks pass or not by chance, but always alike for one chain and one version of the checks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self.number = number
        self.version = 1
        self.correct = CORRECT
        self.ran: list[str] = []
        self.session = make_session(layout=make_layout(TASKS), continuation=dict.fromkeys(OPTED, ("X",)))
        monkeypatch.setattr(reruns, "run_notebook", self._run)
        monkeypatch.setattr(reruns, "prepare_correct_results", lambda session, drawn: self.correct)

    def _run(self, session: Session, merged: Merged, job: NotebookJob, folder: Path) -> NotebookRun:
        (folder / "artifacts").mkdir()
        (folder / "executed.ipynb").write_text("{}")
        (folder / "execution.json").write_text(ENDED.to_json())
        (folder / "chain.json").write_text(json.dumps([*job.inject]))
        self.ran.append(" ".join(job.inject) or "first")
        return NotebookRun(merged=merged, job=job, folder=folder, execution=ENDED)

    def _judge(self, run: NotebookRun) -> Attempt:
        chain = json.loads((run.folder / "chain.json").read_text())
        # What a check says may also follow from the job: whether the run was given settings, and for which tasks.
        given = {task: sorted(paths.values()) for task, paths in run.job.inject.items()}
        chance = random.Random(f"{self.number} {chain} {given} {self.version} {run.job.seed}")
        checks = tuple(
            CheckResult(id=task, task=task, title=task, points=1, basis=Basis.MEASURED, status=status,
                        earned=float(status is Status.PASSED))
            for task in TASKS for status in [chance.choice((Status.PASSED, Status.FAILED, Status.BLOCKED))])
        return Attempt(folder=run.folder, seed=run.job.seed, checks=checks, execution=run.execution)

    def fresh(self, folder: Path) -> Attempt:
        folder.mkdir()
        return decide(reruns.run_fairly(self.session, MERGED, JOB, folder), self._judge)[0]

    def again(self, folder: Path) -> Attempt | None:
        return self.rejudge(folder, seeds=(1,))

    def rejudge(self, folder: Path, *, seeds: tuple[int, ...]) -> Attempt | None:
        return decide(reruns.rejudge_stored(self.session, MERGED, JOB, folder, seeds=seeds), self._judge)


@pytest.mark.parametrize("number", range(HISTORIES))
def test_stored_work_is_judged_as_fresh_work(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, number)
    world.fresh(tmp_path / "stored")
    for world.version in (2, 3, 1):
        again, anew = world.again(tmp_path / "stored"), world.fresh(tmp_path / f"fresh-{world.version}")
        assert again is not None and again.checks == anew.checks
        assert not [path for path in (tmp_path / "stored").iterdir() if path.name.startswith(".")]


def test_what_is_stored_and_fits_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(HISTORIES):
        world = World(monkeypatch, number)
        first = world.fresh(tmp_path / f"{number}")
        made = list(world.ran)
        again = world.again(tmp_path / f"{number}")
        assert again is not None and again.checks == first.checks and world.ran == made


def test_each_run_shows_one_more_task_and_there_is_one_per_task_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(HISTORIES):
        world = World(monkeypatch, number)
        world.fresh(tmp_path / f"{number}")
        chains = [chain.split() for chain in world.ran[1:]]
        assert len(chains) <= len(OPTED)
        for before, after in itertools.pairwise(chains):
            assert after[: len(before)] == before and len(after) > len(before)


def one_with_runs(world: World, folder: Path) -> Path:
    """A graded submission that was run again with correct arrays."""
    for world.number in range(HISTORIES):
        world.fresh(folder / f"{world.number}")
        if (folder / f"{world.number}" / reruns.CONTINUED).is_dir():
            world.ran.clear()
            return folder / f"{world.number}"
    raise AssertionError("no submission was run with correct arrays")


def test_another_solution_means_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, 0)
    folder = one_with_runs(world, tmp_path)
    world.correct = Given(id="made anew", folder=Path("/given"), digests=CORRECT.digests)
    world.again(folder)
    assert world.ran


def test_the_one_run_that_earlier_versions_kept_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It contained the arrays of all tasks that went wrong."""
    world = World(monkeypatch, 0)
    folder = one_with_runs(world, tmp_path)
    kept = sorted((folder / reruns.CONTINUED).iterdir())
    kept[0].rename(folder / "old")
    for other in kept[1:]:
        other.rename(folder / f"old-{other.name}")
    (folder / reruns.CONTINUED).rmdir()
    (folder / "old").rename(folder / reruns.CONTINUED)
    world.again(folder)
    assert world.ran and (folder / reruns.CONTINUED / kept[0].name / reruns.GIVEN).is_file()
    assert not (folder / reruns.CONTINUED / "execution.json").exists()


@pytest.mark.parametrize("missing", ["artifacts", "execution.json", "executed.ipynb", reruns.GIVEN])
def test_a_stored_run_that_is_not_whole_is_made_again(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(monkeypatch, 0)
    folder = one_with_runs(world, tmp_path)
    path = next((folder / reruns.CONTINUED).iterdir()) / missing
    path.rmdir() if path.is_dir() else path.unlink()
    world.again(folder)
    assert len(world.ran) == 1 and path.exists()


def test_more_than_one_seed_is_never_judged_from_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several runs only the best is kept; with other checks, another may be the best."""
    world = World(monkeypatch, 0)
    world.fresh(tmp_path / "stored")
    assert world.rejudge(tmp_path / "stored", seeds=(1, 2)) is None


def test_work_that_misses_only_a_minimum_now_gets_its_fresh_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(monkeypatch, 0)
    world.fresh(tmp_path / "stored")
    monkeypatch.setattr(reruns, "missed_only_minimums", lambda attempt: True)
    assert world.again(tmp_path / "stored") is None
