"""`grader: cpu | gpu | any`: where submissions run, what they are compared with, and what waits. GPUs are fakes."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import calibration
from autograder.cli.main import _run
from autograder.course import Grader
from autograder.errors import GraderError
from autograder.model import Calibration, Limits, Provenance, Receipt, Reference, Result
from autograder.notebook import layout
from autograder.pipeline.experiments.calibrate import _write
from autograder.pipeline.feedback import write_page
from autograder.pipeline.grade import batch as grading
from autograder.pipeline.grade import results
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.release.release import stamp
from autograder.pipeline.session import placement
from autograder.pipeline.session import session as sessions
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import Placement
from autograder.pipeline.session.pool_protocol import Pool
from autograder.pipeline.session.session import open_session
from autograder.pipeline.session.source_notebook import read_source, strip
from autograder.sandbox import PoolOptions
from autograder.sandbox.isolation.gpu import Gpu, Gpus
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "release"
TWO = Gpus(found=(Gpu("Played T4", "GPU-a", ("/dev/nvidia0",)), Gpu("Played T4", "GPU-b", ("/dev/nvidia1",))))
NONE = Gpus(refusal="there is no NVIDIA GPU here", fix="run on a machine with one")


class Notes(Silent):
    """Keeps what staff are told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The sample course with a release and one accepted and one refused upload."""
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    workspace = open_workspace(root)
    path = workspace.release("tiny")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(stamp(strip(read_source(workspace.source("tiny"))), "tiny")))
    for student, accepted in (("ada", True), ("bob", False)):
        receipt = workspace.receipt(student, "tiny")
        receipt.parent.mkdir(parents=True)
        receipt.write_text(upload(student, accepted=accepted).to_json())
    return root


def upload(student: str, *, accepted: bool = True, sha256: str = "5" * 64) -> Receipt:
    return Receipt(student=student, assignment="tiny", accepted=accepted, source="a.ipynb", sha256=sha256,
                   received_at="2030-01-01T00:00:00+00:00", reason=None if accepted else "This is no notebook.")


def with_grader(course: Path, setting: str, **grader: Any) -> Workspace:
    """Return the course with the assignment given to a grader, and how course.yml describes the GPU's."""
    workspace = open_workspace(course)
    changed = workspace.course.assignment("tiny").model_copy(update={"grader": setting})
    everything = workspace.course.model_copy(update={
        "assignments": {"tiny": changed}, "graders": {"gpu": Grader(**grader)}})
    return replace(workspace, course=everything)


def calibrated(device: str, minimum: float = 0.8, data: str = "stand-in:1", **sizes: int) -> Calibration:
    spread = calibration.spread([minimum + step / 100 for step in range(5)], coverage=0.9, confidence=0.9, slack=0.0,
                                chance=0.1, margin=0.1)
    return Calibration(data=data, device=device, versions={}, calibrated_at="", runs=(), metrics={"fit/model": spread},
                       sizes=sizes)


def reference(*devices: str) -> Reference:
    return Reference(assignment="tiny", calibrations={f"stand-in/{one}": calibrated(one) for one in devices})


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say which GPUs this machine has; the home folder and environment name no real data."""
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setattr("autograder.data.dataset.KERAS_CACHE", Path("/nowhere"))

    def has(found: Gpus) -> None:
        monkeypatch.setattr(placement, "look", lambda: found)

    return has


@pytest.mark.parametrize("setting, found, devices, device", [
    ("cpu", TWO, ("cpu", "gpu"), "cpu"), ("cpu", NONE, (), "cpu"),
    ("gpu", TWO, ("gpu",), "gpu"), ("gpu", TWO, ("cpu",), "gpu"), ("gpu", NONE, ("cpu", "gpu"), None),
    ("any", TWO, ("cpu", "gpu"), "gpu"), ("any", TWO, ("gpu",), "gpu"), ("any", TWO, ("cpu",), "cpu"),
    ("any", TWO, (), "cpu"), ("any", NONE, ("cpu", "gpu"), "cpu"),
])
def test_where_an_assignment_runs(
    course: Path, machine: Any, setting: str, found: Gpus, devices: tuple[str, ...], device: str | None,
) -> None:
    machine(found)
    workspace = with_grader(course, setting)
    if device is None:
        with pytest.raises(GraderError, match=r"^tiny is graded on a GPU, but .*\.$"):
            placement.place(workspace, "tiny", reference(*devices))
        return
    found = placement.place(workspace, "tiny", reference(*devices))
    assert found.device == device and bool(found.gpus) == (device == "gpu")


def test_a_cpu_assignment_does_not_look_for_a_gpu(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "look", lambda: pytest.fail("it looked"))
    assert placement.place(with_grader(course, "cpu"), "tiny", reference("cpu", "gpu")).device == "cpu"


def test_any_says_why_it_fell_back(course: Path, machine: Any) -> None:
    machine(NONE)
    found = placement.place(with_grader(course, "any"), "tiny", reference("cpu", "gpu"))
    assert found.note and "there is no NVIDIA GPU here" in found.note and found.note.endswith(".")


def test_any_stays_on_the_cpu_when_the_devices_were_calibrated_apart(course: Path, machine: Any) -> None:
    machine(TWO)
    apart = Reference(assignment="tiny", calibrations={
        "stand-in/cpu": calibrated("cpu", EPOCHS=1), "stand-in/gpu": calibrated("gpu", EPOCHS=10)})
    found = placement.place(with_grader(course, "any"), "tiny", apart)
    assert found.device == "cpu" and "--device gpu" in str(found.note)


@pytest.mark.parametrize("described, cores, gpus, workers", [
    ({}, 8, 2, 2), ({"gpus": 1}, 8, 1, 1), ({"share": 0.5}, 8, 2, 4), ({"gpus": 1, "share": 0.25}, 8, 1, 4),
    ({"share": 0.1}, 8, 2, 8),
])
def test_workers_follow_from_gpus_shares_and_cores(
    course: Path, machine: Any, described: dict[str, Any], cores: int, gpus: int, workers: int,
) -> None:
    machine(TWO)
    found = placement.place(with_grader(course, "gpu", **described), "tiny", None)
    assert (len(found.gpus), found.workers(cores)) == (gpus, workers)


def test_the_cpu_takes_all_workers_and_tells_the_pool_of_no_gpu() -> None:
    assert placement.ON_CPU.workers(7) == 7 and placement.ON_CPU.gpus == ()


def grade(workspace: Workspace, **options: Any) -> tuple[dict[str, Result], list[str]]:
    notes = Notes()
    found = grade_class(workspace, ("tiny",), RunOptions(gradebook=False, allow_stand_in=True, **options), notes)
    return {result.student: result for result in found.results}, notes.said


def test_without_a_gpu_submissions_wait_and_staff_see_why(course: Path, machine: Any) -> None:
    machine(NONE)
    workspace = with_grader(course, "gpu")
    found, said = grade(workspace)
    assert {student: result.status for student, result in found.items()} == {"ada": "queued", "bob": "refused"}
    assert load_result(workspace.result("ada", "tiny")) == found["ada"]
    assert not found["ada"].complete and found["ada"].score == 0 and found["ada"].provenance is None
    assert said == ["1 of tiny left queued: tiny is graded on a GPU, but there is no NVIDIA GPU here: "
                    "run on a machine with one, then run the same command there."]
    assert "it waits for a machine that has one" in write_page(workspace, found["ada"], None).read_text()


def of_gpu(workspace: Workspace, sha256: str) -> Result:
    """Write a result that a machine with a GPU made, and return it."""
    released = stamp(strip(read_source(workspace.source("tiny"))), "tiny")
    blank = results.make_ungraded_result(upload("ada"), layout(released))
    provenance = Provenance(submission=sha256, release="1", data="stand-in:1", device="gpu", seeds=(1,), versions={},
                            isolation="full", execution_fingerprint="e", checks_fingerprint="c", graded_at="2030")
    made = blank.model_copy(update={"status": "graded", "message": None, "score": 3.0, "provenance": provenance})
    workspace.result("ada", "tiny").parent.mkdir(parents=True)
    workspace.result("ada", "tiny").write_text(made.to_json())
    return made


@pytest.mark.parametrize("force", [False, True])
def test_what_a_gpu_graded_stays_on_a_machine_without_one(course: Path, machine: Any, force: bool) -> None:
    machine(NONE)
    workspace = with_grader(course, "gpu")
    made = of_gpu(workspace, "5" * 64)
    assert grade(workspace, force=force)[0]["ada"] == made == load_result(workspace.result("ada", "tiny"))


def test_a_newer_upload_waits_although_an_older_was_graded(course: Path, machine: Any) -> None:
    machine(NONE)
    workspace = with_grader(course, "gpu")
    of_gpu(workspace, "6" * 64)
    assert grade(workspace)[0]["ada"].status == "queued"


class Opened(Exception):
    """Raised by the pool in place of starting anything; has the requested options."""


def asked_of_the_pool(workspace: Workspace) -> PoolOptions:
    def refuse(asked: PoolOptions) -> Pool:
        raise Opened(asked)

    options = RunOptions(workers=3, allow_stand_in=True, open_pool=refuse)
    with pytest.raises(Opened) as opened, open_session(workspace, "tiny", options):
        pass
    asked: PoolOptions = opened.value.args[0]
    return asked


def test_the_pool_is_given_the_gpus_and_on_the_cpu_none(course: Path, machine: Any) -> None:
    machine(TWO)
    asked = asked_of_the_pool(with_grader(course, "gpu", gpus=1, share=0.5))
    assert (asked.gpus, asked.share, asked.workers) == (TWO.found[:1], 0.5, 2)
    asked = asked_of_the_pool(with_grader(course, "cpu"))
    assert (asked.gpus, asked.workers) == ((), 3)


@pytest.mark.parametrize("grader, workers, extra", [
    (None, 8, 8), (Grader(cpus=1), 1, 0), (Grader(cpus=3), 3, 0), (Grader(cpus=10), 8, 2),
    (Grader(memory_mib=6 * 1024), 3, 0), (Grader(cpus=5, memory_mib=4096), 2, 0),
])
def test_cpus_and_memory_bound_what_the_pool_runs_at_once(
    course: Path, monkeypatch: pytest.MonkeyPatch, grader: Grader | None, workers: int, extra: int,
) -> None:
    """On a machine of 16 cores, by the command that grades: nothing beyond the bound runs or is judged meanwhile."""
    def refuse(asked: PoolOptions) -> Pool:
        raise Opened(asked)

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)))
    workspace = open_workspace(course)
    graders = {"cpu": grader} if grader is not None else {}
    object.__setattr__(workspace, "course", workspace.course.model_copy(update={"graders": graders}))
    assert workspace.course.assignment("tiny").limits.memory_mib == 2048
    with pytest.raises(Opened) as opened:
        grade(workspace, workers=8, open_pool=refuse)
    assert (opened.value.args[0].workers, opened.value.args[0].extra) == (workers, extra)


@pytest.mark.parametrize("placed, requested, said", [
    (Placement(most=2), 8, "--workers 8 was given, but `cpus` and `memory` of the grader in course.yml allow 2 at the "
                           "same time, so 2 run."),
    (Placement(device="gpu", gpus=TWO.found[:1]), 3, "--workers 3 was given, but the GPUs take 1 at the same time, so "
                                                     "1 runs."),
    (Placement(device="gpu", gpus=TWO.found, most=1), 3, "--workers 3 was given, but `cpus` and `memory` of the grader "
                                                         "in course.yml allow 1 at the same time, so 1 runs."),
    (Placement(most=2), 2, None), (Placement(most=2), None, None), (Placement(), 50, None),
])
def test_a_number_of_workers_that_is_not_kept_is_said(
    placed: Placement, requested: int | None, said: str | None
) -> None:
    assert placed.bound_note(requested) == said


@pytest.mark.parametrize("workers, said", [(3, True), (1, False), (None, False)])
def test_staff_read_that_fewer_workers_run(course: Path, workers: int | None, said: bool) -> None:
    """By the command that grades, before anything starts."""
    def refuse(asked: PoolOptions) -> Pool:
        raise Opened(asked)

    workspace = open_workspace(course)
    workspace = replace(workspace, course=workspace.course.model_copy(update={"graders": {"cpu": Grader(cpus=1)}}))
    notes = Notes()
    with pytest.raises(Opened):
        grade_class(workspace, ("tiny",), RunOptions(gradebook=False, allow_stand_in=True, workers=workers,
                                                     open_pool=refuse), notes)
    assert (f"tiny: --workers {workers} was given" in " ".join(notes.said)) == said


def test_no_verb_runs_a_gpu_assignment_without_a_gpu(course: Path, machine: Any) -> None:
    machine(NONE)
    with pytest.raises(GraderError), open_session(
            with_grader(course, "gpu"), "tiny", RunOptions(workers=1, allow_stand_in=True)):
        pass


@pytest.mark.parametrize("setting, asked, device", [
    ("cpu", None, "cpu"), ("gpu", None, "gpu"), ("any", None, "cpu"), ("any", "gpu", "gpu"), ("any", "cpu", "cpu"),
    ("cpu", "gpu", None), ("gpu", "cpu", None),
])
def test_which_device_is_calibrated(
    course: Path, machine: Any, setting: str, asked: Any, device: str | None,
) -> None:
    machine(TWO)
    workspace = with_grader(course, setting)
    if device is None:
        with pytest.raises(GraderError, match=f"grader: {setting}"):
            placement.for_calibration(workspace, "tiny", asked)
    else:
        assert placement.for_calibration(workspace, "tiny", asked).device == device


def test_a_gpu_is_not_calibrated_on_a_cpu(course: Path, machine: Any) -> None:
    machine(NONE)
    with pytest.raises(GraderError, match="no NVIDIA GPU"):
        placement.for_calibration(with_grader(course, "gpu"), "tiny", None)


def test_the_profile_of_a_grader_holds_for_its_own_assignments(course: Path) -> None:
    workspace = with_grader(course, "gpu", sizes="full")
    settings = workspace.course.assignment("tiny").model_copy(update={"sizes": {"full": {"N": 2}}})
    assert placement.profile(workspace, settings, "gpu") == "full"
    assert placement.profile(workspace, settings, "cpu") is None
    either = settings.model_copy(update={"grader": "any"})
    assert placement.profile(workspace, either, "gpu") is None, "students see one set of sizes"


def minimums(path: Path) -> dict[str, float | None]:
    stored = Reference.from_json(path.read_bytes()).calibrations
    return {key: one.metrics["fit/model"].minimum for key, one in stored.items()}


def test_where_either_device_may_grade_one_minimum_holds_on_both(course: Path) -> None:
    workspace = with_grader(course, "any")
    settings = workspace.course.assignment("tiny")
    high, low = calibrated("cpu", 0.9), calibrated("gpu", 0.8)
    _write(workspace, settings, "stand-in", high)
    path = _write(workspace, settings, "stand-in", low)
    weaker = low.metrics["fit/model"].minimum
    assert minimums(path) == {"stand-in/cpu": weaker, "stand-in/gpu": weaker}
    assert weaker is not None and weaker < (high.metrics["fit/model"].minimum or 0)
    again = _write(workspace, settings, "stand-in", calibrated("gpu", 0.92))
    assert set(minimums(again).values()) == {high.metrics["fit/model"].minimum}, "the CPU's own bound came back"


def test_a_metric_without_a_minimum_on_one_device_has_none_on_the_other() -> None:
    usable, near_chance = calibrated("cpu", 0.9), calibrated("gpu", 0.11)
    first, second = calibration.level(usable, near_chance, chance=0.1, margin=0.1)
    assert first.metrics["fit/model"].minimum is None and second.metrics["fit/model"].minimum is None
    assert first.metrics["fit/model"].false_fail is None


def test_of_two_maximums_the_larger_holds() -> None:
    def errors(device: str, size: float) -> Calibration:
        spread = calibration.error_spread([size * (1 + step / 50) for step in range(5)], coverage=0.9, confidence=0.9,
                                          slack=0.1)
        return calibrated(device).model_copy(update={"metrics": {"fit/error": spread}})

    small, large = errors("cpu", 1.0), errors("gpu", 2.0)
    first, second = calibration.level(small, large, chance=0.1, margin=0.1)
    expected = large.metrics["fit/error"].maximum
    assert first.metrics["fit/error"].maximum == expected == second.metrics["fit/error"].maximum
    shares = [one.metrics["fit/error"].false_fail or 0 for one in (first, small)]
    assert second == large and shares[0] < shares[1]


def test_calibrations_of_other_sizes_are_left_alone() -> None:
    first, second = calibrated("cpu", 0.9, EPOCHS=1), calibrated("gpu", 0.8, EPOCHS=10)
    assert calibration.level(first, second, chance=0.1, margin=0.1) == (first, second)


@pytest.mark.parametrize("statuses, code", [
    (("graded", "refused"), 0), (("graded", "queued"), 8), (("queued", "failed"), 5), (("failed",), 5),
])
def test_waiting_work_has_an_exit_code_of_its_own(
    course: Path, monkeypatch: pytest.MonkeyPatch, statuses: tuple[Any, ...], code: int,
) -> None:
    blank = Result(student="ada", assignment="tiny", status="graded")
    found = tuple(blank.model_copy(update={"status": status}) for status in statuses)
    done = results.Grading(results=found, exit_code=results.choose_exit_code(found))
    monkeypatch.setattr(grading, "grade_class", lambda *_: done)
    assert _run(["--course", str(course), "grade", "--json"]) == code


def test_the_command_leaves_work_queued_and_says_so(
    course: Path, machine: Any, capsys: pytest.CaptureFixture[str],
) -> None:
    machine(NONE)
    settings = course / "course.yml"
    described = "graders:\n  gpu:\n    gpus: 1\n    share: 0.5\ndefaults:\n  grader: gpu\n"
    settings.write_text(settings.read_text().replace("defaults:\n", described))
    assert open_workspace(course).course.graders["gpu"].share == 0.5
    assert _run(["--course", str(course), "grade", "tiny", "--no-gradebook"]) == 8
    assert "1 of tiny left queued" in " ".join(capsys.readouterr().err.split())
    assert _run(["--course", str(course), "calibrate", "tiny"]) == 8
    assert "tiny is graded on a GPU" in capsys.readouterr().err


@pytest.mark.gpu
@pytest.mark.slow
def test_a_real_gpu_trains_behind_the_walls(tmp_path: Path) -> None:
    """One small fit on the first GPU; the model stays there and its answers are float32's."""
    from autograder.model import Ending, JobCell, NotebookJob
    from autograder.sandbox import PoolOptions, WarmPool
    from autograder.sandbox.isolation import gpu

    found = gpu.survey()
    if found.refusal is not None:
        pytest.skip(found.refusal)
    code = """
import keras, numpy as np
x = np.random.default_rng(0).random((256, 8)).astype("float32")
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(x, (x.sum(1) > 4).astype("int32"), epochs=1, verbose=0)
assert np.isfinite(model.get_weights()[0]).all()
"""
    with WarmPool(PoolOptions(gpus=found.found[:1])) as pool:
        run = pool.run_notebook(NotebookJob(cells=(JobCell(index=0, source=code),), seed=1, sampling_key="00",
                                            limits=Limits(memory_mib=8192)), tmp_path / "out")
        assert run.ending is Ending.COMPLETED and run.cells[0].error is None
        assert pool.versions["device"] == found.found[0].name


def test_sessions_take_their_place_from_here() -> None:
    """One rule decides for every verb: `open_session` asks `graders.place` where it was told nothing."""
    assert sessions.graders.place is placement.place
