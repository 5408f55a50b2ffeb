"""Opens an artifact folder: the one place that knows its file names and how much of each may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128

from autograder.artifacts import drawings
from autograder.artifacts.call_outcomes import CallOutcome
from autograder.artifacts.checkpoints import CheckpointReader
from autograder.artifacts.drawings import Figures
from autograder.artifacts.json_fields import mapping, sequence, text
from autograder.artifacts.jsonguard import parse, parse_lines
from autograder.artifacts.known_arrays import KnownArrays
from autograder.artifacts.model_record import ordered_weights, read_model
from autograder.artifacts.model_values import ModelRecord
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.observed_fits import FILE, LIMIT, Witness, read_witness
from autograder.artifacts.probes import probe_name, usable_probe, weights_name
from autograder.artifacts.recorded_training import Training, read_training
from autograder.artifacts.sampling import bytes_digest, sample_indices
from autograder.artifacts.values import Array, Checkpoint, Evaluation, Fit, ModelValue, Shape
from autograder.errors import ArtifactError
from autograder.model.call import MAX_CALLS, MAX_WHOLES

MIB = 1 << 20
MAX_CHECKPOINTS = 16 * MIB
MAX_LINES = 1000
MAX_MODEL = 8 * MIB
MAX_ALL_ROWS = 512 * MIB
MAX_ALL_MODELS = 1024 * MIB
MAX_ALL_CALLS = 64 * MIB
"""Of all files of a kind together, unpacked. Many names may be links to one file, so their number is no bound."""
MAX_PROBLEMS = 200
MAX_CALL_FILE = 8 * MIB
CALL_FILES = frozenset(f"calls-{number}.json" for number in range(1, 201))
ROWS = NpzLimits(packed=64 * MIB, unpacked=64 * MIB, members=2000)
WEIGHTS = NpzLimits(packed=256 * MIB, unpacked=256 * MIB, members=4000)
WHOLES = NpzLimits(packed=16 * MIB, unpacked=16 * MIB, members=MAX_WHOLES)
PROBE = NpzLimits(packed=64 * MIB, unpacked=64 * MIB, members=4)


class Source(Protocol):
    """Where the files are. Reading must not follow links or wait for pipes."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of one file.

        Raises:
            ArtifactError: there is no such regular file, or it has more than ``limit`` bytes.
        """


class Artifacts:
    """What one run left behind. Make it with `read`; models, weights and probes are read on demand."""

    def __init__(self, source: Source, *, sampling_key: str, sample_rows: int) -> None:
        self._source = source
        self._names = frozenset(source.names())
        self._sampling = (sampling_key, sample_rows)
        self._problems: dict[str, None] = {}
        self._row_files: dict[int, dict[str, Array]] = {}
        self._room = {"rows": MAX_ALL_ROWS, "models": MAX_ALL_MODELS, "calls": MAX_ALL_CALLS}
        self._records: dict[ModelValue, ModelRecord] = {}
        self._known = KnownArrays()
        self._reader = CheckpointReader(self._rows, self._problem, lambda file, name: self._row_file(file).get(name))
        self._called: dict[str, dict[str, CallOutcome]] | None = None
        self._figures: Figures | None = None
        self.checkpoints: Mapping[str, Checkpoint] = self._read_checkpoints()

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences for staff about what could not be read so far."""
        return tuple(self._problems)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """All fits of the run, in order."""
        return tuple(fit for checkpoint in self.checkpoints.values() for fit in checkpoint.fits)

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """All calls of ``evaluate``, in order."""
        return tuple(item for checkpoint in self.checkpoints.values() for item in checkpoint.evaluations)

    def fits_before(self, task: str) -> tuple[Fit, ...]:
        """Return all fits up to the test cell of ``task``, including those of its own answer."""
        return tuple(fit for checkpoint in self._until(task) for fit in checkpoint.fits)

    def evaluations_before(self, task: str) -> tuple[Evaluation, ...]:
        """Return all calls of ``evaluate`` up to the test cell of ``task``."""
        return tuple(item for checkpoint in self._until(task) for item in checkpoint.evaluations)

    def model(self, value: ModelValue) -> ModelRecord:
        """Return the recorded state; where it cannot be read, a record whose ``unsupported`` says so."""
        if value not in self._records:
            self._records[value] = self._read_model(value)
        return self._records[value]

    def weights(self, record: ModelRecord | ModelValue) -> list[Array]:
        """Return the weights in the order of ``model.weights``.

        Raises:
            ArtifactError: they were not recorded or exceed a limit.
        """
        data = self._read(weights_name(record), WEIGHTS.packed)
        return list(ordered_weights(self._known.read(data, WEIGHTS)).values())

    def weights_fingerprint(self, record: ModelRecord | ModelValue) -> str | None:
        """Return the ``weights_after`` of a `Fit` that resulted in exactly these weights; None where there are none."""
        try:
            return xxh3_128(b"".join(map(bytes_digest, self.weights(record)))).hexdigest()
        except ArtifactError:
            return None

    def training(self, value: ModelValue) -> Training:
        """Return what it takes to train the model of a recorded state again.

        Raises:
            ArtifactError: one sentence why that cannot be done.
        """
        name = f"model-{value.model}-{value.version}.json"
        return read_training(parse(self._read(name, MAX_MODEL), limit=MAX_MODEL))

    def probe(self, record: ModelRecord) -> tuple[Array, Array] | None:
        """Return probe inputs and the student's model's answers; None where there are no usable ones."""
        name = probe_name(record)
        if name not in self._names:
            return None
        try:
            return usable_probe(read_npz(self._read(name, PROBE.packed), PROBE))
        except ArtifactError as error:
            self._problem(f"{name}: {error}")
            return None

    def calls(self, task: str) -> Mapping[str, CallOutcome]:
        """Return the outcomes of the calls at a task's checkpoint, by `Call.key`; empty where none were recorded."""
        if self._called is None:
            self._called = {}
            for name in sorted(self._names & CALL_FILES, key=lambda name: (len(name), name)):
                self._read_calls(name, self._called)
        return self._called.get(task, {})

    @property
    def figures(self) -> Figures | None:
        """What the figures below the cells show; None where the run recorded none or the record cannot be read."""
        if drawings.FILE not in self._names:
            return None
        if self._figures is None:
            try:
                lines = list(parse_lines(self._read(drawings.FILE, drawings.LIMIT)))
            except ArtifactError as error:
                self._problem(str(error))
                return None
            self._figures = drawings.read_figures(lines)
        return self._figures

    def _read_calls(self, name: str, found: dict[str, dict[str, CallOutcome]]) -> None:
        try:
            fields = mapping(self._document("calls", name, MAX_CALL_FILE))
            task, arrays = text(fields.get("task")), name.replace(".json", ".npz")
            wholes = self._arrays("calls", arrays, WHOLES) if arrays in self._names else {}
        except ArtifactError as error:
            self._problem(f"{name}: {error}")
            return
        if task is None or task in found:
            self._problem(f"{name}: Expected the calls of one more task, got something else; it was left out.")
            return
        nodes = ((text(mapping(node).get("key")), node) for node in sequence(fields.get("calls"))[:MAX_CALLS])
        found[task] = {key: self._reader.outcome(node, wholes) for key, node in nodes if key is not None}

    def _until(self, task: str) -> list[Checkpoint]:
        passed: list[Checkpoint] = []
        for checkpoint in self.checkpoints.values():
            passed.append(checkpoint)
            if checkpoint.task == task:
                return passed
        return []

    def _read_checkpoints(self) -> dict[str, Checkpoint]:
        found: dict[str, Checkpoint] = {}
        witness = self._read_witness()
        try:
            data = self._read("checkpoints.jsonl", MAX_CHECKPOINTS)
        except ArtifactError as error:
            self._problem(str(error))
            return found
        for number, document in enumerate(parse_lines(data), start=1):
            if number > MAX_LINES:
                self._problem(f"There are more than {MAX_LINES} checkpoints; the rest was left out.")
                break
            try:
                if isinstance(document, ArtifactError):
                    raise document
                checkpoint = self._reader.read(document, number - 1, witness)
            except ArtifactError as error:
                self._problem(f"Line {number} of the checkpoints: {error}")
                continue
            if checkpoint.task in found:
                self._problem(f"Task {checkpoint.task} has more than one checkpoint; the first counts.")
            found.setdefault(checkpoint.task, checkpoint)
        return found

    def _read_witness(self) -> Witness:
        if FILE not in self._names:
            return Witness()
        try:
            return read_witness(parse(self._read(FILE, LIMIT), limit=LIMIT))
        except ArtifactError as error:
            self._problem(f"{FILE}: {error}")
            return Witness()

    def _read_model(self, value: ModelValue) -> ModelRecord:
        document = None
        weights = None
        try:
            document = self._document("models", f"model-{value.model}-{value.version}.json", MAX_MODEL)
            weights = ordered_weights(self._arrays("models", f"weights-{value.model}-{value.version}.npz", WEIGHTS))
        except ArtifactError as error:
            self._problem(f"Model {value.model}, version {value.version}: {error}")
        return read_model(document, weights, model=value.model, version=value.version)

    def _rows(self, file: int, name: str, shape: Shape, dtype: str) -> tuple[Array, Array]:
        """Find sampled rows; see `checkpoints.Rows`."""
        array = self._row_file(file).get(name)
        if array is None or not shape:
            raise ArtifactError(f"Sampled rows {name[:60]} are missing in rows-{file}.npz; they were left out.")
        key, count = self._sampling
        fits = array.shape == (min(shape[0], count), *shape[1:])
        if not fits or dtype not in (array.dtype.name, array.dtype.str, _swapped(array)):
            raise ArtifactError(f"Sampled rows {name[:60]} of rows-{file}.npz do not fit their array; left out.")
        indices: NDArray[np.int64] = sample_indices(key, shape[0], count)
        return array, indices

    def _row_file(self, file: int) -> dict[str, Array]:
        if file not in self._row_files:
            self._row_files[file] = {}
            try:
                self._row_files[file] = self._arrays("rows", f"rows-{file}.npz", ROWS)
            except ArtifactError as error:
                self._problem(f"rows-{file}.npz: {error}")
        return self._row_files[file]

    def _document(self, kind: str, name: str, limit: int) -> Any:
        """Return the JSON of a file; its bytes are deducted from the allowance of its kind."""
        data = self._read(name, min(limit, self._room[kind]))
        self._room[kind] -= len(data)
        return parse(data, limit=limit)

    def _arrays(self, kind: str, name: str, limits: NpzLimits) -> dict[str, Array]:
        """Return the arrays of a file; their unpacked size is deducted from the allowance of its kind.

        A file that breaks a rule uses the largest size that it was unpacked to.
        """
        room = self._room[kind]
        data = self._read(name, min(limits.packed, room))
        self._room[kind] -= min(limits.unpacked, room)
        arrays = self._known.read(data, replace(limits, unpacked=min(limits.unpacked, room)))
        self._room[kind] = room - max(len(data), sum(array.nbytes for array in arrays.values()))
        return arrays

    def _read(self, name: str, limit: int) -> bytes:
        if name not in self._names:
            raise ArtifactError(f"Expected a file {name} among the artifacts; there is none.")
        return self._source.read(name, limit)

    def _problem(self, sentence: str) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            self._problems[sentence] = None


def read(source: Source, *, sampling_key: str, sample_rows: int = 64) -> Artifacts:
    """Read the artifacts of one run; never fails, what cannot be read is listed in ``problems``.

    Args:
        source: where the files are.
        sampling_key, sample_rows: as in the `NotebookJob`; they decide which rows were sampled.
    """
    return Artifacts(source, sampling_key=sampling_key, sample_rows=sample_rows)


def _swapped(array: Array) -> str:
    # Rows are read in this machine's byte order; the array itself may have been of the other one.
    return str(array.dtype.newbyteorder("S"))
