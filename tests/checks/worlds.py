"""Made-up work of students for the hidden checks of every assignment: junk in every name, or only NaN."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.artifacts import (
    ArrayRef,
    ArrayValue,
    CallOutcome,
    Checkpoint,
    CompileSpec,
    Drawn,
    Evaluation,
    Field,
    Figures,
    FigureValue,
    Fit,
    FunctionValue,
    HistoryValue,
    LayerSpec,
    MappingValue,
    ModelRecord,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    Series,
    TextValue,
    Validation,
    Value,
)
from autograder.artifacts.sampling import sample_indices
from autograder.checks import calls_by_task
from autograder.checks.case import Case
from autograder.checks.ground_truth import CourseData, Holdout, Maximum, Minimum
from autograder.checks.outcome import Evidence
from autograder.checks.request import JudgeRequest, Proof
from autograder.checks.spec import read_spec
from autograder.checks.student import Student
from autograder.model import CheckSpec

HIDDEN = Path(__file__).resolve().parents[1] / "hidden"
KEY = "aa"
TRAIN, TEST = 60_000, 10_000
PUBLIC = TEST // 2
SHAPES = [(TRAIN, 784), (TEST, 784), (TRAIN, 28, 28, 1), (TRAIN, 28, 28), (6000, 784), (TRAIN, 10), (TEST, 10), (TEST,),
          (TRAIN,), (10, 10), (10,), (4, 10), (4,), (7,), (2,), (1,), (), (0, 3), (0,), (150, 3), (150, 4), (150,),
          (1000, 2), (1000,), (250, 2), (625, 2), (625,), (25, 25), (400,), (400, 1), (1, 1), (2, 3), (100,), (90, 90),
          (3, 6, 4, 1), (3, 1, 6, 4)]
NUMBERS = [0, 1, -1, 0.5, 3.7, 2, 7, 8, 26, 28, 600, 10**400, -(10**400), 1e308, float("nan"), float("inf"),
           -float("inf")]
FILLS: list[Callable[[tuple[int, ...]], Any]] = [
    np.zeros, np.ones, lambda shape: np.full(shape, np.nan), lambda shape: np.full(shape, np.inf),
    lambda shape: np.full(shape, 1e308), lambda shape: np.full(shape, -1.0), np.random.random,
    lambda shape: np.random.randint(0, 10, shape), lambda shape: np.full(shape, 200, "uint8"),
    lambda shape: np.random.random(shape).astype("float16"), lambda shape: np.random.random(shape) > 0.5,
]


@dataclass(frozen=True)
class Check:
    """One hidden check, to be called outside pytest."""

    spec: CheckSpec
    function: Callable[..., None]


def checks_of(assignment: str) -> list[Check]:
    """Return the hidden checks of an assignment."""
    found = []
    for path in sorted((HIDDEN / assignment).glob("test_*.py")):
        made = importlib.util.spec_from_file_location(f"hidden_{assignment}_{path.stem}".replace("-", "_"), path)
        assert made is not None and made.loader is not None
        module = importlib.util.module_from_spec(made)
        made.loader.exec_module(module)
        for name, item in vars(module).items():
            if name.startswith("test_"):
                marker = item.pytestmark[0]
                found.append(Check(read_spec(name, item.__doc__, marker.args, marker.kwargs), item))
    return found


def course_data() -> tuple[CourseData, Holdout]:
    """Return random digits with MNIST's shapes, and labels that are no secret here."""
    made = np.random.default_rng(5)
    images = made.integers(0, 256, (TRAIN, 28, 28), dtype=np.uint8)
    half = made.integers(0, 10, PUBLIC, dtype=np.uint8)
    test = np.concatenate([images[:PUBLIC], images[:PUBLIC]])
    data = CourseData(train_images=images, train_labels=made.integers(0, 10, TRAIN, dtype=np.uint8), test_images=test,
                      test_labels=np.concatenate([half, half]), name="mnist", is_true=True)
    return data, Holdout(test_labels=half, labels=made.integers(0, 10, PUBLIC, dtype=np.uint8))


class Bounds:
    """A reference in which everything is calibrated, at bounds that random work does not reach."""

    def minimum(self, metric: str) -> Minimum:
        """Return a minimum."""
        return Minimum(metric=metric, value=0.9, low=0.92, high=0.95)

    def maximum(self, metric: str) -> Maximum:
        """Return a maximum."""
        return Maximum(metric=metric, value=0.01, low=0.001, high=0.009)


class Names(dict[str, Value]):
    """A namespace in which every name is there."""

    def __init__(self, make: Callable[[str], Value]) -> None:
        super().__init__()
        self._make = make

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Value:
        return self.setdefault(name, self._make(name))

    def get(self, name: str, default: Any = None) -> Any:
        """Return what the name holds: there is always something."""
        return self[name]


def array_value(values: np.ndarray[Any, Any]) -> ArrayValue:
    """Return an array as the reader gives it: its sampled rows, the statistics as a student's process would claim."""
    indices = sample_indices(KEY, len(values), 64) if values.ndim else np.arange(0)
    rows = values[indices] if values.ndim and values.size else None
    return ArrayValue(type="numpy.ndarray", shape=values.shape, dtype=values.dtype.name, minimum=None, maximum=None,
                      mean=None, deviation=None, nan=0, inf=0, fingerprint=f"{values.shape}",
                      rows=rows, indices=None if rows is None else indices)


class World:
    """What one student left behind: every name, call and model is there, made by the functions of a subclass."""

    def __init__(self, data: CourseData, holdout: Holdout, sizes: Mapping[str, float]) -> None:
        self.data, self.holdout, self.sizes = data, holdout, sizes

    def value(self, name: str) -> Value:
        """Return what a name holds."""
        raise NotImplementedError

    def record(self) -> ModelRecord:
        """Return the state of a model."""
        raise NotImplementedError

    def outcome(self) -> CallOutcome:
        """Return what a call returned."""
        raise NotImplementedError

    def outputs(self) -> np.ndarray[Any, Any]:
        """Return what a model answers."""
        raise NotImplementedError

    def training(self) -> tuple[Fit, ...]:
        """Return the calls of `fit`."""
        return ()

    def weights(self) -> str | None:
        """Return the fingerprint of a model's weights."""
        return None

    def figures(self) -> Figures | None:
        """Return the record of figures."""
        return Figures(printed={})

    def judge(self, check: Check, declared: Mapping[str, Any]) -> Evidence:
        """Run one check in this world; raises what the check raises."""
        names = Names(self.value)
        checkpoints = {}
        for task in {check.spec.task, *declared, "train", "first-fit"}:
            checkpoints[task] = Checkpoint(task=task, cell=1, names=names, fits=self.training(),
                                           evaluations=(self.evaluation(),))
        checkpoints[check.spec.task] = checkpoints.pop(check.spec.task)  # the last one is that of the check
        everything = SimpleNamespace(get=lambda key: self.outcome())
        artifacts: Any = SimpleNamespace(checkpoints=checkpoints, model=lambda _: self.record(), problems=(),
                                         weights_fingerprint=lambda _: self.weights(),
                                         calls=lambda task: everything, figures=self.figures())
        request = JudgeRequest(artifacts=Path(), sampling_key=KEY, reached=tuple(checkpoints),
                               cells={check.spec.task: (1,)},
                               proofs=tuple(Proof(model=number, version=1, penalties=True) for number in (1, 2)))
        case = Case(request=request, artifacts=artifacts, data=self.data, holdout=self.holdout,
                    reference=Bounds())  # type: ignore[arg-type]  # replaces the reference
        object.__setattr__(case, "outputs", lambda *_: self.outputs())
        evidence = Evidence()
        fixtures = {"student": Student(case, check.spec.task, evidence, declared), "data": self.data,
                    "holdout": self.holdout, "reference": Bounds(), "sizes": self.sizes}
        wanted = check.function.__code__.co_varnames[: check.function.__code__.co_argcount]
        check.function(**{name: fixtures[name] for name in wanted})
        return evidence

    @staticmethod
    def evaluation() -> Evaluation:
        """Return a call of `evaluate` on data that nobody knows."""
        return Evaluation(model=1, x=ArrayRef(), y=ArrayRef())


class Nothing(World):
    """NaN in every array, output and weight, and one typed number: whoever is paid here is paid for nothing."""

    def __init__(self, data: CourseData, holdout: Holdout, sizes: Mapping[str, float], *, shape: tuple[int, ...],
                 typed: bool) -> None:
        super().__init__(data, holdout, sizes)
        self.shape, self.typed = shape, typed

    def value(self, name: str) -> Value:
        if name.endswith("model"):
            return ModelValue(model=1, version=1)
        if name.startswith(("predict_", "create_", "compile_", "build_", "add_")):
            return FunctionValue(name=name)
        answer = name.islower() and not name.startswith(("confusion", "grid", "sensitivities", "labels", "predict"))
        if self.typed and answer:
            return ScalarValue(type="float", value=5.0)
        return array_value(np.broadcast_to(np.float32(np.nan), self.shape))

    def record(self) -> ModelRecord:
        return model_record(steps=(LayerSpec(class_name="Dense", units=10, activation="softmax"),), finite=False)

    def outcome(self) -> CallOutcome:
        whole = np.broadcast_to(np.nan, self.shape)
        return CallOutcome(value=array_value(whole), whole=whole if whole.size <= 20_000 else None)

    def outputs(self) -> np.ndarray[Any, Any]:
        return np.full((TEST, 10), np.nan, "float32")


def model_record(**changes: Any) -> ModelRecord:
    """Return the record of a model, with some of its parts replaced."""
    fields: dict[str, Any] = {
        "model": 1, "version": 1, "name": "m", "class_name": "Sequential", "built": True, "architecture": {},
        "layers": (), "steps": (), "chain": True, "compile": None, "iterations": 5, "total_parameters": 7,
        "trainable_parameters": 7, "weight_shapes": ((3, 4),), "input_shape": (None, 784), "output_shape": (None, 10),
        "finite": True, "unsupported": None,
    }
    return ModelRecord(**(fields | changes))


class Junk(World):
    """Everything that a name may hold, drawn at random."""

    def __init__(self, data: CourseData, holdout: Holdout, sizes: Mapping[str, float], seed: int) -> None:
        super().__init__(data, holdout, sizes)
        self.random = random.Random(seed)
        np.random.seed(seed)

    def array(self) -> np.ndarray[Any, Any]:
        """Return an array of some shape, type and filling; of long ones one row, repeated."""
        shape = self.random.choice(SHAPES)
        if shape in ((TRAIN, 784), (TRAIN, 28, 28, 1), (TRAIN, 28, 28)) and self.random.random() < 0.5:
            scale = self.random.choice([1, 255, 250, -255])
            return np.broadcast_to((self.data.train_images[:1] / scale).reshape(1, *shape[1:]), shape)
        few = (1, *shape[1:]) if shape[:1] > (700,) else shape
        return np.broadcast_to(np.asarray(self.random.choice(FILLS)(few)), shape)

    def value(self, name: str, depth: int = 2) -> Value:
        choice = self.random.randrange(12)
        if choice < 3:
            return array_value(self.array())
        if choice < 5:
            return ModelValue(model=self.random.choice([1, 1, 2]), version=1)
        if choice < 7:
            number = self.random.choice([*NUMBERS, None, True])
            return ScalarValue(type="x", value=number)
        if choice == 7:
            text = self.random.choice(["", "relu", "overfitting", "x" * 2000, "\n", "SGD"])
            return TextValue(value=text, length=len(text))
        if choice == 8 and depth:
            items = tuple(self.value(name, depth - 1) for _ in range(self.random.choice([0, 1, 2, 4, 7, 10, 60, 200])))
            length = len(items) + self.random.choice([0, 0, 0, 10**9])
            return SequenceValue(items=items, length=length, type=self.random.choice(["list", "tuple", "set"]))
        if choice == 9 and depth:
            keys = self.random.sample(["model_kwargs", "mean_test_score", "SGD", "adam", "", "x"], 4)
            return MappingValue(items={key: self.value(name, depth - 1) for key in keys}, length=4, type="dict")
        if choice == 10:
            curves = {key: tuple(self.random.choices([0.5, float("nan"), 2.0], k=3)) for key in ("loss", "val_loss")}
            return HistoryValue(model=1, fit=1, history=self.random.choice([{}, {"loss": ()}, curves]))
        return self.random.choice([FunctionValue(name="f"), FigureValue(), OtherValue(type="x")])

    def record(self) -> ModelRecord:
        kinds = ["Dense", "Dense", "Dense", "Dropout", "Conv2D", "MaxPooling2D", "Flatten", "BatchNormalization", "Foo"]
        steps = tuple(LayerSpec(
            class_name=self.random.choice(kinds), units=self.random.choice([None, 10, 512]),
            activation=self.random.choice([None, "relu", "softmax", "sigmoid", "linear"]),
            rate=self.random.choice([None, 0.5, float("nan")]), regularizer=self.random.choice([None, None, "L2"]),
            kernel_size=self.random.choice([None, (5, 5)]), pool_size=self.random.choice([None, (2, 2)]),
        ) for _ in range(self.random.choice([0, 1, 3, 6])))
        sides = [None, (), (None,), (None, None), (None, 10), (None, 784), (None, 28, 28, 1), (None, 20)]
        return model_record(
            model=self.random.choice([1, 2]), steps=steps, built=self.random.random() < 0.8,
            chain=self.random.random() < 0.8, finite=self.random.random() < 0.7,
            unsupported=self.random.choice([None, None, None, "a Lambda"]), compile=self.compiled(),
            iterations=self.random.choice([None, 0, 5]), weight_shapes=self.random.choice([(), ((3, 4),)]),
            input_shape=self.random.choice(sides), output_shape=self.random.choice(sides))

    def compiled(self) -> CompileSpec | None:
        """Return how a model was compiled."""
        loss = self.random.choice([None, "categorical_crossentropy", "mean_squared_error", "poisson"])
        return self.random.choice([None, CompileSpec(
            optimizer=self.random.choice([None, "sgd", "adam", "adagrad"]),
            settings={"learning_rate": self.random.choice([None, "x", 0.01, float("nan")])}, loss=loss,
            loss_settings=self.random.choice([{}, {"from_logits": True}, {"label_smoothing": float("nan")}]),
            metrics=self.random.choice([(), ("accuracy",), ("exact_accuracy",)]))])

    def outcome(self) -> CallOutcome:
        chosen = self.random.randrange(8)
        if chosen == 0:
            return CallOutcome(error="TypeError: no", missing=self.random.random() < 0.5)
        if chosen < 3:
            return CallOutcome(value=ModelValue(model=1, version=1))
        if chosen < 6:
            whole = self.array()
            fits = whole.ndim and whole.size <= 20_000
            return CallOutcome(value=array_value(whole), whole=whole if fits else None)
        return CallOutcome(value=self.value("x"))

    def outputs(self) -> np.ndarray[Any, Any]:
        shape = self.random.choice([(TEST, 10), (TEST, 10), (TEST, 10), (TEST, 1), (TEST,), (TEST, 2, 3), (TEST, 12)])
        return np.asarray(self.random.choice(FILLS)(shape)).astype("float32")

    def figures(self) -> Figures | None:
        return self.random.choice([None, Figures(printed={1: 99}), Figures(printed={}, drawn=tuple(self.drawn()))])

    def weights(self) -> str | None:
        return self.random.choice([None, "aa", "bb"])

    def drawn(self) -> Iterator[Drawn]:
        """Yield a few figures of any content."""
        for _ in range(self.random.choice([0, 1, 3])):
            fields = tuple(Field(name=self.random.choice(["", "3d"]), xlabel=self.random.choice(["", "x"]),
                                 series=tuple(self.series())) for _ in range(self.random.choice([0, 1, 2])))
            yield Drawn(cell=1, picture=self.random.random() < 0.2, fields=fields)

    def series(self) -> Iterator[Series]:
        """Yield what may be in a field, numbers missing, of other lengths, or none at all."""
        for _ in range(self.random.choice([0, 1, 4])):
            row = self.random.choice([None, np.zeros(0), np.full(3, np.nan), np.full(784, 1e308), np.arange(784.0)])
            kind = self.random.choice(["line", "scatter", "image", "surface", "bar", "other"])
            sides = self.random.choice([(), (28, 28), (14, 14, 4), (3,), (784, 0, 1)])
            yield Series(kind=kind, x=row, y=row, z=self.random.choice([row, None, np.zeros(2)]), values=row,
                         shape=sides, count=self.random.choice([0, 3]))

    def training(self) -> tuple[Fit, ...]:
        return tuple(self.fits())

    def fits(self) -> Iterator[Fit]:
        """Yield a few calls of `fit`."""
        for _ in range(self.random.choice([0, 1, 1, 2])):
            x, y = (ArrayRef(fingerprint=self.random.choice([None, f"{shape}"]), shape=shape, dtype="float32")
                    for shape in self.random.choices([None, (), (TEST, 784), (150, 4)], k=2))
            split = self.random.choice([None, 0.2, float("nan"), 5.0])
            yield Fit(fit=1, model=1, x=x, y=y, batch_size=self.random.choice([None, 0, 32, 10**9]),
                      epochs=self.random.choice([None, 1, 10**9]), initial_epoch=0,
                      validation=self.random.choice([None, Validation(x=x, y=y), Validation(split=split)]),
                      callbacks=self.random.choice([(), ("EarlyStopping",)]), completed=self.random.random() < 0.8,
                      history=self.random.choice([{}, {"loss": (1.0,)}]))


def declared_calls(checks: list[Check]) -> Mapping[str, Any]:
    """Return the calls of an assignment by task."""
    return calls_by_task(check.spec for check in checks)
