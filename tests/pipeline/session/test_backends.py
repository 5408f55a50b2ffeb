"""Which calibration applies with which backend of Keras, and where staff are told that it is another backend's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.feedback.report import Material
from autograder.model import (
    BACKENDS,
    Calibration,
    Limits,
    NotebookJob,
    Provenance,
    Reference,
    Result,
    backend_of,
    calibration_key,
)
from autograder.pipeline.audit.audit import cache_folder, plan
from autograder.pipeline.class_report.gather import ClassOf, gather
from autograder.pipeline.fingerprint import execution_fingerprint
from autograder.pipeline.release.release import fitting_reference
from autograder.pipeline.session.session import _calibration_key
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.status import find_due
from autograder.sandbox.isolation import gpu
from autograder.testing import make_session
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = {"tensorflow": {"keras": "3.15.1", "tensorflow": "2.21.0"},
            "jax": {"keras": "3.15.1", "backend": "jax", "jax": "0.10.2"},
            "torch": {"keras": "3.15.1", "backend": "torch", "torch": "2.13.0"}}


def made_with(backend: str, data: str = "own:1") -> Calibration:
    return Calibration(data=data, device="cpu", versions=VERSIONS[backend], calibrated_at="2030-01-01T00:00:00+00:00",
                       runs=(), metrics={})


def reference(*backends: str) -> Reference:
    return Reference(assignment="mini", calibrations={
        calibration_key("own", "cpu", backend): made_with(backend) for backend in backends})


def provenance(backend: str) -> Provenance:
    return Provenance(submission="0", release="r", data="own:1", seeds=(1,), isolation="full",
                      versions=VERSIONS[backend], execution_fingerprint="e", checks_fingerprint="c",
                      graded_at="2030-01-01T00:00:00+00:00")


def test_the_backend_follows_from_the_versions() -> None:
    assert {name: backend_of(versions) for name, versions in VERSIONS.items()} == {name: name for name in BACKENDS}
    assert backend_of({}) == "tensorflow" == backend_of({"keras": "3.15.1"})
    assert backend_of({"keras": "3.15.1", "jax": "0.7"}) == "jax", "recorded before backends were named"
    assert backend_of({"backend": "jax", "jax": "0.10", "tensorflow": "2.21.0"}) == "jax", "both are imported there"


@pytest.mark.parametrize(("there", "backend", "key"), [
    (("tensorflow",), "tensorflow", "own/cpu"), (("tensorflow",), "jax", "own/cpu"),
    (("tensorflow", "jax"), "jax", "own/cpu/jax"), (("tensorflow", "jax"), "tensorflow", "own/cpu"),
    (("tensorflow", "jax"), "torch", "own/cpu"), (("jax",), "tensorflow", None), (("jax",), "torch", None),
    (("jax",), "jax", "own/cpu/jax"), ((), "jax", None),
])
def test_its_own_calibration_applies_else_that_of_tensorflow(
    there: Sequence[str], backend: str, key: str | None
) -> None:
    known = reference(*there)
    found = known.calibration("own", "cpu", backend)
    assert found == (known.calibrations[key] if key else None)
    assert known.of_backend(backend).calibrations == ({"own/cpu": found} if found else {})
    assert known.calibration("own", "gpu", backend) is None
    session = make_session()
    prepared = replace(session.prepared, name="own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", backend)
        assert _calibration_key(known, prepared, session.placement) == (key or "own/cpu"), "what checks read"


@pytest.mark.parametrize("path", sorted(ROOT.glob("reference/*/reference.json")), ids=lambda path: path.parent.name)
def test_the_files_that_are_there_mean_what_they_meant(path: Path) -> None:
    known = Reference.from_json(path.read_bytes())
    assert known.model_dump(mode="json", exclude_unset=True) == json.loads(path.read_bytes()), "nothing is added"
    assert {one.backend for one in known.calibrations.values()} == {"tensorflow"}
    assert known.of_backend("tensorflow") == known == known.of_backend("jax")


def test_no_backend_reuses_the_run_of_another() -> None:
    job = NotebookJob(cells=(), seed=1, sampling_key="00", limits=Limits())
    found = {execution_fingerprint(job, data="d", isolation="full", versions=versions, continuation={}, compiled={})
             for versions in VERSIONS.values()}
    assert len(found) == len(VERSIONS)


def test_audits_of_each_backend_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = replace(open_workspace(ROOT), output=tmp_path)
    first = cache_folder(workspace, "iris-classes", "own", "short")
    assert "other-spellings" in plan(workspace, "iris-classes", "short").notebooks
    monkeypatch.setenv("KERAS_BACKEND", "")
    assert gpu.backend_name() == "tensorflow" and cache_folder(workspace, "iris-classes", "own", "short") == first
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert cache_folder(workspace, "iris-classes", "own", "short") != first
    found = plan(workspace, "iris-classes", "short")
    assert found.unusable == ("other-spellings",) and "other-spellings" not in found.notebooks


def test_status_and_the_class_report_name_bounds_of_another_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace(ROOT)
    assert not [due for due in find_due(workspace, ("iris-classes",)) if due.part == "calibration"]
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    (due,) = [due for due in find_due(workspace, ("iris-classes",)) if due.part == "calibration"]
    assert "with the Keras backend jax, but its bounds were calibrated with tensorflow" in due.state
    assert due.command == "KERAS_BACKEND=jax autograder calibrate iris-classes"


def report_of(backend: str) -> Material:
    results = {backend: Result(student=backend, assignment="iris-classes", status="graded",
                               provenance=provenance(backend))}
    return gather(open_workspace(ROOT), ClassOf(assignment="iris-classes", grades=(), results=results), Silent(),
                  measured=False)


def test_the_class_report_says_whose_bounds_the_class_has() -> None:
    assert report_of("tensorflow").notes == []
    (note,) = report_of("jax").notes
    assert note.startswith("iris-classes runs with the Keras backend jax, but its bounds were calibrated with tensor")


def test_a_release_states_the_bounds_of_the_backend_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace(ROOT)
    source = read_source(workspace.source("iris-classes"))
    known = Reference.from_json(workspace.reference("iris-classes").read_bytes())
    own = known.calibrations["own/cpu"].model_copy(update={"versions": VERSIONS["jax"]})
    both = known.model_copy(update={"calibrations": {**known.calibrations, "own/cpu/jax": own}})
    monkeypatch.setattr("autograder.pipeline.release.release._reference", lambda _: both)
    found, reasons = fitting_reference(workspace, "iris-classes", source)
    assert found == known and reasons == (), "nothing is said of a backend that is not in use"
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr("autograder.pipeline.release.release.installed_versions", lambda: VERSIONS["jax"])
    found, reasons = fitting_reference(workspace, "iris-classes", source)
    assert found is not None and found.calibrations == {"own/cpu": own} and reasons == ()
