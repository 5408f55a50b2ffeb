"""The supervisor's notes against records that say something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import artifacts
from autograder.artifacts.observed_fits import FILE, fit_digest, read_witness
from autograder.workspace.artifact_folder import FolderSource


def fit(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"fit": number, "model": 1, "epochs": 4, "batch_size": 32, "completed": True, "steps": 76,
            "history": {"loss": [2.0, 1.0, 0.5, 0.1]}, "counted": {"epochs": 4, "batches": 76}, **changes}


def read(folder: Path, fits: list[dict[str, Any]], told: dict[str, Any] | None, begun: int = 1,
         task: str = "fit") -> artifacts.Artifacts:
    line = {"task": task, "cell": 3, "names": {}, "fits": fits, "evaluations": []}
    (folder / "checkpoints.jsonl").write_text(json.dumps(line) + "\n")
    if told is not None:
        (folder / FILE).write_text(json.dumps(
            {"schema": 1, "checkpoints": [{"task": "fit", "cell": 3, "fits": begun}], "fits": told}))
    return artifacts.read(FolderSource(folder), sampling_key="00")


def seen(record: dict[str, Any], seconds: float = 3.0) -> dict[str, Any]:
    return {str(record["fit"]): {"cell": 2, "digest": fit_digest(record), "seconds": seconds}}


def test_a_record_that_agrees_with_the_witness_is_not_doubted(tmp_path: Path) -> None:
    found = read(tmp_path, [fit()], seen(fit()))
    assert found.fits[0].doubt is None and found.fits[0].batches == 76
    assert found.problems == ()


def test_without_notes_nothing_is_doubted(tmp_path: Path) -> None:
    assert read(tmp_path, [fit()], None).fits[0].doubt is None


@pytest.mark.parametrize("record, told, begun, word", [
    (fit(), {}, 0, "was never started"),
    (fit(epochs=10), seen(fit()), 1, "is not its final one"),
    (fit(history={"loss": [1.0] * 5}), seen(fit(history={"loss": [1.0] * 5})), 1, "Keras's loop ran 4"),
    (fit(), seen(fit(), seconds=0.001), 1, "too short for 76 steps"),
    (fit(2), {**seen(fit()), **seen(fit(2))}, 2, "call 1 of fit was started, but is not in the record"),
    (fit(), {"1": {"cell": 2, "digest": None, "seconds": None}}, 1, "is not its final one"),
])
def test_a_record_that_contradicts_the_witness_is_doubted_and_reported(
    tmp_path: Path, record: dict[str, Any], told: dict[str, Any], begun: int, word: str
) -> None:
    found = read(tmp_path, [record], told, begun)
    doubt = found.fits[0].doubt
    assert doubt is not None and word in doubt
    assert any(word in problem for problem in found.problems)


def test_a_fit_that_had_not_ended_at_its_checkpoint_is_not_doubted(tmp_path: Path) -> None:
    record = fit(completed=False, history={}, counted=None)
    assert read(tmp_path, [record], seen(fit())).fits[0].doubt is None


def test_a_line_of_another_task_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, [], {}, 0, task="build")
    assert found.checkpoints == {}
    assert "Expected the checkpoint of task fit, got that of build" in found.problems[0]


@pytest.mark.parametrize("document", [
    None, [], {"checkpoints": 3, "fits": []}, {"checkpoints": [1, {}], "fits": {"x": 1}},
])
def test_notes_of_another_form_say_nothing(document: Any) -> None:
    assert read_witness(document).fits == {}
