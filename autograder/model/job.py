"""Jobs for a sandboxed child and their results: the contract between supervisor and child."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from autograder.model.base import Value
from autograder.model.call import Call
from autograder.model.limits import Limits


class JobCell(Value):
    """One code cell of the merged notebook.

    ``task`` is set on test cells only: just before such a cell a checkpoint of that task is written.
    """

    index: int = Field(ge=0, description="position among all cells of the merged notebook")
    source: str
    task: str | None = None
    place: str = Field("", description="what people call it, such as 'Task 3'; empty: its number")


class Mount(Value):
    """A file or folder of the host, shown read-only to one child at ``target``."""

    source: Path
    target: str


class PublicArray(Value):
    """An array that every student loads: measured only once, and recognized by its digest."""

    dtype: str = Field(description="NumPy's name with byte order, e.g. |u1")
    digest: str = Field(description="hex digest of its bytes in C order, as in `sampling.bytes_digest`")
    statistics: dict[str, float | int | None] = Field(description="min, max, mean, std, nan, inf")


class NotebookJob(Value):
    """Run the code cells of one merged notebook. Contains nothing that its child may not read."""

    cells: tuple[JobCell, ...]
    seed: int
    sampling_key: str = Field(description="hex; decides which rows of arrays are sampled")
    sample_rows: int = 64
    probe_rows: int = 32
    limits: Limits = Limits()
    mounts: tuple[Mount, ...] = ()
    load_data: dict[str, str] = Field(
        default_factory=dict,
        description="module of keras.datasets → target path of the file or folder that answers its load_data()")
    files: dict[str, str] = Field(
        default_factory=dict, description="name in the notebook's folder → target path of that file or folder")
    public: tuple[PublicArray, ...] = ()
    inject: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="task → name → target path of a .npy put into the namespace after that task's checkpoint",
    )
    calls: dict[str, tuple[Call, ...]] = Field(
        default_factory=dict, description="task → calls of the student's functions, made after that task's checkpoint"
    )


class PredictionRequest(Value):
    """One rebuilt model to evaluate: all paths are targets inside the child."""

    key: str
    architecture: str = Field(description="Keras configuration as JSON text, already checked with the allow-list")
    weights: str = Field(description=".npz with arrays w0, w1 … in the order of model.weights")
    inputs: str | None = Field(
        None, description=".npy of raw rows, first axis counts rows; None: the model is only proven")
    shape: tuple[int, ...] = Field((), description="shape of one prepared input, e.g. (784,)")
    scale: tuple[float, ...] = Field((1.0,), description="one number, or one per feature")
    shift: tuple[float, ...] = (0.0,)
    columns: tuple[int, ...] = Field((), description="of a table: the raw column of each prepared one; empty: all")
    words: tuple[str, ...] = Field((), description="of texts: the vocabulary; `shape` is then the length of a row, and "
                                                   "`scale`, `shift` and `columns` have no meaning")
    mode: str = Field("int", description="of texts: what a row says of the words, as TextVectorization names it")
    standardize: str | None = Field(None, description="of texts: what is removed first, as TextVectorization names it")
    split: str = Field("whitespace", description="of texts: what one word is, as TextVectorization names it")
    noise: float | None = Field(None, description="not None: the answer is not what the model says, but how far it is "
                                                  "from the prepared rows, to which noise of this deviation is added")
    probe: str | None = Field(None, description=".npz with x, y, z and p: the outputs of the student's model to "
                                                "compare with")
    sampling_key: str = Field("", description="hex, as in the NotebookJob: what the probe was drawn from")
    output_shape: tuple[int | None, ...] | None = Field(None, description="as recorded, to compare with")


class PredictionJob(Value):
    """Rebuild models and predict, in a child without labels and without student code."""

    requests: tuple[PredictionRequest, ...]
    limits: Limits = Limits()
    mounts: tuple[Mount, ...] = ()


class Isolation(StrEnum):
    """What separates student code from the machine, strongest first (see docs/operating/security.md)."""

    FULL = "full"                # user, mount, net, IPC, UTS and PID namespaces + Landlock + seccomp + rlimits
    NAMESPACES = "namespaces"    # as full, but the kernel has no Landlock
    RESTRICTED = "restricted"    # Landlock + seccomp + rlimits, no namespaces
    NONE = "none"                # a plain process, only behind --unsafe


class Ending(StrEnum):
    """How a child ended."""

    COMPLETED = "completed"          # every cell was run, with or without an error
    TIMED_OUT = "timed_out"          # the notebook's time ran out, or a cell swallowed its interrupt
    OUT_OF_MEMORY = "out_of_memory"
    DIED = "died"                    # ended by os._exit, a signal or a crash before the last cell
    LOST = "lost"                    # the grader's own fault: the job has to be repeated


class CellStatus(StrEnum):
    """How one code cell ended."""

    OK = "ok"
    ERROR = "error"
    INTERRUPTED = "interrupted"      # out of its cell time; later cells still ran
    UNFINISHED = "unfinished"        # the process ended inside it
    NOT_RUN = "not_run"


class CellRun(Value):
    """The run of one code cell."""

    index: int
    status: CellStatus
    seconds: float = 0.0
    execution_count: int | None = None
    error: str | None = Field(None, description="name and first line of the exception")
    place: str | None = Field(None, description="what people call it, such as 'Task 3'")
    waited: float = Field(0.0, description="seconds of these that did not count: the machine was busy with other work")
    starved: bool = Field(False, description="stopped by the clock before it had its time: the machine was busy")


KernelLimit = Literal["memory", "pids", "cpu"]
"""What a control group can limit: the names of the kernel's controllers."""


class Execution(Value):
    """What the supervisor observed of one child. Never contains a score."""

    ending: Ending
    isolation: Isolation
    cells: tuple[CellRun, ...] = ()
    seconds: float = 0.0
    peak_memory_mib: float = 0.0
    detail: str | None = Field(None, description="one sentence for the student when the child did not complete")
    flags: tuple[str, ...] = Field((), description="neutral sentences for staff only")
    waited: float = Field(0.0, description="seconds of these that did not count: the machine was busy with other work")
    starved: bool = Field(False, description="a part of it was stopped by the clock before it had its time")
    kernel_limits: tuple[KernelLimit, ...] = Field((), description="what a control group limited")
    alone: bool = Field(False, description="an earlier run was starved; in this one nothing else of the batch ran")
