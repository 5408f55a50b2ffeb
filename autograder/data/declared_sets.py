"""The data sets that a course declares, each as a `Dataset`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import OWN, Course, DatasetSettings
from autograder.data.array_files import read_arrays, read_function
from autograder.data.csv_tables import read_table
from autograder.data.data_set import MNIST, STAND_IN, DataSet, Dataset, Places, Progress
from autograder.data.dataset import Mnist
from autograder.data.divide import Raw, divide
from autograder.data.image_folders import read_folder
from autograder.data.keras_sets import file_of, make_raw, read_keras_set
from autograder.data.keras_stand_ins import make_arrays
from autograder.errors import DataError

MAX_LISTED = 50_000


def find_dataset(course: Course, name: str) -> Dataset:
    """Return a data set that `course.yml` declares, or MNIST.

    Raises:
        DataError: nobody declared it.
    """
    if name == MNIST:
        return Mnist()
    if name not in course.datasets:
        raise DataError(f"The data set {name[:60]!r} was expected under 'datasets' in course.yml, which has "
                        f"{', '.join(course.datasets) or 'none'}; declare it there.")
    return Declared(name=name, settings=course.datasets[name])


def is_loaded_by_notebooks(course: Course, name: str) -> bool:
    """Whether notebooks load or contain the data themselves, so that students get no file of it."""
    return name in (OWN, MNIST) or course.datasets[name].keras is not None


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A data set of `datasets:` in `course.yml`."""

    name: str
    settings: DatasetSettings

    def files(self, places: Places) -> tuple[Path, ...]:
        """Return the files of the data folder, or of the course where a function makes the data."""
        path = self._path(places)
        if path is None:
            return ()
        if not path.is_dir():
            return (path,)
        found = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        return tuple(found[:MAX_LISTED])

    def read(self, places: Places) -> DataSet:
        """Return the real data.

        Raises:
            DataError: it is not there, damaged, or does not fit what `course.yml` says about it.
        """
        path = self._path(places)
        if path is None:
            raise DataError(self._missing(places))
        return divide(self.name, self.settings, self._read(path, places))

    def stand_in(self, places: Places, progress: Progress | None = None) -> DataSet:
        """Return data made for a data set of Keras or by the course's function, else that of `stand_in`.

        Where the real data is here and `stand_in` names none, the real data: a table in the course needs no other one.

        Raises:
            DataError: there is none.
        """
        settings = self.settings
        # Named rows are rows of the real data: the stand-in may have fewer.
        rules = settings.holdout.model_copy(update={"rows": None})
        drawn = settings.model_copy(update={"holdout": rules})
        if settings.stand_in is not None:
            path = places.course / settings.stand_in
            if not path.exists():
                raise DataError(f"datasets.{self.name}.stand_in in course.yml names {settings.stand_in}, but there "
                                "is no such file in the course; add it, or correct the name.")
            raw = self._read(path, places)
        elif settings.keras is not None:
            raw = make_raw(settings.keras, make_arrays(settings.keras, places.cache, progress))
        elif settings.python is not None:
            raw = read_function(self.name, settings, places)
        elif (here := self._path(places)) is not None:
            raw = self._read(here, places)
        else:
            raise DataError(f"{self._missing(places)[:-1]}, or name a small file of the same form as "
                            f"datasets.{self.name}.stand_in for tests.")
        return divide(STAND_IN, drawn, raw, declared=self.name)

    def _path(self, places: Places) -> Path | None:
        """Return the file or folder of the real data, that of the first data folder that has it; None: none has."""
        settings = self.settings
        if settings.python is not None:
            path = places.course / settings.python.split(":")[0]
            return path if path.exists() else None
        found = [file_of(settings.keras, folder) if settings.keras else folder / settings.source
                 for folder in places.folders]
        return next((path for path in found if path.exists()), None)

    def _read(self, path: Path, places: Places) -> Raw:
        settings = self.settings
        match settings.kind:
            case "keras":
                return read_keras_set(str(settings.keras), path)
            case "csv":
                return read_table(self.name, settings, path)
            case "npz":
                return read_arrays(self.name, path)
            case "folder":
                return read_folder(self.name, path)
            case _:
                return read_function(self.name, settings, places)

    def _missing(self, places: Places) -> str:
        settings = self.settings
        if settings.python is not None:
            return (f"datasets.{self.name}.python in course.yml names {settings.source.split(':')[0]}, but there is "
                    "no such file in the course; write it, or correct the name.")
        wanted = f"{settings.keras}.npz" if settings.keras else settings.source
        where = "but there is no data folder (course.yml `data`, or AUTOGRADER_DATA)" if not places.folders else \
            "but it is not there"
        fix = f"run `autograder data fetch {self.name}`" if settings.keras else "put it there"
        return f"The data set {self.name} was expected as {wanted} in the data folder, {where}; {fix}."
