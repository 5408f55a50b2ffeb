"""What `datasets:` in ``course.yml`` says about a data set: where it comes from, which rows are for testing, and which
of these are withheld. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal, get_args

from pydantic import Field

from autograder.model import Value

DEFAULT_DATA = "mnist"
"""The data set of an assignment that names none. What it is, only `autograder.data` knows."""
OWN = "own"
BUILT_IN = (DEFAULT_DATA, OWN)
"""Data sets that every course has: the default one, and what a notebook brings along itself."""
RESERVED = (*BUILT_IN, "stand-in")
"""Names that references and results give another meaning."""
_FUNCTION = re.compile(r"[\w./-]+\.py:[A-Za-z_]\w*")
KerasName = Literal["fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "california_housing", "boston_housing"]
KERAS_NAMES: tuple[str, ...] = get_args(KerasName)
KINDS = ("keras", "csv", "npz", "folder", "python")
How = Literal["replace", "remove"]


class TestRule(Value):
    """Which rows of data without a test part are for testing; students have them with their labels."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    share: float = Field(default=0.2, gt=0, lt=1, description="share of the rows that are for testing")
    column: str | None = Field(default=None, description="column of a table that marks these rows (1, true, yes, "
                               "test); it is shown to nobody; left out: they are drawn")
    seed: int = Field(default=0, ge=0, lt=2**32, description="of the draw")
    stratify: bool = Field(default=True, description="draw the same share of each class, where labels are classes")


class HoldoutRule(Value):
    """Which rows are withheld: no student has them with their labels, and the grader measures models on them."""

    share: float | None = Field(default=None, gt=0, lt=1, description="share of the test rows, or of all rows where "
                                "there is no test part; left out: 0.5 of test rows, 0.2 of all")
    rows: tuple[int, ...] | None = Field(default=None, description="numbers of these rows, counted from 0; left out: "
                                         "they are drawn")
    column: str | None = Field(default=None, description="column of a table that marks these rows (1, true, yes); it "
                               "is shown to nobody")
    seed: int = Field(default=0, ge=0, lt=2**32, description="of the draw")
    stratify: bool = Field(default=True, description="draw the same share of each class, where labels are classes")
    how: How | None = Field(default=None, description="`replace`: copies of other rows fill their places, so that "
                            "shapes stay the same; `remove`: students have fewer rows. Left out: replaced in data "
                            "sets of Keras, removed from the others")


class DatasetSettings(Value):
    """One entry of `datasets:`; exactly one of `keras`, `csv`, `npz`, `folder`, `python` says where it comes from."""

    keras: KerasName | None = Field(default=None, description="a data set of `keras.datasets`; the notebook's own "
                                    "`load_data()` is answered from the data folder (`autograder data fetch`)")
    csv: str | None = Field(default=None, description="table in the data folder; its first line names the columns")
    npz: str | None = Field(default=None, description="file in the data folder with the arrays `x_train`, `y_train`, "
                            "`x_test`, `y_test`, or only `x` and `y`")
    folder: str | None = Field(default=None, description="folder in the data folder with one folder of images per "
                               "class, or with such folders below `train` and `test`")
    python: str | None = Field(default=None, description="`file.py:function` of the course; the function returns a "
                               "dict of the arrays that `npz` has")
    label: str | None = Field(default=None, description="column of the table that models predict")
    text: str | None = Field(default=None, description="column of the table with the texts that models read; left out: "
                             "the rows are its numbers and categories")
    test: TestRule | None = Field(default=None, description="rows for testing, where the data has no test part; left "
                                  "out: students divide it themselves")
    holdout: HoldoutRule = Field(default=HoldoutRule(), description="rows that are withheld from students")
    stand_in: str | None = Field(default=None, description="file or folder of the course that tests use where the "
                                 "data folder does not have the data; of the same form")

    @property
    def kind(self) -> str:
        """Which of the five it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def source(self) -> str:
        """The name, path or function that the kind has."""
        return str(getattr(self, self.kind))


def problem_of(settings: DatasetSettings) -> str | None:
    """Return what is wrong with an entry, as the end of a sentence that begins with its name; None: nothing."""
    given = [kind for kind in KINDS if getattr(settings, kind) is not None]
    if len(given) != 1:
        return (f"has {' and '.join(given) or 'no source'}, but exactly one of {', '.join(KINDS)} is expected: "
                f"{'keep one' if given else 'add one'}.")
    if (settings.label is not None) != (settings.csv is not None):
        return ("is a table without 'label': name the column that models predict." if settings.csv is not None
                else f"has 'label', which only a table (csv) has, but it is {given[0]}: remove it.")
    if settings.text is not None and (settings.csv is None or settings.text == settings.label):
        return (f"has 'text', which only a table (csv) has, but it is {given[0]}: remove it." if settings.csv is None
                else f"names {settings.text[:80]!r} as both 'text' and 'label': name the column with the texts.")
    for path in (settings.csv, settings.npz, settings.folder, settings.stand_in, (settings.python or "").split(":")[0]):
        if path and (path.startswith(("/", "~")) or "\\" in path or ".." in PurePosixPath(path).parts):
            return f"names {path[:80]!r}, but a relative path without .. is expected: move the data there."
    if settings.python is not None and not _FUNCTION.fullmatch(settings.python):
        return f"names the function {settings.python[:80]!r}, but file.py:function is expected: correct it."
    columns = [rule.column for rule in (settings.test, settings.holdout) if rule is not None and rule.column]
    if columns and settings.csv is None:
        return f"names the column {columns[0]!r}, which only a table (csv) has, but it is {given[0]}: remove it."
    if settings.test is not None and settings.keras is not None:
        return "has 'test', but data sets of Keras have a test part: remove it."
    if settings.holdout.rows is not None and settings.holdout.column is not None:
        return "has both 'rows' and 'column' in 'holdout': keep one."
    return None
