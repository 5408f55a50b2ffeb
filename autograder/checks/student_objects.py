"""What a student's names may hold besides arrays and models: texts, tables, single layers, pipelines, a split."""

from __future__ import annotations

from autograder.artifacts import Array, Value
from autograder.artifacts.sampling import sample_indices
from autograder.checks.case import Case
from autograder.checks.outcome import Evidence
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.layer_subjects import LayerSubject, layer_of
from autograder.checks.vocabulary.pipelines import DatasetSubject, dataset_of
from autograder.checks.vocabulary.splits import SplitSubject
from autograder.checks.vocabulary.tables import TableSubject, table_of
from autograder.checks.vocabulary.texts import TextsSubject, texts_of


class StudentObjects:
    """The part of `Student` that looks these up."""

    _case: Case
    evidence: Evidence

    def _value(self, name: str) -> Value:
        raise NotImplementedError

    def array(self, name: str) -> ArraySubject:
        """Return an array."""
        raise NotImplementedError

    def texts(self, name: str) -> TextsSubject:
        """Return the list, array or column of texts of this name; fails for anything else."""
        return texts_of(name, self._value(name), self.evidence, self._places)

    def table(self, name: str) -> TableSubject:
        """Return the table of pandas of this name, by its columns; fails for anything else."""
        return table_of(name, self._value(name), self.evidence, self._places)

    def layer(self, name: str, kind: str) -> LayerSubject:
        """Return the single layer of this name and class: ``student.layer("vectorize", "TextVectorization")``."""
        return layer_of(name, self._value(name), kind, self.evidence)

    def dataset(self, name: str) -> DatasetSubject:
        """Return the `tf.data.Dataset` of this name; fails for anything else."""
        return dataset_of(name, self._value(name), self.evidence)

    def split(self, *names: str) -> SplitSubject:
        """Return the arrays into which a table was divided: ``student.split("X_train", "X_test")``."""
        return SplitSubject([self.array(name) for name in names])

    def _places(self, length: int) -> Array:
        return sample_indices(self._case.request.sampling_key, length, self._case.request.sample_rows)
