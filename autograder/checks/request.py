"""What is sent to the check server: the course once, and a request per submission."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from autograder.model import SlotStatus, Value


class CheckContext(Value):
    """What all checks of an assignment share; none of it ever enters a process with student code.

    The arrays are ``.npy`` files. ``train_*`` and ``test_*`` are what the student's notebook loads: of the test rows
    the first ``visible`` are all different, and any others are copies of these. ``holdout_labels`` belong to the rows
    that were withheld.
    """

    reference: Path | None = Field(None, description="reference.json; None before the first calibration")
    calibration: str = Field("", description="key of the calibration that fits this grader, e.g. churn/cpu")
    variants: bool = Field(False, description="students have different sizes: bounds are those of all variants")
    data_name: str = Field("", description="the data set's name, or the stand-in's")
    true_data: bool = Field(True, description="False for the stand-in: checks then skip facts about the real data")
    train_images: Path
    train_labels: Path
    test_images: Path
    test_labels: Path
    holdout_labels: Path
    visible: int | None = Field(None, description="different test rows; None: all but as many as were withheld")
    kind: str = Field("images", description="what a row is: images, table, sequences or texts")
    columns: tuple[str, ...] = Field((), description="of a table: the name of each number of a row")
    packages: tuple[str, ...] = Field((), description="packages of the course beyond the grader's own")
    files: tuple[str, ...] = Field((), description="released next to the notebook, by their relative paths")


class Prediction(Value):
    """The outputs of a student's model for the raw test and holdout images, prepared like ``array``.

    ``outputs`` is an ``.npz`` (array ``y``) or ``.npy`` with one row per image: first the public test images
    (rows 0–4,999 of the test set), then the holdout images. Where there is none, ``unjudged`` says why in one sentence.
    """

    task: str
    model: str = Field(description="name in the student's namespace")
    array: str = Field(description="name of the prepared array whose preprocessing was used")
    outputs: Path | None = None
    member: str = Field("y", description="name of the array in an .npz")
    unjudged: str | None = None


class Proof(Value):
    """Whether a model rebuilt from one recorded state answers as the student's model did.

    Names of layers, activations and penalties are trusted only for a proven model.
    """

    model: int
    version: int
    doubt: str | None = Field(None, description="one sentence why it does not, or why this is unknown; None: it does")
    penalties: bool = Field(False, description="whether its weight penalties are those of the student's model too")


class JudgeRequest(Value):
    """One submission to judge, from artifacts alone."""

    artifacts: Path = Field(description="folder that the student's process filled: untrusted")
    sampling_key: str = Field(description="hex, as in the NotebookJob")
    sample_rows: int = 64
    predictions: tuple[Prediction, ...] = ()
    proofs: tuple[Proof, ...] = Field((), description="one for each model that a check may look at")
    slots: dict[str, SlotStatus] = Field(default_factory=dict, description="task → what its slot contains")
    reached: tuple[str, ...] = Field(description="tasks whose checkpoint was written")
    notes: dict[str, str] = Field(
        default_factory=dict,
        description="task → one sentence about its cells, e.g. that one raised or ran out of time",
    )
    causes: dict[str, str] = Field(
        default_factory=dict,
        description="task → one sentence about an earlier cell that stopped and would have made what the task uses",
    )
    origins: dict[str, str] = Field(default_factory=dict, description="task → the earlier task that `causes` is about")
    written: dict[str, dict[str, dict[str, Any]]] = Field(
        default_factory=dict,
        description="task → model → loss and metrics that are text in the `compile` of a cell that raised an error")
    starved: dict[str, str] = Field(
        default_factory=dict,
        description="task → one sentence: the machine stopped the run before it had its time, so nothing is lost there")
    doubts: dict[str, str] = Field(
        default_factory=dict, description="task → one sentence why a check that fails there proves nothing")
    sizes: dict[str, int | float] = Field(
        default_factory=dict, description="numbers of the notebook's sizes cell, as they were in this run")
    cells: dict[str, tuple[int, ...]] = Field(
        default_factory=dict, description="task → cells of its slot, to attribute figures to tasks")
    settings_given: bool = Field(
        False, description="whether the grader gave this run compile settings: checks of them then earn nothing")
    ended: str | None = Field(None, description="one sentence why later tasks were not reached")
