"""One submission as its checks see it: the request, the artifacts, and the data that only the grader has."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.artifacts import Array, Artifacts, Checkpoint, ModelValue, array_of, read
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.checks.ground_truth import Course, CourseData, Holdout, ReferenceView
from autograder.checks.metrics import accuracy
from autograder.checks.outcome import Unjudged
from autograder.checks.request import JudgeRequest, Proof
from autograder.errors import ArtifactError, CheckError
from autograder.workspace.artifact_folder import FolderSource

UNPROVEN = "The model was not rebuilt, so its layers are a claim."
OUTPUTS = NpzLimits(packed=128 << 20, unpacked=128 << 20, members=64)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the fixtures of one submission are made from."""

    request: JudgeRequest
    artifacts: Artifacts
    data: CourseData
    holdout: Holdout
    reference: ReferenceView
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def open(cls, course: Course, request: JudgeRequest) -> Case:
        """Read what the submission left behind; the checks report malformed parts, this method does not."""
        source = FolderSource(request.artifacts)
        artifacts = read(source, sampling_key=request.sampling_key, sample_rows=request.sample_rows)
        return cls(request=request, artifacts=artifacts, data=course.data, holdout=course.holdout,
                   reference=course.reference.fitting(request.sizes), packages=course.packages,
                   files=course.files)

    def checkpoints_until(self, task: str) -> tuple[Checkpoint, ...]:
        """Return the checkpoints up to that of ``task``, which is the last.

        Raises:
            Unjudged: the task was reached, but its checkpoint cannot be read.
        """
        passed: list[Checkpoint] = []
        for checkpoint in self.artifacts.checkpoints.values():
            passed.append(checkpoint)
            if checkpoint.task == task:
                return tuple(passed)
        note = "; ".join(self.artifacts.problems) or f"there is no checkpoint of {task}"
        raise Unjudged("What your notebook left behind at this step could not be read; a person will look at it.", note)

    def outputs(self, task: str, model: str, array: str) -> Array:
        """Return the outputs of the student's model for the test and the holdout images, prepared like ``array``.

        Raises:
            Unjudged: the model or the preprocessing could not be rebuilt.
            CheckError: no check has declared this prediction, or its file cannot be read.
        """
        found = [
            item for item in self.request.predictions if (item.task, item.model, item.array) == (task, model, array)
        ]
        if not found:
            raise CheckError(f"No prediction of `{model}` for `{array}` at {task} was made: does a check's marker say "
                             f'predicts=[("{model}", "{array}")]?')
        prediction = found[0]
        if prediction.outputs is None:
            raise Unjudged(
                f"The grader could not ask `{model}` itself, so a person will look at it.", prediction.unjudged
            )
        outputs = _array(prediction.outputs, prediction.member)
        expected = len(self.holdout.test_labels) + len(self.holdout.labels)
        if outputs.ndim < 1 or len(outputs) != expected:
            raise CheckError(f"{expected} predictions of `{model}` were expected, the file has shape {outputs.shape}.")
        return outputs

    def proof(self, model: ModelValue) -> Proof:
        """Return whether the record of a model was proven; a model that no check uses is not."""
        found = (item for item in self.request.proofs if (item.model, item.version) == (model.model, model.version))
        return next(found, Proof(model=model.model, version=model.version, doubt=UNPROVEN))

    def accuracies(self, model: ModelValue) -> dict[str, float]:
        """Return the accuracies measured for this state of a model: fingerprint of the images' array → accuracy.

        Only predictions that some check has declared are included, and only for the public test images.
        """
        found: dict[str, float] = {}
        for item in self.request.predictions:
            checkpoint = self.artifacts.checkpoints.get(item.task)
            array = array_of(checkpoint.names.get(item.array)) if checkpoint else None
            if checkpoint is None or checkpoint.names.get(item.model) != model or array is None:
                continue
            if array.fingerprint is None or not array.shape:
                continue
            labels = self.holdout.test_labels[: array.shape[0]]
            with contextlib.suppress(Unjudged, CheckError, ValueError):  # then there is nothing to compare with
                found[array.fingerprint] = accuracy(self.outputs(item.task, item.model, item.array)[: len(labels)],
                                                    labels)
        return found


def _array(path: Path, member: str) -> Array:
    """Read predictions; they were computed from a student's weights, so the guarded reader is used for them too."""
    try:
        if path.suffix == ".npy":
            array: Array = np.load(path, allow_pickle=False)
            return array
        return read_npz(FolderSource(path.parent).read(path.name, OUTPUTS.packed), OUTPUTS)[member]
    except (OSError, ValueError, KeyError, ArtifactError) as error:
        raise CheckError(f"Predictions in {path.name} cannot be read: {type(error).__name__}: {error}.") from None
